import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binarise } from './binarise.ts';
import { toDeskewed, toScan, turnedFrame } from './frame.ts';
import { inReadingOrder } from './order.ts';
import { type Gray, makeGray, turnGray } from './raster.ts';
import { findRulings, turnRuling } from './rulings.ts';
import { estimateSkewDegrees } from './skew.ts';

describe('the deskewed page and the scan', () => {
  it('map onto each other and back', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.2, max: 0.2, noNaN: true }), fc.nat(2480), fc.nat(3508), (skewRad, x, y) => {
        const frame = { width: 2480, height: 3508, skewRad };
        const back = toDeskewed(frame, ...toScan(frame, x, y));
        expect(back[0]).toBeCloseTo(x, 6);
        expect(back[1]).toBeCloseTo(y, 6);
      }),
    );
  });

  it('turning an image by a quarter four times gives it back, and three quarters undo one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (width, height) => {
        const image: Gray = { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => (i * 37) % 251) };
        expect(turnGray(turnGray(image, 90), 270)).toEqual(image);
        expect(turnGray(turnGray(image, 180), 180)).toEqual(image);
        expect(turnGray(turnGray(image, 90), 90)).toEqual(turnGray(image, 180));
      }),
    );
  });

  it.each([0, 90, 180, 270] as const)(
    'a page looked at through a turned frame shows what turning its pixels by %i degrees shows',
    (turn) => {
      const upright: Gray = { width: 5, height: 3, data: Uint8Array.from({ length: 15 }, (_, i) => i) };
      const scan = turnGray(upright, turn);
      const frame = turnedFrame({ width: 5, height: 3, skewRad: 0 }, turn);
      for (let y = 0; y < 3; y++) {
        for (let x = 0; x < 5; x++) {
          const [sx, sy] = toScan(frame, x + 0.5, y + 0.5);
          expect(scan.data[Math.floor(sy) * scan.width + Math.floor(sx)]).toBe(upright.data[y * 5 + x]);
          const back = toDeskewed(frame, sx, sy);
          expect([back[0], back[1]]).toEqual([expect.closeTo(x + 0.5, 6), expect.closeTo(y + 0.5, 6)]);
        }
      }
    },
  );
});

/** A page of level strokes in lines, turned clockwise by `degrees`. */
function skewedPage(degrees: number) {
  const [width, height] = [1240, 1754];
  const gray = makeGray(width, height);
  gray.data.fill(240);
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = (x - width / 2) * c + (y - height / 2) * s + width / 2;
      const v = (y - height / 2) * c - (x - width / 2) * s + height / 2;
      const inText = u > 150 && u < 1100 && v > 200 && v < 1500;
      if (inText && v % 60 > 25 && v % 60 < 50 && u % 29 > 6 && (v % 60) % 8 < 3 + (Math.floor(u / 29) % 4)) gray.data[y * width + x] = 30;
    }
  }
  return gray;
}

describe('estimateSkewDegrees', () => {
  it.each([0, 0.4, -1.3, 3.7, -6])('finds a skew of %f degrees within a tenth', (degrees) => {
    expect(Math.abs(estimateSkewDegrees(binarise(skewedPage(degrees), 20, 18)) - degrees)).toBeLessThan(0.1);
  });

  it('says nothing of an empty sheet', () => {
    const gray = makeGray(1240, 1754);
    gray.data.fill(235);
    expect(estimateSkewDegrees(binarise(gray, 20, 18))).toBe(0);
  });
});

describe('findRulings', () => {
  /** A table of three columns and two rows with a stroke in each cell. */
  function table() {
    const ink = makeGray(1240, 1754);
    const fill = (x0: number, y0: number, x1: number, y1: number) => {
      for (let y = y0; y < y1; y++) ink.data.fill(1, y * 1240 + x0, y * 1240 + x1);
    };
    for (const y of [300, 400, 500]) fill(100, y, 1000, y + 2);
    for (const x of [100, 400, 700, 999]) fill(x, 300, x + 2, 502);
    for (const x of [200, 500, 800]) fill(x, 350, x + 40, 354);
    return ink;
  }

  it('finds the lines of a table and not the strokes in its cells', () => {
    const rulings = findRulings(table(), 1);
    expect(rulings.filter((r) => r.direction === 'level').map((r) => Math.round(r.atFrom))).toEqual([301, 401, 501]);
    expect(rulings.filter((r) => r.direction === 'upright')).toHaveLength(4);
  });

  it('takes a row of characters for no line', () => {
    const ink = makeGray(1240, 1754);
    for (let k = 0; k < 12; k++)
      for (let y = 300; y < 325; y += 6) ink.data.fill(1, y * 1240 + 200 + k * 27, y * 1240 + 200 + k * 27 + 23 - (k % 3) * 4);
    expect(findRulings(ink, 1)).toEqual([]);
  });

  it('turns a ruling with its page', () => {
    const level = { direction: 'level', from: 10, to: 200, atFrom: 50, atTo: 52, thickness: 2 } as const;
    fc.assert(
      fc.property(fc.constantFrom(90 as const, 180 as const, 270 as const), (turn) => {
        const [w, h] = [1240, 1754];
        const once = turnRuling(level, turn, w, h);
        const [w2, h2] = turn === 180 ? [w, h] : [h, w];
        expect(turnRuling(once, ((360 - turn) % 360) as 90 | 180 | 270, w2, h2)).toEqual(level);
      }),
    );
    expect(turnRuling(level, 90, 1240, 1754)).toMatchObject({ direction: 'upright', from: 1040, to: 1230 });
  });
});

describe('inReadingOrder', () => {
  const line = (name: string, left: number, top: number, width = 300, height = 40) => ({
    name,
    rect: { cx: left + width / 2, cy: top + height / 2, w: width, h: height, angleRad: 0 },
  });
  const names = (lines: readonly { name: string }[]) => lines.map((l) => l.name).join(' ');

  it('reads columns of running text one after the other', () => {
    const lines = [0, 1, 2, 3].flatMap((k) => [line(`b${k}`, 700, 205 + k * 60, 500), line(`a${k}`, 100, 200 + k * 60, 500)]);
    expect(names(inReadingOrder([...lines, line('title', 300, 50, 600)]))).toBe('title a0 a1 a2 a3 b0 b1 b2 b3');
  });

  it('reads a table row by row, and a cell of several lines whole', () => {
    const rows = [
      line('value', 400, 100),
      line('name', 100, 102, 120),
      line('opinion1', 400, 200, 700),
      line('label', 100, 225, 120),
      line('opinion2', 400, 250, 700),
    ];
    expect(names(inReadingOrder(rows))).toBe('name value label opinion1 opinion2');
  });
});
