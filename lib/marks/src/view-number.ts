import { ArchiveError } from '@lantai/values';

/** Bits of a view's number: 42 of time, 18 of chance. Fits a bigint of 60 bits; times until the year 2109. */
export const NUMBER_BITS = 60;
const CHANCE_BITS = 18n;
/** Crockford's base 32: no I, L, O or U, so that it can be read from a photograph and typed. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const NUMBER_DIGITS = 12;

/**
 * The number that marks carry for a view: out of the id of its entry (UUID version 7), the low 42 bits of the time in milliseconds and the
 * first 18 random bits behind the variant. It needs no table: {@link entryRangeOfNumber} finds the entry by its primary key.
 * @throws ArchiveError `mark/entry-id` (caller) when the id is no UUID of version 7
 */
export function numberOfEntry(entryId: string): bigint {
  const hex = entryId.replaceAll('-', '');
  if (!/^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/.test(hex)) throw new ArchiveError('mark/entry-id', 'caller');
  const time = BigInt(`0x${hex.slice(0, 12)}`) & ((1n << 42n) - 1n);
  const chance = (BigInt(`0x${hex.slice(16)}`) >> (62n - CHANCE_BITS)) & ((1n << CHANCE_BITS) - 1n);
  return (time << CHANCE_BITS) | chance;
}

/** Kinds of entries that are looks. Source: docs/spec/marks.md, "Number of a look". */
export const LOOK_KINDS: readonly string[] = ['page.viewed', 'thumbnails.viewed', 'page.printed', 'page.copied'];

/** The looks among entries that a number names, in their order: seldom more than one. No other kind of entry is a look, whatever its id. */
export function findLooks<E extends { readonly id: string; readonly kind: string }>(entries: readonly E[], number: bigint): E[] {
  return entries.filter(({ id, kind }) => LOOK_KINDS.includes(kind) && isEntryOfNumber(id, number));
}

/** Whether an entry's id has this number; false for an id of another version, which no look has. */
export function isEntryOfNumber(entryId: string, number: bigint): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/.test(entryId) && numberOfEntry(entryId) === number;
}

/** When the view was opened, milliseconds since 1970 UTC. */
export const timeOfNumberMs = (number: bigint): number => Number(number >> CHANCE_BITS);

/** First and last entry id that may bear this number; {@link numberOfEntry} of what lies between decides. */
export function entryRangeOfNumber(number: bigint): { readonly from: string; readonly to: string } {
  const time = (number >> CHANCE_BITS).toString(16).padStart(12, '0');
  const head = `${time.slice(0, 8)}-${time.slice(8)}`;
  return { from: `${head}-7000-8000-000000000000`, to: `${head}-7fff-bfff-ffffffffffff` };
}

/** As it is printed: twelve digits of Crockford's base 32 in groups of four, `01JD-9K3Z-T5QW`. */
export function formatViewNumber(number: bigint): string {
  let text = '';
  for (let i = NUMBER_DIGITS - 1; i >= 0; i--) text += DIGITS[Number((number >> BigInt(5 * i)) & 31n)];
  return text.replace(/(.{4})(.{4})(.{4})/, '$1-$2-$3');
}

/** Reads a printed number as people type it: any case, with or without dashes, O for 0, I and L for 1. Null when it is none. */
export function findViewNumber(text: string): bigint | null {
  const plain = text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (plain.length !== NUMBER_DIGITS) return null;
  let number = 0n;
  for (const digit of plain) {
    const value = DIGITS.indexOf(digit);
    if (value < 0) return null;
    number = (number << 5n) | BigInt(value);
  }
  return number;
}
