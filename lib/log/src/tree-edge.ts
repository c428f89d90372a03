import { concatBytes } from '@lantai/values';
import { emptyRoot, HASH_BYTES, type HashFunction, hashLeaf, joinSubtrees, subtreesOf } from './merkle.ts';
import { edgeTiles, formatBundle, hashInTile, TILE_WIDTH, type Tile } from './tile.ts';

/**
 * All that must be remembered of a tree to make it longer: its size, the bytes of the partial hash tile at each tile level, and the
 * bytes of the partial entry bundle. A value: growing gives a new one, so a writer that fails keeps the old.
 */
export interface TreeEdge {
  readonly size: number;
  /** Partial tile of level i at index i; empty bytes where the level ends with a full tile. */
  readonly hashes: readonly Uint8Array[];
  readonly bundle: Uint8Array;
}

/** A tile and its bytes, to be kept. */
export interface TileContent {
  readonly tile: Tile;
  readonly bytes: Uint8Array;
}

/** The edge of a tree without entries. */
export const EMPTY_EDGE: TreeEdge = { size: 0, hashes: [], bundle: new Uint8Array(0) };

/** The edge of a tree of `size` leaves, from its partial tiles. @param bytesOf gives the bytes of one of {@link edgeTiles}. */
export function edgeFromTiles(size: number, bytesOf: (tile: Tile) => Uint8Array, bundle: Uint8Array): TreeEdge {
  const hashes: Uint8Array[] = [];
  for (let level = 0; TILE_WIDTH ** level <= size; level++) hashes.push(new Uint8Array(0));
  for (const tile of edgeTiles(size)) if (tile.level !== 'entries') hashes[tile.level] = bytesOf(tile);
  return { size, hashes, bundle };
}

/**
 * Appends entries. @returns the new edge and each tile that the longer tree has and the shorter had not: full ones, and the partial
 * ones of exactly the new size. The same entries in the same order give the same tiles however they are cut into calls.
 */
export function growEdge(hash: HashFunction, edge: TreeEdge, entries: readonly Uint8Array[]): { edge: TreeEdge; tiles: TileContent[] } {
  const leafHashes = entries.map((entry) => hashLeaf(hash, entry));
  const { edge: grown, tiles } = growHashes(hash, edge, leafHashes);
  const bundles = growBundle(edge, entries);
  return { edge: { ...grown, bundle: bundles.partial }, tiles: [...tiles, ...bundles.tiles] };
}

/** Like {@link growEdge} where only the leaf hashes are at hand: hash tiles alone, and the bundle left as it was. */
export function growHashes(
  hash: HashFunction,
  edge: TreeEdge,
  leafHashes: readonly Uint8Array[],
): { edge: TreeEdge; tiles: TileContent[] } {
  const tiles: TileContent[] = [];
  const hashes: Uint8Array[] = [];
  let added: readonly Uint8Array[] = leafHashes;
  let count = edge.size;
  for (let level = 0; added.length > 0 || level < edge.hashes.length; level++) {
    const before = edge.hashes[level] ?? new Uint8Array(0);
    const fullBefore = Math.floor(count / TILE_WIDTH);
    const cut = cutTiles(level, fullBefore, join(before, added));
    if (added.length > 0) tiles.push(...cut.tiles);
    hashes.push(cut.partial);
    count = fullBefore;
    added = cut.tiles.filter((t) => t.tile.width === TILE_WIDTH).map((t) => hashInTile(hash, t.bytes, 0, 8));
  }
  return { edge: { size: edge.size + leafHashes.length, hashes, bundle: edge.bundle }, tiles };
}

/** Not `concatBytes(before, ...added)`: an import gives more hashes than a call takes arguments. */
function join(before: Uint8Array, added: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(before.length + added.length * HASH_BYTES);
  out.set(before);
  for (const [i, h] of added.entries()) out.set(h, before.length + i * HASH_BYTES);
  return out;
}

/** Cuts the hashes of one level, from tile `firstIndex` on, into tiles. */
function cutTiles(level: number, firstIndex: number, bytes: Uint8Array): { tiles: TileContent[]; partial: Uint8Array } {
  const tiles: TileContent[] = [];
  const fullBytes = TILE_WIDTH * HASH_BYTES;
  let partial: Uint8Array = new Uint8Array(0);
  for (let at = 0, index = firstIndex; at < bytes.length; at += fullBytes, index++) {
    const part = bytes.slice(at, at + fullBytes);
    tiles.push({ tile: { level, index, width: part.length / HASH_BYTES }, bytes: part });
    if (part.length < fullBytes) partial = part;
  }
  return { tiles, partial };
}

function growBundle(edge: TreeEdge, entries: readonly Uint8Array[]): { tiles: TileContent[]; partial: Uint8Array } {
  const tiles: TileContent[] = [];
  let partial = edge.bundle;
  for (let at = 0; at < entries.length; ) {
    const position = edge.size + at;
    const room = TILE_WIDTH - (position % TILE_WIDTH);
    const part = entries.slice(at, at + room);
    const bytes = concatBytes(partial, formatBundle(part));
    const width = (position % TILE_WIDTH) + part.length;
    tiles.push({ tile: { level: 'entries', index: Math.floor(position / TILE_WIDTH), width }, bytes });
    partial = width === TILE_WIDTH ? new Uint8Array(0) : bytes;
    at += part.length;
  }
  return { tiles, partial };
}

/** Root of the tree that ends in this edge. */
export function rootOfEdge(hash: HashFunction, edge: TreeEdge): Uint8Array {
  if (edge.size === 0) return emptyRoot(hash);
  const parts: Uint8Array[] = [];
  for (let level = edge.hashes.length - 1; level >= 0; level--) {
    const bytes = edge.hashes[level]!;
    for (const { level: height, index } of subtreesOf(0, bytes.length / HASH_BYTES))
      parts.push(hashInTile(hash, bytes, index * 2 ** height, height));
  }
  return joinSubtrees(hash, parts);
}
