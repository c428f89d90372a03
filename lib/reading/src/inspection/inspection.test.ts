import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binarise } from '../binarise.ts';
import { type Rgb, toGray } from '../raster.ts';
import type { Reading } from '../reading.ts';
import { pageDigest } from '../same-sheet.ts';
import { viewScan } from '../scan-view.ts';
import {
  countWriting,
  DEFAULT_LIMITS,
  isBackOf,
  judgePage,
  measurePage,
  mirroredDigest,
  type ScanFacts,
  type SeenPage,
  turnedDigest,
} from './index.ts';

const [WIDTH, HEIGHT] = [1240, 1754];
const BLACK = [25, 25, 30] as const;
const FACTS: ScanFacts = { scale: 2, resolutionDpi: 300, fileColour: 'colour' };
type Colour = readonly [number, number, number];

/** Paper with the grain that a scanner sees, the same each time. */
function paper(level: Colour = [244, 240, 228]): Rgb {
  const known = SHEETS.get(String(level));
  if (known) return { width: WIDTH, height: HEIGHT, data: known.slice() };
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  let seed = 7;
  for (let p = 0; p < data.length; p += 3) {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    const grain = (seed >> 16) % 5;
    data[p] = level[0] - grain;
    data[p + 1] = level[1] - grain;
    data[p + 2] = level[2] - grain;
  }
  SHEETS.set(String(level), data);
  return { width: WIDTH, height: HEIGHT, data: data.slice() };
}
const SHEETS = new Map<string, Uint8Array>();

function paint(image: Rgb, x0: number, y0: number, w: number, h: number, [r, g, b]: Colour): void {
  for (let y = Math.max(0, y0); y < Math.min(HEIGHT, y0 + h); y++)
    for (let p = (y * WIDTH + Math.max(0, x0)) * 3, end = (y * WIDTH + Math.min(WIDTH, x0 + w)) * 3; p < end; p += 3) {
      image.data[p] = r;
      image.data[p + 1] = g;
      image.data[p + 2] = b;
    }
}

/** Signs of two strokes, as large as 12-point characters. */
function write(image: Rgb, from: number, to: number, colour: Colour = BLACK): Rgb {
  for (let y = 200; y < 1500; y += 40) {
    for (let x = from; x < to; x += 26) {
      paint(image, x, y, 18, 4, colour);
      paint(image, x + 7, y, 4, 20, colour);
    }
  }
  return image;
}
const written = () => write(paper(), 150, 1100);

const SEEN: SeenPage = { orientation: 0, skewDegrees: 0, lineCount: 30 };
const judge = (image: Rgb, facts: Partial<ScanFacts> = {}, limits: Partial<typeof DEFAULT_LIMITS> = {}, seen: Partial<SeenPage> = {}) =>
  judgePage(measurePage(viewScan(image), { ...FACTS, ...facts }), { ...SEEN, ...seen }, { ...DEFAULT_LIMITS, ...limits });
const codes = (...args: Parameters<typeof judge>) => judge(...args).map((f) => f.code);

describe('the page checks', () => {
  it('have nothing against a sharp page and leave its pixels alone', () => {
    const page = written();
    const before = page.data.slice();
    expect(codes(page, {}, { colour: 'colour', resolutionDpi: 300 })).toEqual([]);
    expect(page.data.every((v, i) => v === before[i])).toBe(true);
  });

  it('call a sheet blank only when no line was read on it', () => {
    expect(codes(paper(), {}, {}, { lineCount: 0 })).toEqual(['blank']);
    expect(codes(paper())).toEqual([]);
  });

  it('find a dark border, one as thin as a pixel too, and no border in a ruled line that ends at the edge', () => {
    const bordered = written();
    paint(bordered, 0, 0, 20, HEIGHT, [10, 10, 10]);
    expect(codes(bordered)).toEqual(['black_border']);
    const hair = written();
    paint(hair, 0, 0, 400, 1, [10, 10, 10]);
    paint(hair, 0, 0, 1, 700, [10, 10, 10]);
    expect(codes(hair)).toEqual(['black_border']);
    const ruled = written();
    for (const y of [400, 700, 1000]) paint(ruled, 0, y, WIDTH, 3, BLACK);
    expect(codes(ruled)).toEqual([]);
  });

  it('believe a stated resolution unless programs write it unasked or the print would be too small to read', () => {
    expect(judge(written(), { resolutionDpi: 150 })[0]).toMatchObject({
      code: 'low_resolution',
      params: { dpi: 150, limit: 200, source: 'declared' },
    });
    expect(codes(written(), { resolutionDpi: 72 })).toEqual([]);
    expect(codes(written(), { scale: 1 }, { sizes: ['A4', 'A5'] })).toEqual(['sheet_size']);
    const wild = judge(written(), { scale: 1, resolutionDpi: 600 });
    expect(wild).toMatchObject([{ code: 'low_resolution', params: { dpi: 150, source: 'estimated' } }]);
  });

  it('hold the scheme to its demand of colour', () => {
    const grey = write(paper([240, 240, 240]), 150, 1100, [30, 30, 30]);
    expect(codes(grey, {}, { colour: 'colour' })).toEqual(['not_colour']);
    expect(codes(grey, {}, { colour: 'grey' })).toEqual([]);
    expect(codes(written(), { fileColour: 'bitonal' }, { colour: 'grey' })).toEqual(['bitonal']);
  });

  it('tell a page too dark and writing too pale', () => {
    expect(codes(write(paper([120, 116, 110]), 150, 1100))).toContain('too_dark');
    expect(codes(write(paper(), 150, 1100, [205, 201, 196]))).toContain('too_pale');
  });

  it('find writing that the edge of the image cuts, and where on the upright page', () => {
    const cut = write(paper(), -8, 1100);
    const [finding] = judge(cut).filter((f) => f.code === 'text_cut');
    expect(finding).toMatchObject({ code: 'text_cut', severity: 'warning', params: { limit: 3 } });
    expect(finding?.box?.[0]).toBe(0);
    const [turned] = judge(cut, {}, {}, { orientation: 180 }).filter((f) => f.code === 'text_cut');
    expect((turned?.box?.[0] ?? 0) + (turned?.box?.[2] ?? 0)).toBe(WIDTH * 2);
  });

  it('find a folded corner, not the wedge that a skewed sheet leaves', () => {
    const folded = written();
    for (let y = 0; y < 150; y++) paint(folded, WIDTH - 150 + y, y, 150 - y, 1, [150, 146, 140]);
    expect(codes(folded)).toEqual(['folded_corner']);
    const wedge = written();
    for (let y = 0; y < 30; y++) paint(wedge, y * 40, y, WIDTH, 1, [150, 146, 140]);
    expect(codes(wedge)).not.toContain('folded_corner');
  });

  it('find a corner folded over under a white lid by the line of its fold, not a round stain or seal in the corner', () => {
    const folded = written();
    for (let y = 0; y < 160; y++) {
      paint(folded, 0, y, Math.max(0, 160 - y), 1, [242, 242, 240]);
      // The fold's shadow on the lid.
      paint(folded, Math.max(0, 154 - y), y, Math.min(6, 160 - y), 1, [205, 204, 200]);
    }
    const [finding] = judge(folded).filter((f) => f.code === 'folded_corner');
    expect(finding?.box?.[2]).toBeGreaterThan(240);
    expect(finding?.box?.[2]).toBeLessThan(400);
    const stained = written();
    for (let y = 0; y < 170; y++) paint(stained, 0, y, Math.round(Math.sqrt(170 * 170 - y * y)), 1, [228, 220, 200]);
    expect(codes(stained)).toEqual([]);
  });

  it('find a finger that points askew, not a ring of a seal in skin colours', () => {
    const askew = written();
    for (let y = 0; y < 150; y++) paint(askew, Math.round(y * 0.8) - 40, 1550 + y - 60, 105, 1, [190, 140, 116]);
    expect(codes(askew)).toEqual(['finger']);
    const ring = written();
    for (let y = -110; y <= 110; y++) {
      const half = Math.round(Math.sqrt(110 * 110 - y * y));
      paint(ring, WIDTH - half, 1600 + y, Math.min(14, half), 1, [205, 160, 140]);
    }
    expect(codes(ring)).not.toContain('finger');
  });

  it('take punched holes for no ink, and writing of a hole’s darkness for ink', () => {
    const punched = paper();
    for (const cy of [640, 1110])
      for (let y = -17; y <= 17; y++) {
        const half = Math.round(Math.sqrt(17 * 17 - y * y));
        paint(punched, 75 - half, cy + y, 2 * half, 1, [20, 20, 20]);
      }
    expect(codes(punched, {}, {}, { lineCount: 0 })).toEqual(['blank']);
    const words = paper();
    for (let x = 200; x < 700; x += 26) paint(words, x, 600, 18, 6, BLACK);
    for (let x = 200; x < 700; x += 26) paint(words, x + 7, 600, 4, 20, BLACK);
    expect(codes(words, {}, {}, { lineCount: 0 })).toEqual([]);
  });

  it('count a letter read in a hole as no writing, and words as writing', () => {
    const line = (text: string, confidence01: number) => ({ text, confidence01 });
    expect(countWriting([line('e', 0.9), line('—', 0.9), line('甲乙', 0.3)])).toBe(0);
    expect(countWriting([line('附件', 0.8), line('12', 0.9)])).toBe(2);
  });

  it('find a page that was moved up and down while it was taken', () => {
    const moved = written();
    const sharp = moved.data.slice();
    for (let y = 5; y < HEIGHT - 5; y++)
      for (let i = y * WIDTH * 3, end = i + WIDTH * 3; i < end; i++) {
        let sum = 0;
        for (let k = -5; k <= 5; k++) sum += sharp[i + k * WIDTH * 3]!;
        moved.data[i] = sum / 11;
      }
    expect(codes(moved)).toEqual(['blur']);
  });

  it('call writing burnt out where the paper is full white sooner than on paper that is not', () => {
    const ink = [165, 165, 165] as const;
    expect(codes(write(paper([255, 255, 255]), 150, 1100, ink))).toContain('too_pale');
    expect(codes(write(paper(), 150, 1100, ink))).not.toContain('too_pale');
  });

  it('find a finger, not a red seal at the edge', () => {
    const finger = written();
    for (let y = -60; y <= 60; y++) paint(finger, 0, 1500 + y, 130 + Math.round(Math.sqrt(3600 - y * y)), 1, [205, 168, 150]);
    expect(codes(finger)).toEqual(['finger']);
    const seal = written();
    paint(seal, 0, 1440, 150, 120, [205, 60, 70]);
    expect(codes(seal)).not.toContain('finger');
  });

  it('find a moiré pattern, and none in the grain of paper', () => {
    const waved = written();
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++)
        for (let c = 0, p = (y * WIDTH + x) * 3; c < 3; c++)
          waved.data[p + c] = Math.max(0, waved.data[p + c]! - 8 - Math.round(8 * Math.sin(x * 0.9 + y * 0.5)));
    expect(codes(waved)).toContain('moire');
    expect(measurePage(viewScan(written()), FACTS).moireTiles01).toBe(0);
  });

  it('tell turn and skew as what the optimised image puts right', () => {
    const told = judge(written(), {}, {}, { orientation: 90, skewDegrees: -1.4 });
    expect(told).toMatchObject([
      { code: 'orientation', severity: 'info' },
      { code: 'skew', severity: 'info', params: { degrees: -1.4, limit: 1 } },
    ]);
    expect(codes(written(), {}, {}, { skewDegrees: 0.9 })).toEqual([]);
  });
});

describe('the back of a sheet', () => {
  const digest = fc.stringMatching(/^[0-9a-f]{88}$/);
  it('is the mirror of its front: mirroring or turning twice gives the face again', () => {
    fc.assert(fc.property(digest, (d) => mirroredDigest(mirroredDigest(d)) === d && turnedDigest(turnedDigest(d)) === d));
  });

  const front = { pageDigest: `${'f0ff'.repeat(8)}${'00c0'.repeat(8)}${'fff0'.repeat(6)}`, lines: [{ text: '甲' }] } as unknown as Reading;
  const blank = (faintDigest: string) => ({ pageDigest: '0'.repeat(88), lines: [], measures: { faintDigest } }) as unknown as Reading;

  it('is known by what shows through, either way up, and is not any blank sheet', () => {
    const mirrored = mirroredDigest(front.pageDigest);
    expect(isBackOf(blank(mirrored), front)).toBe(true);
    expect(isBackOf(blank(turnedDigest(mirrored)), front)).toBe(true);
    expect(isBackOf(blank('5a'.repeat(44)), front)).toBe(false);
    expect(isBackOf(blank(''), front)).toBe(false);
  });

  it('is measured on the scan of a thin sheet, and nothing is on a face with ink', () => {
    const through = paper();
    const face = paper();
    for (const [x, y, w, h] of [
      [150, 200, 500, 300],
      [700, 600, 300, 500],
      [200, 1300, 240, 200],
    ] as const) {
      for (let row = y; row < y + h; row += 30) {
        paint(face, x, row, w, 12, BLACK);
        paint(through, WIDTH - x - w, row, w, 12, [233, 229, 217]);
      }
    }
    const back = { lines: [], pageDigest: '', measures: measurePage(viewScan(through), FACTS) } as unknown as Reading;
    const inked = { lines: [{ text: '甲' }], pageDigest: pageDigest(binarise(toGray(face), 20, 18)) } as unknown as Reading;
    const other = { ...inked, pageDigest: mirroredDigest(inked.pageDigest) };
    expect(isBackOf(back, inked)).toBe(true);
    expect(isBackOf(back, other)).toBe(false);
    expect(measurePage(viewScan(face), FACTS).faintDigest).toBe('');
  });
});
