import type { CornerMarks } from '@lantai/reading/photo';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { findCorners, makeFlat } from './index.ts';

/** A sheet with strokes on a dark table, seen at a slant, as a telephone's JPEG. */
async function makePhotograph(): Promise<Uint8Array> {
  const strokes = Array.from({ length: 16 }, (_, row) =>
    Array.from(
      { length: 9 },
      (_, i) => `<rect x="${190 + i * 46}" y="${190 + row * 40}" width="${18 + ((i * 7 + row) % 20)}" height="9" fill="#223"/>`,
    ),
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="768" height="1024"><rect width="100%" height="100%" fill="#54483c"/>
    <polygon points="130,120 640,150 690,900 90,860" fill="#ece8dc"/>${strokes.flat().join('')}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 88 }).toBuffer();
}
const CORNERS: CornerMarks = [
  [11093, 7680],
  [54613, 9600],
  [58880, 57600],
  [7680, 55040],
];

describe('a sheet laid flat out of a photograph', () => {
  it('has its corners found as they are', async () => {
    const found = await findCorners(await makePhotograph());
    if (!found || 'kind' in found) return expect.fail('no sheet');
    expect(found.confidence01).toBeGreaterThan(0.7);
    for (const [i, [x, y]] of found.corners.entries()) {
      expect(Math.abs(x - CORNERS[i]![0]) / 65536).toBeLessThan(0.01);
      expect(Math.abs(y - CORNERS[i]![1]) / 65536).toBeLessThan(0.01);
    }
  });
  it('comes out bit for bit again by its recipe, with the resolution of the paper named', async () => {
    const photograph = await makePhotograph();
    const made = await makeFlat(photograph, CORNERS, 'A4');
    if ('kind' in made) return expect.fail(made.code);
    const { corners, paper } = made.recipe.parameters;
    const again = await makeFlat(photograph, corners, paper);
    if ('kind' in again) return expect.fail(again.code);
    expect(Buffer.compare(again.bytes, made.bytes)).toBe(0);
    expect({ ...again, bytes: null }).toEqual({ ...made, bytes: null });
    expect(made.recipe).toMatchObject({ name: 'lantai-lay-flat', version: '1', encoding: { mediaType: 'image/jpeg', quality: 90 } });
    expect(await sharp(made.bytes).metadata()).toMatchObject({ width: made.widthPx, height: made.heightPx, density: made.resolutionDpi });
    expect(made.heightPx / made.widthPx).toBeCloseTo(297 / 210, 1);
    // Light to its very corners: nothing of the table is left.
    const { data, info } = await sharp(made.bytes).raw().toBuffer({ resolveWithObject: true });
    for (const [x, y] of [
      [4, 4],
      [info.width - 5, 4],
      [info.width - 5, info.height - 5],
      [4, info.height - 5],
    ] as const)
      expect(data[(y * info.width + x) * 3]!).toBeGreaterThan(200);
  });
  it('claims no resolution where nobody said what paper it is', async () => {
    expect(await makeFlat(await makePhotograph(), CORNERS, null)).toMatchObject({ resolutionDpi: null });
  });
  it('is refused where the corners are none, and where the file is no picture', async () => {
    const crossed: CornerMarks = [CORNERS[0], CORNERS[2], CORNERS[1], CORNERS[3]];
    expect(await makeFlat(await makePhotograph(), crossed, null)).toMatchObject({ kind: 'refused', code: 'photo/corners' });
    expect(await makeFlat(new TextEncoder().encode('no picture'), CORNERS, null)).toMatchObject({ kind: 'refused' });
  });
});
