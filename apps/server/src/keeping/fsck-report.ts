/**
 * What a walk found. `missing` and `altered` are damage; `left_over` is what a crash may leave, and sweeping removes; `conflict` is a right that
 * somebody should not have, for people to settle.
 */
export interface FsckFinding {
  readonly kind: 'missing' | 'altered' | 'left_over' | 'conflict';
  readonly code: string;
  /** Id, address or position of the thing; never a name. */
  readonly what: string;
}

/** Collects findings and counts while the archive is walked. */
export class FsckWalk {
  readonly findings: FsckFinding[] = [];
  objects = 0;
  rows = 0;
  keys = 0;
  entries = 0;
  /** Dossiers that were destroyed by law, with their record: nothing of them is missing. */
  destroyed = 0;
  swept = 0;

  constructor(readonly onProgress: (step: string, done: number, total: number) => void = () => undefined) {}

  add(kind: FsckFinding['kind'], code: string, what: string): void {
    this.findings.push({ kind, code, what });
  }

  /** Whether anything acknowledged is missing or altered. */
  get isDamaged(): boolean {
    return this.findings.some((f) => f.kind === 'missing' || f.kind === 'altered');
  }
}
