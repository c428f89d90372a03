import { ArchiveError } from './errors.ts';

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type FondsId = Id<'fonds'>;
export type UnitId = Id<'unit'>;
export type AccountId = Id<'account'>;
export type SubjectId = Id<'subject'>;
export type DossierId = Id<'dossier'>;
export type MaterialId = Id<'material'>;
export type PageId = Id<'page'>;
export type EntryId = Id<'entry'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Makes a version 7 UUID: 48 bits of UTC milliseconds, then 74 random bits, so ids sort by time of birth.
 * @param unixMs milliseconds since 1970 UTC
 * @param random at least 10 random bytes
 * Source: RFC 9562 section 5.7.
 */
export function makeUuidV7(unixMs: number, random: Uint8Array): string {
  const hex = (n: number, width: number) => n.toString(16).padStart(width, '0');
  const time = hex(Math.floor(unixMs), 12);
  const r = [...random.subarray(0, 10)].map((b) => hex(b, 2)).join('');
  const variant = hex(0x8 | (Number.parseInt(r.slice(3, 4), 16) & 0x3), 1);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${r.slice(0, 3)}-${variant}${r.slice(4, 7)}-${r.slice(7, 19)}`;
}

/** Parses an id from outside. @throws ArchiveError `id/malformed` (caller) when it is not a lower-case UUID. */
export function parseId<T extends Id<string>>(text: string): T {
  if (!UUID.test(text)) throw new ArchiveError('id/malformed', 'caller');
  return text as T;
}

/** The 16 bytes of a UUID. */
export function uuidBytes(id: string): Uint8Array {
  const hex = id.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16));
}
