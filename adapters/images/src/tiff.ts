import { MAX_IMAGE_FRAMES } from './limits.ts';

// The directories of a TIFF, read before libtiff sees the file: how many pages there are, that their chain ends, and how large they are.
// Source: Adobe TIFF 6.0; BigTIFF by Aware Systems.

/** One directory, the tags used here. Numbers as the file says them. */
export interface TiffDirectory {
  /** Position in the chain, as libtiff counts pages. */
  readonly index: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly compression: number;
  /** A reduced picture or a mask of another page, not a page. */
  readonly isPage: boolean;
  /** Old-style JPEG (compression 6): where a whole JPEG lies, when the file says so. */
  readonly jpegOffset: number | null;
  readonly jpegLength: number | null;
  readonly strips: readonly { offset: number; length: number }[];
  readonly rowsPerStrip: number;
  readonly resolutionDpi: number | null;
  readonly orientation: number;
}

/** The chain of directories, and what is wrong with it. `loops`: a directory points back; `cut`: the chain leaves the file or is too long. */
export interface TiffChain {
  readonly directories: readonly TiffDirectory[];
  readonly fault: 'none' | 'loops' | 'cut' | 'too-many';
}

export const COMPRESSION_OLD_JPEG = 6;
const TYPE_BYTES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};
/** Values of one tag that are read; a page has at most a strip a row. */
const MAX_VALUES = 100_000;

/** Walks the chain; null when the header is none. Never reads outside the file, never loops. */
export function findTiffChain(bytes: Uint8Array): TiffChain | null {
  const file = new TiffFile(bytes);
  let next = file.firstDirectory();
  if (next === null) return null;
  const seen = new Set<number>();
  const directories: TiffDirectory[] = [];
  while (next !== 0) {
    if (seen.has(next)) return { directories, fault: 'loops' };
    if (directories.length >= MAX_IMAGE_FRAMES) return { directories, fault: 'too-many' };
    seen.add(next);
    const read = file.readDirectory(next, directories.length);
    if (!read) return { directories, fault: 'cut' };
    directories.push(read.directory);
    next = read.next;
  }
  return { directories, fault: 'none' };
}

class TiffFile {
  readonly #view: DataView;
  readonly #little: boolean;
  readonly #big: boolean;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#little = bytes[0] === 0x49;
    this.#big = bytes.length > 4 && this.#view.getUint16(2, this.#little) === 43;
  }

  firstDirectory(): number | null {
    return this.#big ? this.#number(8, 16) : this.#number(4, 4);
  }

  readDirectory(at: number, index: number): { directory: TiffDirectory; next: number } | null {
    const count = this.#big ? this.#number(at, 16) : this.#number(at, 3);
    if (count === null || count > 4096) return null;
    const entryBytes = this.#big ? 20 : 12;
    const first = at + (this.#big ? 8 : 2);
    const tags = new Map<number, number[]>();
    for (let i = 0; i < count; i++) {
      const entry = first + i * entryBytes;
      const tag = this.#number(entry, 3);
      if (tag === null) return null;
      tags.set(tag, this.#values(entry));
    }
    const next = this.#number(first + count * entryBytes, this.#big ? 16 : 4);
    return next === null ? null : { directory: describe(tags, index), next };
  }

  #values(entry: number): number[] {
    const type = this.#number(entry + 2, 3) ?? 0;
    const count = this.#number(entry + 4, this.#big ? 16 : 4) ?? 0;
    const size = TYPE_BYTES[type];
    if (size === undefined || count > MAX_VALUES) return [];
    const inline = entry + (this.#big ? 12 : 8);
    const at = size * count <= (this.#big ? 8 : 4) ? inline : (this.#number(inline, this.#big ? 16 : 4) ?? Number.NaN);
    const values: number[] = [];
    for (let i = 0; i < count; i++) {
      const value = this.#number(at + i * size, type);
      if (value === null) break;
      values.push(value);
    }
    return values;
  }

  /** A number of this TIFF type at this place; null outside the file. */
  #number(at: number, type: number): number | null {
    const size = TYPE_BYTES[type] ?? 1;
    if (!(at >= 0) || at + size > this.#view.byteLength) return null;
    if (type === 5 || type === 10) return this.#view.getUint32(at, this.#little) / (this.#view.getUint32(at + 4, this.#little) || 1);
    if (size === 8) return Number(this.#view.getBigUint64(at, this.#little));
    return size === 4
      ? this.#view.getUint32(at, this.#little)
      : size === 2
        ? this.#view.getUint16(at, this.#little)
        : this.#view.getUint8(at);
  }
}

function describe(tags: ReadonlyMap<number, readonly number[]>, index: number): TiffDirectory {
  const one = (tag: number) => tags.get(tag)?.[0] ?? null;
  const offsets = tags.get(273) ?? tags.get(324) ?? [];
  const lengths = tags.get(279) ?? tags.get(325) ?? [];
  const perUnit = one(282);
  const unit = one(296) ?? 2;
  return {
    index,
    widthPx: one(256) ?? 0,
    heightPx: one(257) ?? 0,
    compression: one(259) ?? 1,
    isPage: ((one(254) ?? 0) & 0b101) === 0,
    jpegOffset: one(513),
    jpegLength: one(514),
    strips: offsets.map((offset, i) => ({ offset, length: lengths[i] ?? 0 })),
    rowsPerStrip: one(278) ?? one(257) ?? 0,
    resolutionDpi: perUnit === null || unit === 1 ? null : Math.round(unit === 3 ? perUnit * 2.54 : perUnit),
    orientation: one(274) ?? 1,
  };
}
