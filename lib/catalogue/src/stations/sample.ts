import { ArchiveError, findHex } from '@lantai/values';

/** How much of a dossier is inspected: all of it (100 %), a share in per cent, or a number of pages. */
export type Sampling = { readonly kind: 'full' } | { readonly kind: 'percent' | 'pages'; readonly size: number };

/** How many of so many pages are drawn: rounded up, one at least, where there is any. */
export function sampleSize(sampling: Sampling, pages: number): number {
  if (sampling.kind === 'full') return pages;
  const wanted = sampling.kind === 'percent' ? Math.ceil((pages * sampling.size) / 100) : sampling.size;
  return Math.min(pages, Math.max(1, wanted));
}

/** Bytes of a seed. */
const SEED_BYTES = 8;

/**
 * Draws a sample: the same seed and list give the same pages on every machine. The numbers are SplitMix64's (Steele, Lea, Flood 2014), reduced
 * without bias; the pages are those that the first steps of a Fisher–Yates shuffle take.
 * @param seedHex 16 hexadecimal digits
 * @param of in the order that the record names: of arrival
 * @returns the drawn ones, in the order of the list
 * @throws ArchiveError `sample/seed` (caller)
 */
export function drawSample<T>(seedHex: string, of: readonly T[], count: number): T[] {
  const bytes = findHex(seedHex);
  if (bytes?.length !== SEED_BYTES) throw new ArchiveError('sample/seed', 'caller');
  const next = splitMix(BigInt(`0x${seedHex}`));
  const places = of.map((_, at) => at);
  const drawn = Math.min(count, of.length);
  for (let at = 0; at < drawn; at++) {
    const other = at + Number(below(next, BigInt(of.length - at)));
    [places[at], places[other]] = [places[other]!, places[at]!];
  }
  return places
    .slice(0, drawn)
    .sort((a, b) => a - b)
    .map((at) => of[at]!);
}

const MASK = (1n << 64n) - 1n;

function splitMix(seed: bigint): () => bigint {
  let state = seed & MASK;
  return () => {
    state = (state + 0x9e3779b97f4a7c15n) & MASK;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
    return z ^ (z >> 31n);
  };
}

/** A number from 0, below `limit`, each as likely as the others: what lies beyond the last whole multiple is drawn again. */
function below(next: () => bigint, limit: bigint): bigint {
  const end = (1n << 64n) - ((1n << 64n) % limit);
  for (;;) {
    const drawn = next();
    if (drawn < end) return drawn % limit;
  }
}
