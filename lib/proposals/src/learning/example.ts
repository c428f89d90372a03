/** What the rules proposed of a material; null: nothing. */
export interface Ruled {
  readonly classCode: string | null;
  readonly class01: number;
  /** Kind of its title ({@link kindOfTitle}). */
  readonly title: string | null;
  readonly title01: number;
}

/** What stood when a person confirmed the material. */
export interface Stood {
  readonly classCode: string;
  readonly title: string;
}

/** A proposal that a person settled: what it looked like, what the rules made of it, and what stood in the end. */
export interface Example {
  /** Traits as keyed 32-bit hashes, each once. INVARIANT: never the words themselves. */
  readonly features: readonly number[];
  /** Keyed hash of what the rules went by. */
  readonly signature: number;
  /** Examples of one dossier bear one number. */
  readonly dossier: number;
  readonly ruled: Ruled;
  readonly stood: Stood;
  /** When it was settled, in milliseconds since 1970. */
  readonly atMs: number;
}
