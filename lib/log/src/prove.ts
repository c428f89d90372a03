import { assert } from '@lantai/values';
import type { HashTile } from './hash-tile.ts';
import { emptyRoot, type HashFunction, joinSubtrees, splitPoint, subtreesOf } from './merkle.ts';
import { formatTilePath, placeOf, type Tile, type TilePlace } from './tile.ts';

/**
 * Gives hash tiles, in the order asked: from a folder, a cache, or over HTTP. May give a wider tile than asked (a full
 * one where the partial is gone): its first hashes are the same. Rejects when a tile is not to be had.
 */
export type TileSource = (tiles: readonly Tile[]) => Promise<readonly HashTile[]>;

type Range = readonly [start: number, end: number];

/** Root of the first `size` leaves. */
export async function proveRoot(hash: HashFunction, source: TileSource, size: number): Promise<Uint8Array> {
  if (size === 0) return emptyRoot(hash);
  return (await hashRanges(hash, source, [[0, size]], size))[0]!;
}

/**
 * The proof that the leaf at `position` stands in the tree of `size` leaves: the hashes beside its path, from the leaf up.
 * Source: RFC 6962 section 2.1.1.
 */
export function proveInclusion(hash: HashFunction, source: TileSource, position: number, size: number): Promise<Uint8Array[]> {
  assert(position >= 0 && position < size, 'the position lies within the tree');
  const ranges: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (position < middle) {
      ranges.unshift([middle, end]);
      end = middle;
    } else {
      ranges.unshift([start, middle]);
      start = middle;
    }
  }
  return hashRanges(hash, source, ranges, size);
}

/**
 * The proof that the tree of `toSize` leaves continues the one of `fromSize` leaves, 0 < fromSize <= toSize.
 * Source: RFC 6962 section 2.1.2.
 */
export function proveConsistency(hash: HashFunction, source: TileSource, fromSize: number, toSize: number): Promise<Uint8Array[]> {
  assert(fromSize > 0 && fromSize <= toSize, 'the first tree is not empty and not longer than the second');
  const ranges: Range[] = [];
  let [start, end] = [0, toSize];
  while (fromSize !== end) {
    const middle = start + splitPoint(end - start);
    if (fromSize <= middle) {
      ranges.unshift([middle, end]);
      end = middle;
    } else {
      ranges.unshift([start, middle]);
      start = middle;
    }
  }
  // The verifier knows the first tree's root; the part where the walk ended is told only when it is not that root.
  if (start > 0) ranges.unshift([start, end]);
  return hashRanges(hash, source, ranges, toSize);
}

async function hashRanges(hash: HashFunction, source: TileSource, ranges: readonly Range[], size: number): Promise<Uint8Array[]> {
  const places = ranges.map(([start, end]) => subtreesOf(start, end).map((subtree) => placeOf(subtree, size)));
  const wanted = new Map(places.flat().map(({ tile }) => [formatTilePath(tile), tile]));
  const tiles = await source([...wanted.values()]);
  const tileByPath = new Map([...wanted.keys()].map((path, i) => [path, tiles[i]!]));
  const hashOf = ({ tile, offset, height }: TilePlace) => tileByPath.get(formatTilePath(tile))!.hashAt(offset, height);
  return places.map((parts) => joinSubtrees(hash, parts.map(hashOf)));
}
