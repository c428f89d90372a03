import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ReadingLine } from '@lantai/reading';

/** Packed text of one document held until its rows are written; 3,000 ordinary pages have 10 MB. */
const HELD_TEXT_BYTES_MAX = 64 * 1024 * 1024;

/** The text of one page, packed; made and opened by {@link HeldText}. */
export type PackedLines = Uint8Array & { readonly packedLines?: never };

/** Holds the own text of a document's pages until the transaction that stores it, in bounded memory. */
export class HeldText {
  #byteCount = 0;

  constructor(private readonly bytesMax = HELD_TEXT_BYTES_MAX) {}

  /** Packs the lines; null when the document says more than is held: such a page is read like a scan. */
  pack(lines: readonly ReadingLine[]): PackedLines | null {
    const packed = deflateRawSync(JSON.stringify(lines), { level: 1 });
    if (this.#byteCount + packed.length > this.bytesMax) return null;
    this.#byteCount += packed.length;
    return packed;
  }

  /** The lines again, as they were packed. */
  static open(packed: PackedLines): readonly ReadingLine[] {
    return JSON.parse(inflateRawSync(packed).toString('utf8')) as ReadingLine[];
  }
}
