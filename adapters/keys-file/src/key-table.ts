import { assert } from '@lantai/values';
import type { KeyName, KeyRecord } from '@lantai/vault';
import {
  decodeName,
  destroyedTimeMs,
  encodeName,
  NAME_AT,
  nameEnd,
  parentPlace,
  placesOf,
  RECORD,
  recordEnd,
  recordTimeMs,
  WRAPPED_LENGTH,
} from './key-file-format.ts';

const EMPTY = -1;
const START_CAPACITY = 1024;
/** Bytes of a dossier's key under a fonds, both with a UUID. */
const TYPICAL_RECORD_LENGTH = 83;

/**
 * The keys of a file by name, over the bytes of the file themselves: 2,000,000 keys without an object or string for each.
 * A record is named by its number, in the order of the file.
 */
export class KeyTable {
  #bytes: Uint8Array;
  /** Record number by the hash of its name, open addressing; a power of two, at most half full. */
  #slots: Int32Array;
  /** Where each record stands in the bytes. */
  #offsets: Uint32Array;
  #count = 0;
  /** Destroying time by record number. */
  readonly #destroyedAtMs = new Map<number, number>();
  /** Destroyed keys whose wrapped bytes the file still holds. */
  #unerasedCount = 0;

  /** @param bytes the file; records are added by where they stand in it */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    // Room for the records the file can hold, so that opening a large one does not place them again and again.
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(START_CAPACITY, bytes.length / TYPICAL_RECORD_LENGTH)));
    this.#offsets = new Uint32Array(capacity);
    this.#slots = new Int32Array(capacity * 2).fill(EMPTY);
  }

  /** Keys known, the destroyed ones included. */
  get count(): number {
    return this.#count;
  }

  /** Destroyed keys whose wrapped bytes still stand in the file. */
  get unerasedCount(): number {
    return this.#unerasedCount;
  }

  /** The bytes of a file that grew: those known before must be its beginning. */
  replaceBytes(bytes: Uint8Array): void {
    this.#bytes = bytes;
  }

  /** Adds the records between two places of the file. */
  addRecords(start: number, end: number): void {
    let at = start;
    while (at < end) {
      const next = recordEnd(this.#bytes, at);
      assert(next <= end, 'a record ends inside its frame');
      // INVARIANT: the first record of a name counts; a second one, or one after a destruction, changes nothing.
      const record = this.#findOrInsert(at);
      if (this.#bytes[at] !== RECORD.made) this.#markDestroyed(record, destroyedTimeMs(this.#bytes, placesOf(this.#bytes, at)));
      at = next;
    }
  }

  /** Number of the record of a key; null when there is none. */
  findRecord(name: KeyName): number | null {
    const encoded = encodeName(name);
    const found = this.#slots[this.#findSlot(encoded, 0, encoded.length)]!;
    return found === EMPTY ? null : found;
  }

  /** The name of a key's parent; null under the root, and for a key known only as destroyed. */
  parentOf(record: number): KeyName | null {
    const parentAt = parentPlace(this.#bytes, this.#offsets[record]!);
    return parentAt === -1 ? null : decodeName(this.#bytes, parentAt);
  }

  /** The wrapped bytes of a key, 40; null once it was destroyed. */
  findWrapped(record: number): Uint8Array | null {
    if (this.#destroyedAtMs.has(record)) return null;
    const { wrappedAt } = placesOf(this.#bytes, this.#offsets[record]!);
    return wrappedAt === -1 ? null : this.#bytes.subarray(wrappedAt, wrappedAt + WRAPPED_LENGTH);
  }

  /** When a key was destroyed itself; null when it was not. */
  findDestroyedAtMs(record: number): number | null {
    return this.#destroyedAtMs.get(record) ?? null;
  }

  /** True when a key or one above it was destroyed. */
  isDestroyed(record: number): boolean {
    return this.findEndAtMs(record) !== null;
  }

  /** When a key came to its end: destroyed itself, or the nearest destroyed one above it; null when it lives. */
  findEndAtMs(record: number): number | null {
    const own = this.findDestroyedAtMs(record);
    if (own !== null) return own;
    // Parents are written as names are, so they are found without a string in between.
    const parentAt = parentPlace(this.#bytes, this.#offsets[record]!);
    const parentRecord = parentAt === -1 ? EMPTY : this.#findAt(parentAt);
    return parentRecord === EMPTY ? null : this.findEndAtMs(parentRecord);
  }

  /** What is known of a key, without its bytes. */
  describe(record: number): KeyRecord {
    const at = this.#offsets[record]!;
    const name = decodeName(this.#bytes, at + NAME_AT);
    assert(name, 'a record has a name');
    const destroyedAtMs = this.findDestroyedAtMs(record);
    const known = { ...name, parent: this.parentOf(record), createdAtMs: recordTimeMs(this.#bytes, at) };
    return destroyedAtMs === null ? known : { ...known, destroyedAtMs };
  }

  /** The record's bytes as they stand in the file. */
  recordBytes(record: number): Uint8Array {
    const at = this.#offsets[record]!;
    return this.#bytes.subarray(at, placesOf(this.#bytes, at).end);
  }

  #markDestroyed(record: number, atMs: number): void {
    if (this.#destroyedAtMs.has(record)) return;
    const { wrappedAt } = placesOf(this.#bytes, this.#offsets[record]!);
    if (wrappedAt !== -1) this.#unerasedCount++;
    this.#destroyedAtMs.set(record, atMs);
  }

  #findOrInsert(at: number): number {
    if (this.#count * 2 >= this.#slots.length || this.#count >= this.#offsets.length) this.#grow();
    const nameAt = at + NAME_AT;
    const slot = this.#findSlot(this.#bytes, nameAt, nameEnd(this.#bytes, nameAt));
    const known = this.#slots[slot]!;
    if (known !== EMPTY) return known;
    this.#offsets[this.#count] = at;
    this.#slots[slot] = this.#count;
    return this.#count++;
  }

  #grow(): void {
    const offsets = new Uint32Array(this.#offsets.length * 2);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
    this.#slots = new Int32Array(this.#slots.length * 2).fill(EMPTY);
    for (let record = 0; record < this.#count; record++) this.#place(record);
  }

  #place(record: number): void {
    const nameAt = this.#offsets[record]! + NAME_AT;
    const mask = this.#slots.length - 1;
    let slot = hashName(this.#bytes, nameAt, nameEnd(this.#bytes, nameAt)) & mask;
    while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
    this.#slots[slot] = record;
  }

  #findAt(nameAt: number): number {
    return this.#slots[this.#findSlot(this.#bytes, nameAt, nameEnd(this.#bytes, nameAt))]!;
  }

  /** The slot that holds a name, or the empty one where it belongs. */
  #findSlot(name: Uint8Array, from: number, to: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashName(name, from, to) & mask; ; slot = (slot + 1) & mask) {
      const record = this.#slots[slot]!;
      if (record === EMPTY || this.#isNamed(record, name, from, to)) return slot;
    }
  }

  #isNamed(record: number, name: Uint8Array, from: number, to: number): boolean {
    const at = this.#offsets[record]! + NAME_AT;
    for (let i = from; i < to; i++) if (this.#bytes[at + i - from] !== name[i]) return false;
    return true;
  }
}

/** FNV-1a with a final mix: ids are not chosen by strangers, so it need not be keyed. */
function hashName(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
