import type { Entry } from '@lantai/log';
import { findLooks, formatViewNumber, timeOfNumberMs } from '@lantai/marks';
import type { Output } from '../output.ts';

/** What was asked of a printed number: the looks among the proved entries that it names. */
export interface LookAnswer {
  readonly number: bigint;
  readonly looks: readonly Entry[];
}

/** Seeks the looks of a printed number among proved entries; null when no number was given. */
export const seekLooks = (number: bigint | null, proved: readonly Entry[]): LookAnswer | null =>
  number === null ? null : { number, looks: findLooks(proved, number) };

/** The answer as JSON. */
export const looksJson = (answer: LookAnswer | null): Record<string, unknown> =>
  answer === null
    ? {}
    : { number: formatViewNumber(answer.number), isLookProved: answer.looks.length > 0, looks: answer.looks.map((entry) => entry.id) };

/** Says which looks of a printed number were proved: two may share it, and then both are named. */
export function sayLooks(out: Output, { number, looks }: LookAnswer): void {
  const params = { number: formatViewNumber(number), at: new Date(timeOfNumberMs(number)).toISOString() };
  for (const entry of looks) out.line(`✓ ${out.words('verify/look-proved', { ...params, entry: entry.id })}`);
  if (!looks.length) out.line(`✗ ${out.words('verify/look-absent', params)}`);
}
