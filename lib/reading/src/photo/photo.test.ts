import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rgb } from '../raster.ts';
import {
  type CornerMarks,
  type Corners,
  carry,
  cornersOf,
  distance,
  findCornerFault,
  findSheet,
  holds,
  invert,
  layFlat,
  layUnitSquare,
  markCorners,
  orderCorners,
  type Point,
  planFlat,
  resolutionOf,
} from './index.ts';

const [WIDTH, HEIGHT] = [480, 640];
type Colour = readonly [number, number, number];

function table(colour: Colour = [96, 74, 58]): Rgb {
  const image: Rgb = { width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT * 3) };
  let seed = 7;
  for (let y = 0, p = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++, p += 3) {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      const grain = ((seed >> 16) % 9) - 4 + Math.round(6 * Math.sin(y / 3));
      for (let c = 0; c < 3; c++) image.data[p + c] = colour[c]! + grain;
    }
  return image;
}

/** Lays a sheet with lines of writing and a dark heading on a picture; nearer colours than the table's where told. */
function lay(image: Rgb, corners: Corners, colour: Colour = [232, 229, 220]): Rgb {
  const back = invert(layUnitSquare(corners));
  for (let y = 0, p = 0; y < image.height; y++)
    for (let x = 0; x < image.width; x++, p += 3) {
      const place = { x: x + 0.5, y: y + 0.5 };
      if (!holds(corners, place)) continue;
      const { x: u, y: v } = carry(back, place);
      const isLine = v > 0.12 && v < 0.9 && u > 0.1 && u < 0.88 && (v * 34) % 1 < 0.35 && (u * 60) % 1 < 0.7;
      const light = isLine ? 0.25 : 1 - 0.25 * u * v;
      for (let c = 0; c < 3; c++) image.data[p + c] = colour[c]! * light;
    }
  return image;
}

const at = (...places: readonly [number, number][]) => places.map(([x, y]) => ({ x, y })) as unknown as Corners;
const SHEET = at([82, 70], [402, 96], [424, 560], [58, 528]);
const diagonal = Math.hypot(WIDTH, HEIGHT);

describe('a sheet on a photograph', () => {
  it('is found to within a hundredth of the diagonal, and said to be sure', () => {
    const search = findSheet(lay(table(), SHEET));
    if (search.kind !== 'found') return expect.fail(search.kind);
    for (const [i, corner] of search.corners.entries()) expect(distance(corner, SHEET[i]!)).toBeLessThan(diagonal * 0.01);
    expect(search).toMatchObject({ sidesCut: 0 });
    expect(search.confidence01).toBeGreaterThan(0.8);
  });
  it('is found turned, and where it is hardly lighter than the table', () => {
    const turned = at([250, 60], [430, 330], [215, 590], [40, 300]);
    const search = findSheet(lay(table([158, 155, 148]), turned));
    if (search.kind !== 'found') return expect.fail(search.kind);
    const worst = turned.map((p) => Math.min(...search.corners.map((q) => distance(p, q))));
    expect(Math.max(...worst)).toBeLessThan(diagonal * 0.01);
  });
  it('that reaches over the picture is told to be cut', () => {
    const search = findSheet(lay(table(), at([70, -80], [410, -60], [430, 520], [50, 540])));
    expect(search.kind === 'found' ? search.sidesCut : 0).toBeGreaterThan(0);
  });
  it('beside another is for a person to choose', () => {
    const image = lay(table(), at([40, 60], [215, 66], [220, 320], [36, 316]));
    expect(findSheet(lay(image, at([260, 300], [446, 306], [440, 580], [256, 574]))).kind).toBe('several');
  });
  it('is not made up where there is none', () => {
    const search = findSheet(table());
    expect(search.kind === 'found' ? search.confidence01 : 0).toBeLessThan(0.5);
    expect(findSheet({ width: 8, height: 8, data: new Uint8Array(192) }).kind).toBe('none');
  });
});

const marks = fc
  .tuple(...[0, 1, 2, 3].map(() => fc.tuple(fc.integer({ min: 0, max: 18_000 }), fc.integer({ min: 0, max: 18_000 }))))
  .map(([a, b, c, d]) => [a, [65_536 - b![0], b![1]], [65_536 - c![0], 65_536 - c![1]], [d![0], 65_536 - d![1]]] as unknown as CornerMarks);

describe('corners', () => {
  it('written down are the same corners again', () => {
    fc.assert(
      fc.property(marks, (m) =>
        markCorners(cornersOf(m, { width: 4032, height: 3024 }), { width: 4032, height: 3024 })
          .flat()
          .every((v, i) => v === m.flat()[i]),
      ),
    );
  });
  it('are told in one order, wherever one begins and whichever way one goes round', () => {
    const round = [SHEET[2], SHEET[3], SHEET[0], SHEET[1]];
    expect(orderCorners(round)).toEqual(SHEET);
    expect(orderCorners([...round].reverse())).toEqual(SHEET);
    expect(
      orderCorners([
        { x: 0, y: 0 },
        { x: 9, y: 0 },
        { x: 3, y: 3 },
        { x: 0, y: 9 },
      ]),
    ).toBeNull();
  });
  it('that cross or enclose nothing are no sheet', () => {
    const size = { width: 1000, height: 1000 };
    const square: CornerMarks = [
      [0, 0],
      [65536, 0],
      [65536, 65536],
      [0, 65536],
    ];
    expect(findCornerFault(square, size)).toBeNull();
    expect(findCornerFault([square[0], square[2], square[1], square[3]], size)).toBe('crossed');
    expect(
      findCornerFault(
        [
          [0, 0],
          [6000, 0],
          [6000, 6000],
          [0, 6000],
        ],
        size,
      ),
    ).toBe('small');
  });
});

describe('laying flat', () => {
  it('maps there and back', () => {
    const place = fc.record({ x: fc.double({ min: 0, max: 1, noNaN: true }), y: fc.double({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(marks, place, (m, p: Point) => {
        const map = layUnitSquare(cornersOf(m, { width: 4000, height: 3000 }));
        return distance(carry(invert(map), carry(map, p)), p) < 1e-9;
      }),
    );
  });
  it('changes no pixel of a picture whose corners are its own', () => {
    const image = lay(table(), SHEET);
    const whole: CornerMarks = [
      [0, 0],
      [65536, 0],
      [65536, 65536],
      [0, 65536],
    ];
    const flat = layFlat(image, { corners: whole, widthPx: WIDTH, heightPx: HEIGHT });
    expect(flat.data.every((v, i) => v === image.data[i])).toBe(true);
  });
  it('gives the sheet upright, as it is wide and high, with no more pixels than show it', () => {
    const image = lay(table(), SHEET);
    const plan = planFlat(markCorners(SHEET, image), image, null);
    const flat = layFlat(image, plan);
    const shown = distance(SHEET[0], SHEET[1]) * distance(SHEET[1], SHEET[2]);
    expect((flat.width * flat.height) / shown).toBeLessThan(1.15);
    const green = (u: number, v: number) => flat.data[(Math.floor(v * flat.height) * flat.width + Math.floor(u * flat.width)) * 3 + 1]!;
    for (const [u, v] of [
      [0.02, 0.02],
      [0.98, 0.02],
      [0.98, 0.97],
      [0.02, 0.97],
    ] as const)
      expect(green(u, v)).toBeGreaterThan(150);
    const again = layFlat(image, plan).data;
    expect(again.length === flat.data.length && again.every((v, i) => v === flat.data[i])).toBe(true);
  });
  it('takes the shape of the paper that a person names, and tells its resolution then alone', () => {
    const image = lay(table(), SHEET);
    const corners = markCorners(SHEET, image);
    const a4 = planFlat(corners, image, 'A4');
    expect(a4.heightPx / a4.widthPx).toBeCloseTo(297 / 210, 1);
    expect(resolutionOf(a4, 'A4')).toBe(Math.round((a4.heightPx * 25.4) / 297));
    expect(resolutionOf(planFlat(corners, image, null), null)).toBeNull();
  });
  it('tells the shape of a sheet seen at a slant by its perspective', () => {
    // A4 seen by a pinhole with a focal length of 700 px, tipped back by 35 degrees and aside by 25.
    const [focal, tip, aside] = [700, (35 * Math.PI) / 180, (25 * Math.PI) / 180];
    const a4 = [
      [-105, -148.5],
      [105, -148.5],
      [105, 148.5],
      [-105, 148.5],
    ] as const;
    const seen = at(
      ...a4.map(([x, y]): [number, number] => {
        const depth = 560 - y * Math.sin(tip) * Math.cos(aside) - x * Math.sin(aside);
        return [
          WIDTH / 2 + (focal * (x * Math.cos(aside) - y * Math.sin(tip) * Math.sin(aside))) / depth,
          HEIGHT / 2 + (focal * y * Math.cos(tip)) / depth,
        ];
      }),
    );
    const { widthPx, heightPx } = planFlat(markCorners(seen, { width: WIDTH, height: HEIGHT }), { width: WIDTH, height: HEIGHT }, null);
    expect(heightPx / widthPx).toBeCloseTo(297 / 210, 1);
  });
});
