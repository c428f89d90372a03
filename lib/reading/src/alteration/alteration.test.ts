import { describe, expect, it } from 'vitest';
import type { Rgb } from '../raster.ts';
import { type AlterationField, findAlterations, type PageLie } from './index.ts';

type Colour = readonly [number, number, number];
const BLACK: Colour = [30, 30, 34];
const BLUE: Colour = [40, 60, 190];
const [WIDTH, HEIGHT] = [900, 260];
const LIE: PageLie = { orientation: 0, skewDegrees: 0 };
const BOX = [200, 100, 400, 60] as const;
const FIELD: AlterationField = { box: [...BOX], written: '19760908' };

/** A sheet with the same grain each time. */
function sheet(): Rgb {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  let seed = 11;
  for (let p = 0; p < data.length; p += 3) {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    const grain = ((seed >> 16) % 5) - 2;
    data.set([238 + grain, 232 + grain, 216 + grain], p);
  }
  return { data, width: WIDTH, height: HEIGHT };
}

function fill(image: Rgb, x0: number, y0: number, w: number, h: number, colour: Colour): void {
  for (let y = y0; y < y0 + h; y++) for (let x = x0; x < x0 + w; x++) image.data.set(colour, (y * image.width + x) * 3);
}

/** The figure `i` of the field: two upright strokes and a level one. */
function figure(image: Rgb, i: number, colour: Colour = BLACK, down = 0): void {
  const x = BOX[0] + 10 + i * 48;
  const y = BOX[1] + 10 + down;
  fill(image, x, y, 6, 40, colour);
  fill(image, x + 20, y, 6, 40, colour);
  fill(image, x, y + 18, 26, 5, colour);
}

function written(except = -1): Rgb {
  const image = sheet();
  for (let i = 0; i < 8; i++) if (i !== except) figure(image, i);
  return image;
}

const codes = (image: Rgb, lie = LIE, field = FIELD) => [...new Set(findAlterations(image, lie, field).map((h) => h.code))];

describe('hints of alteration', () => {
  it('are none on a field in one pen on one paper, under a seal neither', () => {
    expect(codes(written())).toEqual([]);
    const sealed = written();
    for (let y = 60; y < 220; y++)
      for (let x = 250; x < 410; x++)
        if (Math.abs(Math.hypot(x - 330, y - 140) - 76) < 5) sealed.data.set([205, 60, 66], (y * WIDTH + x) * 3);
    expect(codes(sealed)).toEqual([]);
  });

  it('tell a figure in other ink, and where', () => {
    const image = written(3);
    figure(image, 3, BLUE);
    const [hint] = findAlterations(image, LIE, FIELD);
    expect(hint?.code).toBe('ink');
    expect(hint!.measured).toBeGreaterThan(hint!.limit);
    const [x, , w] = hint!.box;
    expect(x).toBeGreaterThan(BOX[0] + 3 * 48);
    expect(x + w).toBeLessThan(BOX[0] + 4 * 48 + 20);
  });

  it('leave a field alone that print and hand share', () => {
    const image = sheet();
    for (let i = 0; i < 8; i++) figure(image, i, i % 2 ? BLUE : BLACK);
    expect(codes(image)).toEqual([]);
  });

  it('tell paper that something whiter and smooth lies on', () => {
    const image = written(4);
    fill(image, BOX[0] + 4 * 48, BOX[1] - 8, 46, 70, [251, 251, 250]);
    figure(image, 4);
    expect(codes(image)).toContain('covered');
  });

  it('tell paper that a blade roughened', () => {
    const image = written(5);
    let seed = 5;
    for (let y = BOX[1] - 4; y < BOX[1] + 62; y++)
      for (let x = BOX[0] + 5 * 48; x < BOX[0] + 6 * 48 - 4; x++) {
        seed = (seed * 1103515245 + 12345) & 0x7fffffff;
        const grain = ((seed >> 16) % 31) - 15;
        image.data.set([236 + Math.min(19, grain), 230 + grain, 214 + grain], (y * WIDTH + x) * 3);
      }
    figure(image, 5);
    expect(codes(image)).toContain('rough');
  });

  it('tell a line through the writing, not the rule below it', () => {
    const struck = written();
    fill(struck, BOX[0] + 10, BOX[1] + 36, 230, 3, BLACK);
    expect(codes(struck)).toContain('struck');
    const ruled = written();
    fill(ruled, 20, BOX[1] + 57, 860, 3, BLACK);
    expect(codes(ruled)).toEqual([]);
  });

  it('tell a figure that stands off the line of the others', () => {
    const image = written(6);
    figure(image, 6, BLACK, -14);
    expect(codes(image)).toEqual(['uneven']);
  });

  it('find the same on a scan that was turned, at the place on the upright page', () => {
    const upright = written(3);
    figure(upright, 3, BLUE);
    const turned: Rgb = { data: new Uint8Array(upright.data.length), width: HEIGHT, height: WIDTH };
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++)
        turned.data.set(upright.data.subarray((y * WIDTH + x) * 3, (y * WIDTH + x) * 3 + 3), (x * HEIGHT + HEIGHT - 1 - y) * 3);
    const [straight] = findAlterations(upright, LIE, FIELD);
    const [found] = findAlterations(turned, { orientation: 90, skewDegrees: 0 }, FIELD);
    expect(found?.code).toBe('ink');
    for (let k = 0; k < 4; k++) expect(Math.abs(found!.box[k]! - straight!.box[k]!)).toBeLessThanOrEqual(2);
  });

  it('say nothing of a box off the page or too small to see', () => {
    expect(codes(written(), LIE, { box: [5000, 10, 200, 60], written: '1976' })).toEqual([]);
    expect(codes(written(), LIE, { box: [200, 100, 300, 8], written: '1976' })).toEqual([]);
  });
});
