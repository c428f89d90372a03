import type { ManifestFinding } from '@lantai/catalogue/manifest';
import { FINDINGS_OF_CODE_MAX } from './manifest-plan.ts';

/** Counts findings, and keeps the first of each code: a hundred thousand missing dates are told once. */
export class FindingTally {
  readonly #kept: ManifestFinding[] = [];
  readonly #counts = new Map<string, number>();

  add(findings: readonly ManifestFinding[]): void {
    for (const finding of findings) {
      const count = (this.#counts.get(finding.code) ?? 0) + 1;
      this.#counts.set(finding.code, count);
      if (count <= FINDINGS_OF_CODE_MAX) this.#kept.push(finding);
    }
  }

  /** By row. */
  get findings(): readonly ManifestFinding[] {
    return [...this.#kept].sort((a, b) => a.row - b.row);
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
