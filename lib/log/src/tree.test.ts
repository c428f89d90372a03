import { createHash } from 'node:crypto';
import { findHex, formatHex, utf8 } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../test/vectors/log/rfc6962.json' with { type: 'json' };
import {
  EMPTY_EDGE,
  edgeFromTiles,
  emptyRoot,
  Frontier,
  findConsistencyFault,
  findInclusionFault,
  formatTilePath,
  growEdge,
  HashTile,
  hashInTile,
  hashLeaf,
  hashNode,
  proveConsistency,
  proveInclusion,
  proveRoot,
  rootOfEdge,
  splitPoint,
  type TileSource,
  type TreeEdge,
  tilesBetween,
} from './index.ts';

const hash = (...parts: Uint8Array[]) => new Uint8Array(parts.reduce((h, p) => h.update(p), createHash('sha256')).digest());
const hex = (text: string) => findHex(text)!;

/** RFC 6962 section 2.1 word for word: slow, and independent of tiles. */
function referenceRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return emptyRoot(hash);
  if (leaves.length === 1) return hashLeaf(hash, leaves[0]!);
  const k = splitPoint(leaves.length);
  return hashNode(hash, referenceRoot(leaves.slice(0, k)), referenceRoot(leaves.slice(k)));
}

/** A log in memory, grown by the cuts given. */
class TileShelf {
  readonly byPath = new Map<string, Uint8Array>();
  edge: TreeEdge = EMPTY_EDGE;

  append(entries: readonly Uint8Array[]) {
    const grown = growEdge(hash, this.edge, entries);
    for (const { tile, bytes } of grown.tiles) this.byPath.set(formatTilePath(tile), bytes);
    this.edge = grown.edge;
  }
  readonly source: TileSource = async (tiles) =>
    tiles.map((tile) => {
      const bytes = this.byPath.get(formatTilePath(tile));
      if (!bytes) throw new Error(`no tile ${formatTilePath(tile)}`);
      return new HashTile(hash, bytes);
    });
}

const entriesOf = (count: number) => Array.from({ length: count }, (_, i) => utf8(`entry ${i}`));
const sizes = fc.integer({ min: 1, max: 70_000 });

describe('the tree', () => {
  it('has the leaf hashes, roots and proofs of the reference implementation', async () => {
    const leaves = vectors.leaves.map(hex);
    expect(leaves.map((l) => formatHex(hashLeaf(hash, l)))).toEqual(vectors.leafHashes);
    const shelf = new TileShelf();
    for (const [size, root] of vectors.roots.entries()) {
      expect(formatHex(rootOfEdge(hash, shelf.edge))).toBe(root);
      expect(formatHex(await proveRoot(hash, shelf.source, size))).toBe(root);
      if (size < leaves.length) shelf.append([leaves[size]!]);
    }
    for (const { position, size, proof } of vectors.inclusion)
      expect((await proveInclusion(hash, shelf.source, position, size)).map(formatHex)).toEqual(proof);
    for (const { from, to, proof } of vectors.consistency)
      expect((await proveConsistency(hash, shelf.source, from, to)).map(formatHex)).toEqual(proof);
  });

  it('has the root of the definition at every size up to 1,100', () => {
    const entries = entriesOf(1100);
    const shelf = new TileShelf();
    const frontier = new Frontier(hash);
    for (let size = 0; size < 1100; size++) {
      if (size % 37 === 0 || size % 256 < 2) expect(rootOfEdge(hash, shelf.edge)).toEqual(referenceRoot(entries.slice(0, size)));
      expect([frontier.size, frontier.root()]).toEqual([size, rootOfEdge(hash, shelf.edge)]);
      shelf.append([entries[size]!]);
      frontier.append(hashLeaf(hash, entries[size]!));
    }
  });

  it('gives the same tiles however the entries are cut into batches, and exactly those that its size asks for', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 8 }), (cuts) => {
        const total = cuts.reduce((a, b) => a + b, 0);
        const [whole, cut] = [new TileShelf(), new TileShelf()];
        whole.append(entriesOf(total));
        for (const [i, n] of cuts.entries()) {
          const before = cut.edge.size;
          const seen = new Set(cut.byPath.keys());
          cut.append(entriesOf(total).slice(before, before + n));
          const fresh = [...cut.byPath.keys()].filter((path) => !seen.has(path));
          expect(fresh.sort()).toEqual(
            tilesBetween(before, before + n)
              .map(formatTilePath)
              .sort(),
          );
          expect(i).toBeLessThan(cuts.length);
        }
        expect(cut.edge).toEqual(whole.edge);
        for (const [path, bytes] of whole.byPath) expect(cut.byPath.get(path)).toEqual(bytes);
      }),
      { numRuns: 25 },
    );
  });

  it('is continued from its tiles as if it had never stopped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 1, max: 600 }), (size, more) => {
        const shelf = new TileShelf();
        shelf.append(entriesOf(size));
        const bundle = { level: 'entries', index: Math.floor(size / 256), width: size % 256 } as const;
        const bundleBytes = size % 256 ? shelf.byPath.get(formatTilePath(bundle))! : new Uint8Array(0);
        const again = edgeFromTiles(size, (tile) => shelf.byPath.get(formatTilePath(tile))!, bundleBytes);
        expect(again).toEqual(shelf.edge);
        const next = entriesOf(size + more).slice(size);
        expect(growEdge(hash, again, next)).toEqual(growEdge(hash, shelf.edge, next));
      }),
      { numRuns: 30 },
    );
  });
});

describe('a hash tile', () => {
  it('gives every inner hash as hashing its bytes gives it, in any order and again', () => {
    const place = fc.integer({ min: 0, max: 8 }).chain((height) => fc.tuple(fc.constant(height), fc.nat({ max: 256 / 2 ** height - 1 })));
    const bytes = Uint8Array.from({ length: 8192 }, (_, i) => i * 7);
    const tile = new HashTile(hash, bytes);
    fc.assert(
      fc.property(place, ([height, index]) => {
        const offset = index * 2 ** height;
        expect(tile.hashAt(offset, height)).toEqual(hashInTile(hash, bytes, offset, height));
      }),
      { numRuns: 300 },
    );
    expect(() => new HashTile(hash, bytes.subarray(0, 320)).hashAt(8, 2)).toThrow('holds');
    expect(() => tile.hashAt(1, 1)).toThrow('holds');
  });
});

describe('proofs', () => {
  const shelf = new TileShelf();
  shelf.append(entriesOf(70_000));
  // A proof for an earlier size asks for tiles of that size, which are the first hashes of later ones.
  const source: TileSource = async (tiles) =>
    tiles.map((tile) => {
      const full = shelf.byPath.get(formatTilePath({ ...tile, width: 256 }));
      const last = [...Array(257).keys()].map((width) => shelf.byPath.get(formatTilePath({ ...tile, width }))).find((b) => b);
      return new HashTile(hash, (full ?? last)!.subarray(0, tile.width * 32));
    });

  it('of inclusion hold for every entry asked, and for no other entry, place, size or hash', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, at, which) => {
        const position = at % size;
        const leafHash = hashLeaf(hash, utf8(`entry ${position}`));
        const proof = await proveInclusion(hash, source, position, size);
        const claim = { position, size, leafHash, proof, root: await proveRoot(hash, source, size) };
        expect(findInclusionFault(hash, claim)).toBeNull();
        expect(findInclusionFault(hash, { ...claim, leafHash: hashLeaf(hash, utf8('another')) })).toBe('root-differs');
        expect(findInclusionFault(hash, { ...claim, position: size })).toBe('position-outside');
        expect(findInclusionFault(hash, { ...claim, position: -1 })).toBe('position-outside');
        if (size > 1) expect(findInclusionFault(hash, { ...claim, position: (position + 1) % size })).not.toBeNull();
        expect(findInclusionFault(hash, { ...claim, proof: [...proof, leafHash] })).toBe('proof-length');
        if (proof.length) {
          expect(findInclusionFault(hash, { ...claim, proof: proof.slice(1) })).not.toBeNull();
          expect(findInclusionFault(hash, { ...claim, proof: flipped(proof, which) })).toBe('root-differs');
          expect(findInclusionFault(hash, { ...claim, proof: [proof[0]!.slice(1), ...proof.slice(1)] })).toBe('hash-length');
        }
      }),
      { numRuns: 60 },
    );
  });

  it('of consistency hold between any two sizes, and not after any change', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, fc.nat(), async (a, b, which) => {
        const [fromSize, toSize] = [Math.min(a, b), Math.max(a, b)];
        const proof = await proveConsistency(hash, source, fromSize, toSize);
        const fromRoot = await proveRoot(hash, source, fromSize);
        const claim = { fromSize, toSize, fromRoot, toRoot: await proveRoot(hash, source, toSize), proof };
        expect(findConsistencyFault(hash, claim)).toBeNull();
        expect(findConsistencyFault(hash, { ...claim, fromSize: 0 })).toBe('empty-tree');
        expect(findConsistencyFault(hash, { ...claim, fromSize: toSize + 1 })).toBe('sizes-impossible');
        expect(findConsistencyFault(hash, { ...claim, toRoot: emptyRoot(hash) })).not.toBeNull();
        expect(findConsistencyFault(hash, { ...claim, fromRoot: emptyRoot(hash) })).not.toBeNull();
        if (proof.length) expect(findConsistencyFault(hash, { ...claim, proof: flipped(proof, which) })).not.toBeNull();
        expect(findConsistencyFault(hash, { ...claim, proof: [...proof, fromRoot] })).not.toBeNull();
      }),
      { numRuns: 60 },
    );
  });
});

function flipped(proof: readonly Uint8Array[], which: number): Uint8Array[] {
  const out = proof.map((h) => h.slice());
  const target = out[which % out.length]!;
  target[which % 32]! ^= 1;
  return out;
}
