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
} from './key-records.ts';

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
  /**
   * Pairs of record number and hash of its name; open addressing, a power of two of pairs, at most half full.
   * The hash stands beside the number so that a look at another key's slot ends there, without a walk to its bytes far away.
   */
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
    this.#slots = new Int32Array(capacity * 4).fill(EMPTY);
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
    const found = this.#slots[this.#findSlot(hashName(encoded, 0, encoded.length), encoded, 0, encoded.length)]!;
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
    if (this.#count * 4 >= this.#slots.length || this.#count >= this.#offsets.length) this.#grow();
    const nameAt = at + NAME_AT;
    const end = nameEnd(this.#bytes, nameAt);
    const hash = hashName(this.#bytes, nameAt, end);
    const slot = this.#findSlot(hash, this.#bytes, nameAt, end);
    const known = this.#slots[slot]!;
    if (known !== EMPTY) return known;
    this.#offsets[this.#count] = at;
    this.#slots[slot] = this.#count;
    this.#slots[slot + 1] = hash;
    return this.#count++;
  }

  #grow(): void {
    const offsets = new Uint32Array(this.#offsets.length * 2);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
    const older = this.#slots;
    this.#slots = new Int32Array(offsets.length * 4).fill(EMPTY);
    const mask = this.#slots.length - 2;
    for (let from = 0; from < older.length; from += 2) {
      if (older[from] === EMPTY) continue;
      let slot = (older[from + 1]! << 1) & mask;
      while (this.#slots[slot] !== EMPTY) slot = (slot + 2) & mask;
      this.#slots[slot] = older[from]!;
      this.#slots[slot + 1] = older[from + 1]!;
    }
  }

  #findAt(nameAt: number): number {
    const end = nameEnd(this.#bytes, nameAt);
    return this.#slots[this.#findSlot(hashName(this.#bytes, nameAt, end), this.#bytes, nameAt, end)]!;
  }

  /** The slot that holds a name, or the empty one where it belongs. */
  #findSlot(hash: number, name: Uint8Array, from: number, to: number): number {
    const mask = this.#slots.length - 2;
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const record = this.#slots[slot]!;
      if (record === EMPTY) return slot;
      if (this.#slots[slot + 1] === hash && this.#isNamed(record, name, from, to)) return slot;
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
  return hash ^ (hash >>> 13);
}
