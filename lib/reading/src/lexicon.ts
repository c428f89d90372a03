import { ArchiveError } from '@lantai/values';

/** What is known of words: which characters follow each other inside them. */
export interface Lexicon {
  /** How much more often `b` follows `a` inside a word than by chance, in nats, 0 to 8; 0 when it is not known to. */
  pairWeight(a: string, b: string): number;
}

const MAGIC = [0x4c, 0x54, 0x50, 0x31]; // LTP1
const HEADER_BYTES = 8;
const SCALE = 30;

/**
 * Opens pairs.bin: `LTP1`, the count of pairs as u32 little-endian, then for each pair its key (first character × 65536 + second, u32
 * little-endian, ascending), then for each pair its weight × 30 in one byte. Made by tools/build-lexicon.mjs.
 * @throws ArchiveError `reading/lexicon-malformed` (environment)
 */
export function openLexicon(bytes: Uint8Array): Lexicon {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isOurs = bytes.length >= HEADER_BYTES && MAGIC.every((m, i) => bytes[i] === m);
  const count = isOurs ? view.getUint32(4, true) : -1;
  if (bytes.length !== HEADER_BYTES + count * 5)
    throw new ArchiveError('reading/lexicon-malformed', 'environment', { bytes: bytes.length });
  const keys = Uint32Array.from({ length: count }, (_, i) => view.getUint32(HEADER_BYTES + i * 4, true));
  const weights = bytes.slice(HEADER_BYTES + count * 4);
  return {
    pairWeight(a, b) {
      const key = a.charCodeAt(0) * 0x10000 + b.charCodeAt(0);
      let low = 0;
      let high = count - 1;
      while (low <= high) {
        const mid = (low + high) >> 1;
        const at = keys[mid]!;
        if (at === key) return weights[mid]! / SCALE;
        if (at < key) low = mid + 1;
        else high = mid - 1;
      }
      return 0;
    },
  };
}
