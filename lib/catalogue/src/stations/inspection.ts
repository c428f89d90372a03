/** What came of an inspection so far. */
export interface Inspected {
  /** Pages drawn for it. */
  readonly pages: number;
  /** Of them with a verdict. */
  readonly judged: number;
  readonly failed: number;
  /** Defects that no limit lets pass. */
  readonly serious: number;
}

/** `open`: pages wait for a verdict. */
export type InspectionVerdict = 'open' | 'pass' | 'fail';

/**
 * Whether a dossier passes: every page drawn was judged, no defect is serious, and of the pages no more failed than the limit lets.
 * @param limitPercent share of failed pages that is let pass (允许差错率), 0 to 100
 */
export function judgeInspection({ pages, judged, failed, serious }: Inspected, limitPercent: number): InspectionVerdict {
  // A serious defect decides before the rest was looked at; a limit that is passed by now is passed for good.
  if (serious > 0 || failed * 100 > limitPercent * pages) return 'fail';
  return judged < pages ? 'open' : 'pass';
}
