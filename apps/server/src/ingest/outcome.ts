/** What became of one file: the line that `lantai import --json` prints and the upload page shows. */
export interface FileOutcome {
  /** Path below what was imported. It may name a person: shown to the importer, never logged. */
  readonly file: string;
  readonly outcome: 'pages' | 'refused' | 'duplicate' | 'needs_person' | 'kept';
  readonly pages: number;
  /** Stable code of a refusal, a finding or a duplicate; null when all is well. */
  readonly code: string | null;
  /** Numbers and codes that the words of the code need. */
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}
