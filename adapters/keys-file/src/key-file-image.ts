import { ArchiveError, concatBytes } from '@lantai/values';
import type { Primitives, RootKey } from '@lantai/vault';
import { FILE_HEADER_LENGTH, MAC_LENGTH, proveFrames, type ReadHeader, readHeader, type Tail } from './key-file-format.ts';
import { KeyTable } from './key-table.ts';

/** The proved part of one key file in memory, with its keys by name. */
export class KeyFileImage {
  readonly header: ReadHeader;
  readonly table: KeyTable;
  readonly #p: Primitives;
  /** The file's bytes up to `end`, and room to grow behind. */
  #buffer: Uint8Array;
  #end: number;
  #frameCount = 0;

  private constructor(p: Primitives, header: ReadHeader, buffer: Uint8Array) {
    this.#p = p;
    this.header = header;
    this.#buffer = buffer;
    this.#end = FILE_HEADER_LENGTH;
    this.table = new KeyTable(buffer);
  }

  /** Proves the bytes of a whole file. The second half says how the file ends after what was proved, or why nothing was. */
  static prove(
    p: Primitives,
    root: RootKey,
    bytes: Uint8Array,
  ): { image: KeyFileImage; tail: Tail } | { image: null; problem: 'malformed' | 'newer' | 'unproved' } {
    const header = readHeader(p, root, bytes);
    if (typeof header === 'string') return { image: null, problem: header };
    const image = new KeyFileImage(p, header, bytes);
    return { image, tail: image.#prove(bytes.length) };
  }

  /** Bytes of the file that are proved. */
  get end(): number {
    return this.#end;
  }

  /** Frames since the file was written, those of its writing included. */
  get frameCount(): number {
    return this.#frameCount;
  }

  /** The file, as far as it is proved. Do not change it. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#end);
  }

  /** The MAC the proved part ends with. It depends on every byte before it. */
  get lastMac(): Uint8Array {
    return this.#buffer.subarray(this.#end - MAC_LENGTH, this.#end);
  }

  /** Takes in bytes that follow in the file, and says how they end. Bytes of a frame not finished are dropped: hand them in again when there are more. */
  extend(bytes: Uint8Array): Tail {
    const length = this.#end + bytes.length;
    if (length > this.#buffer.length) {
      const grown = new Uint8Array(length + Math.max(64 * 1024, length >> 3));
      grown.set(this.bytes);
      this.#buffer = grown;
      this.table.replaceBytes(grown);
    }
    this.#buffer.set(bytes, this.#end);
    return this.#prove(length);
  }

  #prove(length: number): Tail {
    const proved = proveFrames(this.#p, this.header, this.#buffer.subarray(0, length), this.#end, (start, end) =>
      this.table.addRecords(start, end),
    );
    this.#end = proved.end;
    this.#frameCount += proved.frameCount;
    return proved.tail;
  }

  /** True when this file is the beginning of `longer`: the MAC it ends with stands there at the same place. */
  isBeginningOf(longer: KeyFileImage): boolean {
    const { generation, storeId } = longer.header;
    if (this.header.generation !== generation || !isSame(this.header.storeId, storeId) || this.#end > longer.end) return false;
    return isSame(this.lastMac, longer.bytes.subarray(this.#end - MAC_LENGTH, this.#end));
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** A copy of a key file as it was found: nothing there, not provable, or proved up to some place. */
export type FoundCopy =
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly problem: 'malformed' | 'newer' | 'unproved' }
  | { readonly kind: 'proved'; readonly image: KeyFileImage; readonly tail: Tail; readonly lengthBytes: number };

type ProvedCopy = Extract<FoundCopy, { kind: 'proved' }>;

const corrupt = (reason: string) => new ArchiveError('key/store-corrupt', 'corruption', { reason });

/**
 * Decides which of two copies counts (docs/spec/key-store.md, "Which copy counts").
 * The second copy gets a frame only when the first holds it durably, so a crash leaves at most one copy behind or cut, and only by its last frame.
 * @returns 0 or 1. @throws ArchiveError `key/store-missing`, `key/root-mismatch`, `key/store-newer`, `key/store-corrupt`.
 */
export function chooseCopy(found: readonly [FoundCopy, FoundCopy]): 0 | 1 {
  const problems = found.map((copy) => (copy.kind === 'unreadable' ? copy.problem : null));
  if (problems.includes('newer')) throw new ArchiveError('key/store-newer', 'environment');
  const [first, second] = found;
  if (first.kind === 'proved' && second.kind === 'proved') return chooseProved(first, second);
  if (first.kind !== 'proved' && second.kind !== 'proved') {
    if (problems.includes('unproved')) throw new ArchiveError('key/root-mismatch', 'caller');
    if (first.kind === 'missing' && second.kind === 'missing') throw new ArchiveError('key/store-missing', 'environment');
    throw corrupt('both-copies-malformed');
  }
  const at = first.kind === 'proved' ? 0 : 1;
  const only = found[at] as ProvedCopy;
  if (only.tail === 'damaged') throw corrupt('only-copy-damaged');
  return at;
}

function chooseProved(first: ProvedCopy, second: ProvedCopy): 0 | 1 {
  if (!isSame(first.image.header.storeId, second.image.header.storeId)) throw corrupt('copies-of-different-stores');
  const generations = [first.image.header.generation, second.image.header.generation] as const;
  if (generations[0] !== generations[1]) {
    // A file written anew is whole before it gets its name, so a newer one that is not whole was damaged later.
    const newer = generations[0] > generations[1] ? 0 : 1;
    const [best, other] = newer === 0 ? [first, second] : [second, first];
    if (best.tail === 'clean') return newer;
    if (other.tail === 'clean') return newer === 0 ? 1 : 0;
    throw corrupt('both-copies-damaged');
  }
  const longer = second.image.end > first.image.end ? 1 : 0;
  const [best, other] = longer === 0 ? [first, second] : [second, first];
  if (!other.image.isBeginningOf(best.image)) throw corrupt('copies-disagree');
  if (best.tail === 'damaged' || (best.tail === 'cut' && other.tail !== 'clean')) throw corrupt('both-copies-damaged');
  return longer;
}

/** A whole new file: header, then the given frames' bytes. */
export const joinFile = (header: Uint8Array, frames: readonly Uint8Array[]): Uint8Array => concatBytes(header, ...frames);
