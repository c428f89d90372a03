import { assert } from '@lantai/values';
import { HASH_BYTES, type HashFunction, hashNode, type Subtree } from './merkle.ts';

/** Hashes (or entries) in a full tile. */
export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;

/**
 * The place of a tile: 1 to 256 neighbouring hashes at tile level `level`, or, at level `entries`, that many entries' bytes.
 * A hash in a tile of level L is the root of 256^L leaves. Less than 256 wide: a partial tile at the right edge.
 * Source: C2SP tlog-tiles.
 */
export interface Tile {
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

/** Path of a tile below the log's prefix: `tile/0/x001/x234/067`, a partial one with `.p/<width>`. Source: C2SP tlog-tiles. */
export function formatTilePath(tile: Tile): string {
  let name = String(tile.index % 1000).padStart(3, '0');
  for (let rest = Math.floor(tile.index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    name = `x${String(rest % 1000).padStart(3, '0')}/${name}`;
  }
  return `tile/${tile.level}/${name}${tile.width === TILE_WIDTH ? '' : `.p/${tile.width}`}`;
}

/** The tile a path names; null when the path is not exactly what {@link formatTilePath} writes. */
export function findTile(path: string): Tile | null {
  const m = /^tile\/(0|[1-9]\d?|entries)\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path);
  if (!m) return null;
  const level = m[1] === 'entries' ? 'entries' : Number(m[1]);
  const tile = {
    level,
    index: Number(m[2]!.replaceAll(/[x/]/g, '')),
    width: m[3] === undefined ? TILE_WIDTH : Number(m[3]),
  } as const;
  if (level !== 'entries' && level > 63) return null;
  return tile.width <= TILE_WIDTH && formatTilePath(tile) === path ? tile : null;
}

/** Hashes of tile level `level` in a tree of `size` leaves. */
const hashesAt = (level: number, size: number) => Math.floor(size / TILE_WIDTH ** level);

/** The tiles (hash tiles, then bundles) that a tree of `size` leaves has and one of `fromSize` has not: those to write when it grew. */
export function tilesBetween(fromSize: number, size: number): Tile[] {
  const out: Tile[] = [];
  const add = (level: Tile['level'], from: number, to: number) => {
    if (from === to) return;
    for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < to; index++)
      out.push({ level, index, width: Math.min(TILE_WIDTH, to - index * TILE_WIDTH) });
  };
  for (let level = 0; hashesAt(level, size) > 0; level++) add(level, hashesAt(level, fromSize), hashesAt(level, size));
  add('entries', fromSize, size);
  return out;
}

/** The partial hash tiles at the right edge of a tree of `size` leaves, lowest level first. */
export function edgeTiles(size: number): Tile[] {
  const out: Tile[] = [];
  for (let level = 0; hashesAt(level, size) > 0; level++) {
    const count = hashesAt(level, size);
    if (count % TILE_WIDTH) out.push({ level, index: Math.floor(count / TILE_WIDTH), width: count % TILE_WIDTH });
  }
  return out;
}

/** Where the hash of a perfect subtree is found: in `tile`, as the root of the 2^`height` hashes from `offset` on. */
export interface TilePlace {
  readonly tile: Tile;
  readonly offset: number;
  readonly height: number;
}

/** Where to find the hash of `subtree` in a tree of `size` leaves that holds it. */
export function placeOf(subtree: Subtree, size: number): TilePlace {
  const level = Math.floor(subtree.level / TILE_HEIGHT);
  const height = subtree.level % TILE_HEIGHT;
  const first = subtree.index * 2 ** height;
  const index = Math.floor(first / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, hashesAt(level, size) - index * TILE_WIDTH);
  assert(width > 0, 'the subtree lies within the tree');
  return { tile: { level, index, width }, offset: first - index * TILE_WIDTH, height };
}

/** Root of the 2^`height` hashes from `offset` on in a tile's bytes. */
export function hashInTile(hash: HashFunction, bytes: Uint8Array, offset: number, height: number): Uint8Array {
  if (height === 0) return bytes.slice(offset * HASH_BYTES, (offset + 1) * HASH_BYTES);
  const half = 2 ** (height - 1);
  return hashNode(hash, hashInTile(hash, bytes, offset, height - 1), hashInTile(hash, bytes, offset + half, height - 1));
}

/** Entries as a bundle: each behind its length as two bytes, big-endian. Each entry <= 65,535 bytes. Source: C2SP tlog-tiles. */
export function formatBundle(entries: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(entries.reduce((n, e) => n + 2 + e.length, 0));
  let at = 0;
  for (const entry of entries) {
    assert(entry.length <= 0xffff, 'an entry fits its two length bytes');
    out[at] = entry.length >> 8;
    out[at + 1] = entry.length & 255;
    out.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return out;
}

/** The entries of a bundle; null when the bytes end inside an entry. */
export function findBundle(bytes: Uint8Array): Uint8Array[] | null {
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 2 > bytes.length) return null;
    const length = (bytes[at]! << 8) | bytes[at + 1]!;
    if (at + 2 + length > bytes.length) return null;
    out.push(bytes.slice(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return out;
}
