import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codedLength, decodeBits, encodeBits } from './convolution.ts';
import { MarkFinder } from './find-mark.ts';
import { CELLS_A_PAGE, layMarks, signsOf } from './invisible.ts';
import { findNumber, frameOf, layoutOf, type MarkHmac, PILOT_CELLS } from './mark-key.ts';
import { planeOf, type Raster } from './plane.ts';

const keyed =
  (key: string): MarkHmac =>
  (...parts) => {
    const h = createHmac('sha256', key);
    for (const part of parts) h.update(part);
    return h.digest();
  };
const own = keyed('own');
const NO_INK = { periodEm: [8, 8], levels: [{ widthPx: 8, heightPx: 8, ink: new Uint8Array(64) }] } as const;
const bits = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 84, maxLength: 84 }).map((b) => Uint8Array.from(b));

/** Paper with some writing and grain, 620 × 877 pixels. */
function paper(): Raster {
  const [widthPx, heightPx] = [620, 877];
  const data = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      const isWriting = y % 24 < 8 && x > 60 && x < 560 && (x * 7 + y * 13) % 11 < 5;
      data[y * widthPx + x] = isWriting ? 40 : 246 + ((x * 31 + y * 17 + x * y) % 5);
    }
  return { widthPx, heightPx, channels: 1, data };
}

const marked = (hmac: MarkHmac, number: bigint, degrees?: 0 | 90 | 180 | 270) => withSigns(signsOf(hmac, number), degrees);

function withSigns(signs: Int8Array, degrees: 0 | 90 | 180 | 270 = 0): Raster {
  const page = paper();
  const { widthPx, heightPx } = page;
  const plane = planeOf({ crop: { x: 0, y: 0, width: widthPx, height: heightPx }, widthPx, heightPx, mirror: false, degrees });
  // Turned: the pattern is, the page below it is the same: writing tells the finder nothing.
  const under = degrees % 180 ? { ...page, widthPx: heightPx, heightPx: widthPx } : page;
  return layMarks(under, plane, { sheet: NO_INK, emPagePx: 8, strength01: 0 }, { signs, cellPagePx: heightPx / CELLS_A_PAGE });
}

/** A page so many times smaller: means over what each pixel covers. */
function reduced({ widthPx, heightPx, data }: Raster, by: number): Raster {
  const [w, h] = [Math.floor(widthPx / by), Math.floor(heightPx / by)];
  const out = Uint8Array.from({ length: w * h }, (_, at) => {
    const [x0, y0] = [(at % w) * by, Math.floor(at / w) * by];
    let sum = 0;
    let count = 0;
    for (let y = Math.floor(y0); y < y0 + by; y++)
      for (let x = Math.floor(x0); x < x0 + by; x++, count++) sum += data[Math.min(heightPx - 1, y) * widthPx + Math.min(widthPx - 1, x)]!;
    return sum / count;
  });
  return { widthPx: w, heightPx: h, channels: 1, data: out };
}

/** The lower half of a page at the left of a screen; the rest is a light panel with lines of text. */
function screenWith(page: Raster): Raster {
  const [widthPx, heightPx] = [640, page.heightPx >> 1];
  const data = Uint8Array.from({ length: widthPx * heightPx }, (_, at) => {
    const [x, y] = [at % widthPx, Math.floor(at / widthPx)];
    if (x < page.widthPx) return page.data[(y + page.heightPx - heightPx) * page.widthPx + x]!;
    return y % 20 < 9 && (x * 5 + y * 3) % 7 < 3 ? 70 : 250;
  });
  return { widthPx, heightPx, channels: 1, data };
}

describe('the code of a mark', () => {
  it('gives back what was encoded, also when some of it is lost', () => {
    fc.assert(
      fc.property(bits, fc.array(fc.nat(179), { maxLength: 6 }), (sent, lost) => {
        const soft = Float64Array.from(encodeBits(sent), (b) => (b ? 1 : -1));
        expect(soft).toHaveLength(codedLength(84));
        for (const at of lost) soft[at] = 0;
        // The code's free distance is 10: nine erasures are always filled.
        expect([...decodeBits(soft)]).toEqual([...sent]);
      }),
    );
  });

  it('tells a number from any other bits by its tag', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 60n) - 1n }), fc.nat(83), (number, at) => {
        const frame = frameOf(own, number);
        expect(findNumber(own, frame)).toBe(number);
        expect(findNumber(keyed('other'), frame)).toBeNull();
        frame[at]! ^= 1;
        expect(findNumber(own, frame)).toBeNull();
      }),
      { numRuns: 50 },
    );
  });

  it('uses each cell of the pattern once', () => {
    const { cells, signs } = layoutOf(own);
    expect(new Set(cells).size).toBe(1024);
    const light = signs.reduce((n, s) => n + (s === 1 ? 1 : 0), 0);
    expect(light).toBeGreaterThan(400);
    expect(light).toBeLessThan(624);
    expect(cells.length).toBeGreaterThan(PILOT_CELLS + codedLength(84));
  });
});

describe('finding a mark', () => {
  const finder = new MarkFinder(own);
  it('reads the number under a key, whichever way the page is turned', () => {
    for (const degrees of [0, 90, 180, 270] as const) {
      const found = finder.find(reduced(marked(own, 123_456_789_012_345n + BigInt(degrees), degrees), 2));
      expect([found?.number, found?.turned]).toEqual([123_456_789_012_345n + BigInt(degrees), degrees]);
    }
  });

  it('finds nothing on bare paper, or under another key', () => {
    expect(finder.find(reduced(paper(), 2))).toBeNull();
    expect(finder.find(reduced(marked(keyed('other'), 5n), 2))).toBeNull();
  });

  it('reads a part of a page among the panels of a program, at cells of three pixels and a half', () => {
    expect(finder.find(screenWith(reduced(marked(own, 77n), 2.2)))?.number).toBe(77n);
    expect(finder.find(screenWith(reduced(marked(keyed('other'), 77n), 2.2)))).toBeNull();
  });

  it('names nobody by its own pilots when the tag is another’s', () => {
    const forged = signsOf(keyed('other'), 78n, layoutOf(own));
    expect(finder.find(reduced(withSigns(forged), 2))).toBeNull();
    expect(finder.find(reduced(withSigns(signsOf(own, 78n, layoutOf(own))), 2))?.number).toBe(78n);
  });

  it('says nothing of a picture that is too small, or empty', () => {
    expect(finder.find({ widthPx: 3, heightPx: 3, data: new Uint8Array(9) })).toBeNull();
    expect(finder.find({ widthPx: 300, heightPx: 300, data: new Uint8Array(90_000).fill(255) })).toBeNull();
  });

  it('moves no pixel by more than it may', () => {
    const page = paper();
    const { data } = marked(own, 1n);
    expect(data.every((v, i) => Math.abs(v - page.data[i]!) <= 6)).toBe(true);
  });
});
