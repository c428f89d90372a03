import type { Entry } from '@lantai/log';
import { formatViewNumber, isEntryOfNumber, timeOfNumberMs } from '@lantai/marks';
import type { Output } from '../output.ts';

/** The look among proved entries that a printed number names; null when none is. */
export const findLook = (entries: readonly Entry[], number: bigint): Entry | null =>
  entries.find((entry) => isEntryOfNumber(entry.id, number)) ?? null;

/** Says whether the look of a printed number was proved. */
export function sayLook(out: Output, { number, entry }: { number: bigint; entry: Entry | null }): void {
  const params = { number: formatViewNumber(number), at: new Date(timeOfNumberMs(number)).toISOString() };
  out.line(entry ? `✓ ${out.words('verify/look-proved', { ...params, entry: entry.id })}` : `✗ ${out.words('verify/look-absent', params)}`);
}
