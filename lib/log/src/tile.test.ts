import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBundle, findTile, formatBundle, formatTilePath, type Tile, tilesBetween } from './index.ts';

describe('tiles', () => {
  it('have the paths of the specification', () => {
    expect(formatTilePath({ level: 0, index: 1234067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(formatTilePath({ level: 2, index: 0, width: 1 })).toBe('tile/2/000.p/1');
    expect(formatTilePath({ level: 'entries', index: 1000, width: 112 })).toBe('tile/entries/x001/000.p/112');
  });

  it('are found again by the path they write', () => {
    const level = fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const));
    const tiles = fc.record({ level, index: fc.integer({ min: 0, max: 2 ** 40 }), width: fc.integer({ min: 1, max: 256 }) });
    fc.assert(fc.property(tiles, (tile: Tile) => void expect(findTile(formatTilePath(tile))).toEqual(tile)));
  });

  it('are not found by any other spelling', () => {
    const bad = [
      'tile/0/67',
      'tile/00/067',
      'tile/64/067',
      'tile/-1/067',
      'tile/0/x000/067',
      'tile/0/001/067',
      'tile/0/x001/x234',
      'tile/0/067.p/0',
      'tile/0/067.p/256',
      'tile/0/067.p/01',
      'tile/0/067.p/',
      'tile/data/067',
      'tile/0/067/',
      '../tile/0/067',
      'tile/0/../067',
      'checkpoint',
    ];
    for (const path of bad) expect(findTile(path)).toBeNull();
  });

  it('of a tree of 70,000 are those the specification counts, and of 256 a full one and one of width 1 above it', () => {
    const tiles = tilesBetween(0, 70_000).filter((t) => t.level !== 'entries');
    const wide = (level: number, isFull: boolean) => tiles.filter((t) => t.level === level && (t.width === 256) === isFull);
    expect([wide(0, true).length, wide(0, false).map((t) => t.width)]).toEqual([273, [112]]);
    expect([wide(1, true).length, wide(1, false).map((t) => t.width)]).toEqual([1, [17]]);
    expect([wide(2, true).length, wide(2, false).map((t) => t.width)]).toEqual([0, [1]]);
    expect(tilesBetween(0, 256).map(formatTilePath)).toEqual(['tile/0/000', 'tile/1/000.p/1', 'tile/entries/000']);
    expect(tilesBetween(256, 256)).toEqual([]);
  });
});

describe('entry bundles', () => {
  it('give back the entries they were made of, and nothing when cut inside an entry', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 256 }), fc.nat(), (entries, cut) => {
        const bytes = formatBundle(entries);
        expect(findBundle(bytes)).toEqual(entries);
        const shorter = bytes.subarray(0, cut % (bytes.length + 1));
        const found = findBundle(shorter);
        if (found) expect(formatBundle(found)).toEqual(Uint8Array.from(shorter));
      }),
    );
    expect(findBundle(Uint8Array.of(0))).toBeNull();
    expect(findBundle(Uint8Array.of(0, 2, 1))).toBeNull();
    expect(() => formatBundle([new Uint8Array(65_536)])).toThrow('two length bytes');
  });
});
