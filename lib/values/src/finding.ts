/** How much a finding weighs: an error blocks filing, a warning asks for a look, info is only recorded. */
export type Severity = 'error' | 'warning' | 'info';

/** A rectangle [x, y, width, height] in pixels of the image named beside it, origin top-left. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** The result of a check (检查结果). Checks return findings and never throw. Words are looked up by `code` in zh and en. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  /** Place on the page, when there is one. */
  readonly box?: Box;
  /** Measured values and limits; never personal data. */
  readonly params?: Readonly<Record<string, string | number | boolean>>;
}
