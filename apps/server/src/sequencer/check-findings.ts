import type { Finding, Severity } from '@lantai/values';

/** Collects findings of a walk, at most `limit` of each code, and says how many more there were. */
export class FindingList {
  readonly #limit: number;
  readonly #findings: Finding[] = [];
  readonly #counts = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(severity: Severity, code: string, params: Readonly<Record<string, string | number | boolean>>): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count <= this.#limit) this.#findings.push({ code, severity, params });
  }

  /** All findings, with `log/more-findings` for each code that was cut. */
  toArray(): Finding[] {
    const cut = [...this.#counts].filter(([, count]) => count > this.#limit);
    return [
      ...this.#findings,
      ...cut.map(
        ([about, count]): Finding => ({ code: 'log/more-findings', severity: 'info', params: { about, count: count - this.#limit } }),
      ),
    ];
  }
}
