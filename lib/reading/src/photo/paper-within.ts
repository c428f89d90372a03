import type { EdgeField } from './edges.ts';
import { carry, layUnitSquare } from './homography.ts';
import type { Corners } from './quadrangle.ts';

/** What lies within four corners and just outside of them. */
export interface Within {
  /** Light that most of it has, in steps. */
  readonly luma: number;
  /** Share of it near that luma, allowing for falling light. */
  readonly even01: number;
  /** How coloured most of it is, in steps. */
  readonly colour: number;
  /** How far, side by side, the outside differs from the inside in light and colour, in steps; from the first corner's side on. */
  readonly contrasts: readonly number[];
  /** As contrasts, with a sign: above 0 where the inside is lighter. */
  readonly lifts: readonly number[];
}

const GRID = 14;
const [INSET_01, OUTSET_01] = [0.035, 0.035];
const ALONG = 12;
/** Neighbouring places on paper differ less than this, in steps of the light plane. */
const NEIGHBOURS_STEPS = 9;

/** Looks at places of a grid within the corners, and at pairs of places on both sides of each side. */
export function lookWithin({ width, height, planes }: EdgeField, corners: Corners): Within {
  const map = layUnitSquare(corners);
  const indexAt = (u: number, v: number) => {
    const { x, y } = carry(map, { x: u, y: v });
    if (!(x >= 0 && y >= 0 && x < width && y < height)) return -1;
    return Math.floor(y) * width + Math.floor(x);
  };
  const lumas: number[] = [];
  const colours: number[] = [];
  const cells = new Float64Array(GRID * GRID);
  for (let j = 0; j < GRID; j++)
    for (let i = 0; i < GRID; i++) {
      const k = indexAt(0.04 + (0.92 * (i + 0.5)) / GRID, 0.04 + (0.92 * (j + 0.5)) / GRID);
      const v = k < 0 ? -1 : planes[0]![k]!;
      cells[j * GRID + i] = v;
      if (k < 0) continue;
      lumas.push(v);
      colours.push(Math.max(Math.abs(planes[1]![k]!), Math.abs(planes[2]![k]!)));
    }
  lumas.sort((a, b) => a - b);
  const luma = lumas[Math.floor(lumas.length * 0.6)] ?? 0;
  const sides = [0, 1, 2, 3].map((s) => acrossSide(planes, indexAt, s));
  return {
    luma,
    colour: middleOf(colours),
    even01: evenShare(cells),
    contrasts: sides.map((s) => s.contrast),
    lifts: sides.map((s) => s.lift),
  };
}

/** Neighbours on paper differ little, whatever the light does over the page. */
function evenShare(cells: Float64Array): number {
  let [even, all] = [0, 0];
  for (let j = 0; j < GRID; j++)
    for (let i = 0; i < GRID; i++) {
      const v = cells[j * GRID + i]!;
      for (const w of [i + 1 < GRID ? cells[j * GRID + i + 1]! : -1, j + 1 < GRID ? cells[(j + 1) * GRID + i]! : -1]) {
        if (v < 0 || w < 0) continue;
        all++;
        if (Math.abs(v - w) < NEIGHBOURS_STEPS) even++;
      }
    }
  return all ? even / all : 0;
}

function acrossSide(planes: readonly Float32Array[], indexAt: (u: number, v: number) => number, side: number) {
  const differences: number[] = [];
  const lifts: number[] = [];
  for (let i = 0; i < ALONG; i++) {
    const t = 0.06 + (0.88 * (i + 0.5)) / ALONG;
    const place = (depth: number): [number, number] =>
      side === 0 ? [t, depth] : side === 1 ? [1 - depth, t] : side === 2 ? [t, 1 - depth] : [depth, t];
    const inside = indexAt(...place(INSET_01));
    const outside = indexAt(...place(-OUTSET_01));
    if (inside < 0 || outside < 0) continue;
    const [dl, dr, db] = planes.map((plane) => plane[inside]! - plane[outside]!) as [number, number, number];
    differences.push(Math.max(Math.abs(dl), 1.2 * Math.abs(dr), 1.2 * Math.abs(db)));
    lifts.push(dl);
  }
  return { contrast: middleOf(differences), lift: middleOf(lifts) };
}

const middleOf = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
