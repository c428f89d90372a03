import { employmentsOf, studiesOf } from './check-work.ts';
import type { KeyFactMaterial } from './model.ts';
import { formatMonth } from './months.ts';

/** A row of the career (履历): a time of study or of employment, as the materials give it. */
export interface CareerRow {
  readonly kind: 'study' | 'work';
  /** First and last month, `1998-09`. */
  readonly from: string;
  readonly to: string;
  /** School or unit, in the page's words; empty where none is named. */
  readonly place: string;
  /** Materials that say so. */
  readonly materialIds: readonly string[];
}

/**
 * What the materials tell of study and work, in order of time: the rows between which gaps and overlaps are looked for. Materials of one place that
 * meet are one row. Source: domain rules §3.5.
 */
export function careerOf(materials: readonly KeyFactMaterial[]): CareerRow[] {
  const rowsOf = (kind: CareerRow['kind'], stretches: ReturnType<typeof studiesOf>) =>
    stretches.map(({ span, place, materialIds }) => ({
      kind,
      from: formatMonth(span.from),
      to: formatMonth(span.to),
      place,
      materialIds,
    }));
  const rows = [...rowsOf('study', studiesOf({ materials })), ...rowsOf('work', employmentsOf({ materials }))];
  return rows.sort((a, b) => a.from.localeCompare(b.from) || a.to.localeCompare(b.to));
}
