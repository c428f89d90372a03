import { ArchiveError, assert } from '@lantai/values';
import type { KeyKind, KeyName, KeyRecord } from '@lantai/vault';

// docs/spec/key-store.md, the records inside a frame. All numbers are big-endian.

/** Bytes of a wrapped key. */
export const WRAPPED_LENGTH = 40;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

const KINDS: readonly KeyKind[] = ['fonds', 'dossier', 'purpose'];
const NO_PARENT = 0;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_LENGTH = 16;

/** A name: kind, length of the id, id. A UUID is 16 bytes under length 0, any other id its ASCII. */
export function encodeName({ kind, id }: KeyName): Uint8Array {
  const kindByte = KINDS.indexOf(kind) + 1;
  if (id.length === 36 && UUID.test(id)) {
    const out = new Uint8Array(2 + UUID_LENGTH);
    out[0] = kindByte;
    for (let i = 0, at = 2; i < 36; i += 2) {
      if (id.charCodeAt(i) === 0x2d) i++;
      out[at++] = (hexDigit(id.charCodeAt(i)) << 4) | hexDigit(id.charCodeAt(i + 1));
    }
    return out;
  }
  return Uint8Array.from([kindByte, id.length, ...Array.from(id, (char) => char.charCodeAt(0))]);
}

const hexDigit = (code: number): number => (code < 0x3a ? code - 0x30 : code - 0x57);

/** Where the name that starts at `at` ends. */
export const nameEnd = (bytes: Uint8Array, at: number): number => at + 2 + (bytes[at + 1] || UUID_LENGTH);

/** The name at `at`; null where a parent is absent. */
export function decodeName(bytes: Uint8Array, at: number): KeyName | null {
  if (bytes[at] === NO_PARENT) return null;
  const kind = KINDS[bytes[at]! - 1];
  if (!kind) throw new ArchiveError('key/store-corrupt', 'corruption', { reason: 'kind' });
  const id = bytes.subarray(at + 2, nameEnd(bytes, at));
  if (bytes[at + 1] !== 0) return { kind, id: String.fromCharCode(...id) };
  const hex = Buffer.from(id.buffer, id.byteOffset, id.length).toString('hex');
  return { kind, id: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` };
}

/** Types of records: a key made; a key destroyed; a key made and destroyed whose wrapped bytes were left out when the file was written anew. */
export const RECORD = { made: 1, destroyed: 2, erased: 3 } as const;
/** Offset of the name inside a record: type, then 48 bits of milliseconds. */
export const NAME_AT = 7;

function encodeTime(ms: number): Uint8Array {
  const bytes = new Uint8Array(6);
  const view = viewOf(bytes);
  view.setUint16(0, Math.floor(ms / 2 ** 32));
  view.setUint32(2, ms >>> 0);
  return bytes;
}

const readTime = (bytes: Uint8Array, at: number): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 6);
  return view.getUint16(0) * 2 ** 32 + view.getUint32(2);
};

const encodeParent = (parent: KeyName | null): Uint8Array => (parent ? encodeName(parent) : Uint8Array.of(NO_PARENT));

function joinRecord(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(1 + parts.reduce((sum, part) => sum + part.length, 0));
  out[0] = type;
  let at = 1;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Record of a key made. */
export function encodeMade(name: KeyName, parent: KeyName | null, createdAtMs: number, wrapped: Uint8Array): Uint8Array {
  assert(wrapped.length === WRAPPED_LENGTH, 'a wrapped key has 40 bytes');
  return joinRecord(RECORD.made, [encodeTime(createdAtMs), encodeName(name), encodeParent(parent), wrapped]);
}

/** Record of a key destroyed. */
export function encodeDestroyed(name: KeyName, destroyedAtMs: number): Uint8Array {
  return joinRecord(RECORD.destroyed, [encodeTime(destroyedAtMs), encodeName(name)]);
}

/** Record that replaces both of the above when the file is written anew. */
export function encodeErased({ kind, id, parent, createdAtMs, destroyedAtMs }: KeyRecord): Uint8Array {
  const name = encodeName({ kind, id });
  return joinRecord(RECORD.erased, [encodeTime(createdAtMs), name, encodeParent(parent), encodeTime(destroyedAtMs ?? createdAtMs)]);
}

/** Places inside the record at `at`. `parentAt` and `wrappedAt` are -1 where the record has none. */
export interface RecordPlaces {
  readonly type: number;
  readonly parentAt: number;
  readonly wrappedAt: number;
  /** Where the destroying time stands, or -1. */
  readonly destroyedTimeAt: number;
  readonly end: number;
}

/** Takes the record at `at` apart. @throws ArchiveError `key/store-corrupt` (corruption) for a type this version does not know. */
export function placesOf(bytes: Uint8Array, at: number): RecordPlaces {
  const type = bytes[at]!;
  const afterName = nameEnd(bytes, at + NAME_AT);
  if (type === RECORD.destroyed) return { type, parentAt: -1, wrappedAt: -1, destroyedTimeAt: at + 1, end: afterName };
  const afterParent = bytes[afterName] === NO_PARENT ? afterName + 1 : nameEnd(bytes, afterName);
  if (type === RECORD.made) {
    return { type, parentAt: afterName, wrappedAt: afterParent, destroyedTimeAt: -1, end: afterParent + WRAPPED_LENGTH };
  }
  if (type === RECORD.erased) return { type, parentAt: afterName, wrappedAt: -1, destroyedTimeAt: afterParent, end: afterParent + 6 };
  throw new ArchiveError('key/store-corrupt', 'corruption', { reason: 'record-type', type });
}

/** Where the record at `at` ends; {@link placesOf} without an object, for walking millions. */
export function recordEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== RECORD.made) return placesOf(bytes, at).end;
  const afterName = nameEnd(bytes, at + NAME_AT);
  return (bytes[afterName] === NO_PARENT ? afterName + 1 : nameEnd(bytes, afterName)) + WRAPPED_LENGTH;
}

/** Where the name of the parent stands in the record at `at`; -1 when it has none. */
export function parentPlace(bytes: Uint8Array, at: number): number {
  if (bytes[at] === RECORD.destroyed) return -1;
  const afterName = nameEnd(bytes, at + NAME_AT);
  return bytes[afterName] === NO_PARENT ? -1 : afterName;
}

/** When the key of the record at `at` was made (destroyed, for a record of type `destroyed`). */
export const recordTimeMs = (bytes: Uint8Array, at: number): number => readTime(bytes, at + 1);

/** The destroying time of a record that has one. */
export const destroyedTimeMs = (bytes: Uint8Array, places: RecordPlaces): number => readTime(bytes, places.destroyedTimeAt);
