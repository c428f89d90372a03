import type { Rgb } from '../raster.ts';
import { carry, layUnitSquare } from './homography.ts';
import { areaOf, type Corners, distance, isConvex } from './quadrangle.ts';

/** Name and version of what is done here. The version changes whenever the same photograph and corners may come out otherwise. */
export const FLATTENER = { name: 'lantai-lay-flat', version: '1' } as const;

/** Corners as written down: in 1/65536 of the photograph's width and height, whole numbers, clockwise from the sheet's top left. */
export type CornerMarks = readonly [CornerMark, CornerMark, CornerMark, CornerMark];
/** x and y of one corner. */
export type CornerMark = readonly [number, number];

/** What a photograph is laid flat by: all that is needed to do it again. */
export interface FlatPlan {
  readonly corners: CornerMarks;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Paper of which a sheet can be said to be, long side and short side in millimetres. Source: ISO 216; 8K and 16K as cut in China (GB/T 788). */
export const PAPERS = {
  A3: [420, 297],
  A4: [297, 210],
  A5: [210, 148],
  B5: [250, 176],
  '8K': [370, 260],
  '16K': [260, 185],
} as const satisfies Record<string, readonly [number, number]>;
export type PaperName = keyof typeof PAPERS;

const MARKS = 65536;
/** A sheet smaller than this on the photograph shows nothing that could be read, as a share of its area. */
const AREA_MIN_01 = 0.02;
/** No sheet is longer than this many times its width: sides measured otherwise are an error. */
const LONGEST = 4;
/** Focal lengths of cameras, as multiples of the picture's long side; a view that does not tell its own is taken for one of a telephone (26 mm of 36). */
const [FOCAL_MIN, FOCAL_MAX, FOCAL_USUAL] = [0.4, 5, 0.8];
/** Perspective changes the shape by no more than this, or the corners were no sheet's. */
const SLANT_01 = 0.65;

/** Writes corners down. */
export function markCorners(corners: Corners, { width, height }: Pick<Rgb, 'width' | 'height'>): CornerMarks {
  const within = (v: number) => Math.max(0, Math.min(MARKS, Math.round(v)));
  return corners.map((p): CornerMark => [within((p.x * MARKS) / width), within((p.y * MARKS) / height)]) as unknown as CornerMarks;
}

/** Corners as pixels of a photograph of this size: what `markCorners` wrote, but for rounding. */
export function cornersOf(marks: CornerMarks, { width, height }: Pick<Rgb, 'width' | 'height'>): Corners {
  return marks.map(([x, y]) => ({ x: (x * width) / MARKS, y: (y * height) / MARKS })) as unknown as Corners;
}

/** Why corners are no sheet: they cross, go round the wrong way, or enclose next to nothing. Null when they are one. */
export function findCornerFault(marks: CornerMarks, size: Pick<Rgb, 'width' | 'height'>): 'crossed' | 'small' | null {
  const corners = cornersOf(marks, size);
  if (!isConvex(corners)) return 'crossed';
  return areaOf(corners) < AREA_MIN_01 * size.width * size.height ? 'small' : null;
}

/**
 * The size of a sheet laid flat. It has as many pixels as show it on the photograph, so none is made up but by drawing between its neighbours; its shape
 * is that of the paper it is said to be, or else told by the perspective.
 * @param paper as a person said; null: not known
 */
export function planFlat(marks: CornerMarks, size: Pick<Rgb, 'width' | 'height'>, paper: PaperName | null): FlatPlan {
  const corners = cornersOf(marks, size);
  const seen = shapeOf(corners, size);
  const shape = paper ? (seen >= 1 ? PAPERS[paper][0] / PAPERS[paper][1] : PAPERS[paper][1] / PAPERS[paper][0]) : seen;
  const area = areaOf(corners);
  const widthPx = Math.max(1, Math.round(Math.sqrt(area * shape)));
  return { corners: marks, widthPx, heightPx: Math.max(1, Math.round(widthPx / shape)) };
}

/** Pixels an inch of a sheet laid flat whose paper is known; null where it is not. */
export function resolutionOf({ widthPx, heightPx }: Pick<FlatPlan, 'widthPx' | 'heightPx'>, paper: PaperName | null): number | null {
  return paper ? Math.round((Math.max(widthPx, heightPx) * 25.4) / PAPERS[paper][0]) : null;
}

/**
 * Width over height of the sheet itself. Two vanishing points give the camera's focal length, its middle being the picture's, and that the shape; a
 * view that has one or none is taken for a telephone's.  Source: Zhang and He, Whiteboard scanning and image enhancement, 2007, section 4.
 */
function shapeOf(corners: Corners, { width, height }: Pick<Rgb, 'width' | 'height'>): number {
  const [tl, tr, br, bl] = corners.map((p) => [p.x - width / 2, p.y - height / 2, 1] as const) as [Vector, Vector, Vector, Vector];
  const plain =
    (distance(corners[0], corners[1]) + distance(corners[3], corners[2])) /
    (distance(corners[0], corners[3]) + distance(corners[1], corners[2]));
  const k2 = dot(cross(tl, br), bl) / dot(cross(tr, br), bl);
  const k3 = dot(cross(tl, br), tr) / dot(cross(bl, br), tr);
  const across = minus(scaled(tr, k2), tl);
  const down = minus(scaled(bl, k3), tl);
  const focal2 = -(across[0] * down[0] + across[1] * down[1]) / (across[2] * down[2]);
  const long = Math.max(width, height);
  const told = focal2 > FOCAL_MIN * FOCAL_MIN * long * long && focal2 < FOCAL_MAX * FOCAL_MAX * long * long;
  const squared = told ? focal2 : FOCAL_USUAL * FOCAL_USUAL * long * long;
  const length2 = (v: Vector) => (v[0] * v[0] + v[1] * v[1]) / squared + v[2] * v[2];
  const shape = Math.sqrt(length2(across) / length2(down));
  return bounded(shape > SLANT_01 * plain && shape < plain / SLANT_01 ? shape : plain);
}

type Vector = readonly [number, number, number];
const cross = (a: Vector, b: Vector): Vector => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const scaled = (a: Vector, by: number): Vector => [a[0] * by, a[1] * by, a[2] * by];
const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const bounded = (shape: number) => Math.max(1 / LONGEST, Math.min(LONGEST, shape));

/**
 * The sheet laid flat. Each pixel is drawn between its four neighbours on the photograph, in whole numbers from places counted in 1/256 of a pixel; the
 * places come of the four operations of arithmetic alone. The same photograph and plan give the same pixels on every machine.
 */
export function layFlat(photograph: Rgb, plan: FlatPlan): Rgb {
  const { widthPx: width, heightPx: height } = plan;
  const map = layUnitSquare(cornersOf(plan.corners, photograph));
  const out = new Uint8Array(width * height * 3);
  const { data } = photograph;
  const stride = photograph.width * 3;
  const maxX = (photograph.width - 1) * 256;
  const maxY = (photograph.height - 1) * 256;
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 3) {
      const place = carry(map, { x: (x + 0.5) / width, y: (y + 0.5) / height });
      const fineX = Math.max(0, Math.min(maxX, Math.floor((place.x - 0.5) * 256 + 0.5)));
      const fineY = Math.max(0, Math.min(maxY, Math.floor((place.y - 0.5) * 256 + 0.5)));
      const i = (fineY >> 8) * stride + (fineX >> 8) * 3;
      const [fx, fy] = [fineX & 255, fineY & 255];
      const right = fx ? 3 : 0;
      const below = fy ? stride : 0;
      for (let c = 0; c < 3; c++) {
        const k = i + c;
        const top = data[k]! * 256 + (data[k + right]! - data[k]!) * fx;
        const low = data[k + below]! * 256 + (data[k + below + right]! - data[k + below]!) * fx;
        out[o + c] = (top * 256 + (low - top) * fy + 32768) >> 16;
      }
    }
  }
  return { data: out, width, height };
}
