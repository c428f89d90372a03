import type { EdgeField } from './edges.ts';
import { areaOf, type Corners, meet, orderCorners, type Point } from './quadrangle.ts';
import type { Side } from './sides.ts';

/** Four lines that may be the sides of a sheet. */
export interface Candidate {
  readonly corners: Corners;
  /** Sides in the order of the corners: the first from the first corner to the second. */
  readonly sides: readonly Side[];
  /** By its edges alone, 0 to 1. */
  readonly edges01: number;
  /** By its edges and its size; higher is better. */
  readonly score: number;
  /** How many of its sides are edges of the picture. */
  readonly framed: number;
  /** The least share of a side, other than the picture's edge, along which an edge is seen. */
  readonly weakest01: number;
}

/** Opposite sides of a sheet are seen at most so far from parallel, neighbours at least so far; as cosines of 40 and sines of 45 degrees. */
const [PARALLEL_COS, CROSSING_SIN] = [0.766, 0.64];
/** Of the picture's area and long side. */
const [AREA_MIN_01, SIDE_MIN_01] = [0.08, 0.12];
/** A corner may lie so far outside the picture, of its long side. */
const OUTSIDE_01 = 0.02;
/** A side that an edge is seen along for less than this is none. */
const SUPPORT_MIN_01 = 0.35;
/** What a side counts that is the picture's own edge. */
const FRAME_SUPPORT_01 = 0.45;
const KEPT = 60;

interface Pair {
  readonly a: Side;
  readonly b: Side;
}

/** The likeliest sheets by their edges alone, the best first. Each pair of opposite sides with each: sums along the lines make one cheap. */
export function listCandidates(field: EdgeField, sides: readonly Side[]): Candidate[] {
  const pairs = listPairs(field, sides);
  const out: Candidate[] = [];
  for (let i = 0; i < pairs.length; i++)
    for (let j = i + 1; j < pairs.length; j++) {
      const candidate = tryPairs(field, pairs[i]!, pairs[j]!);
      if (!candidate) continue;
      out.push(candidate);
      if (out.length > 8 * KEPT) {
        out.sort((p, q) => q.score - p.score);
        out.length = 4 * KEPT;
      }
    }
  return out.sort((p, q) => q.score - p.score).slice(0, KEPT);
}

function listPairs({ width, height }: EdgeField, sides: readonly Side[]): Pair[] {
  const middle = { x: width / 2, y: height / 2 };
  const least = SIDE_MIN_01 * Math.max(width, height);
  const out: Pair[] = [];
  for (let i = 0; i < sides.length; i++)
    for (let j = i + 1; j < sides.length; j++) {
      const [a, b] = [sides[i]!, sides[j]!];
      const cos = a.nx * b.nx + a.ny * b.ny;
      if (Math.abs(cos) < PARALLEL_COS) continue;
      const offA = a.rho - a.nx * middle.x - a.ny * middle.y;
      const offB = (b.rho - b.nx * middle.x - b.ny * middle.y) * Math.sign(cos);
      if (Math.abs(offA - offB) >= least) out.push({ a, b });
    }
  return out;
}

function tryPairs({ width, height }: EdgeField, p: Pair, q: Pair): Candidate | null {
  if (Math.abs(p.a.nx * q.a.ny - p.a.ny * q.a.nx) < CROSSING_SIN) return null;
  const framed = Number(p.a.isFrame) + Number(p.b.isFrame) + Number(q.a.isFrame) + Number(q.b.isFrame);
  if (framed > 2) return null;
  const places = [meet(p.a, q.a), meet(p.a, q.b), meet(p.b, q.b), meet(p.b, q.a)];
  const out = OUTSIDE_01 * Math.max(width, height);
  for (const place of places)
    if (!place || place.x < -out || place.y < -out || place.x > width + out || place.y > height + out) return null;
  const around = places as Point[];
  const lines = [p.a, q.b, p.b, q.a];
  let [sum, weakest01] = [0, 1];
  for (let k = 0; k < 4; k++) {
    // From the corner of q.a and p.a: along p.a to q.b, along q.b to p.b, and so on.
    const [from, to] = [around[k]!, around[(k + 1) % 4]!];
    const side = lines[k]!;
    if (Math.hypot(to.x - from.x, to.y - from.y) < SIDE_MIN_01 * Math.max(width, height)) return null;
    const support01 = side.isFrame ? FRAME_SUPPORT_01 : side.along(from, to).support01;
    if (support01 < SUPPORT_MIN_01) return null;
    sum += support01;
    if (!side.isFrame && support01 < weakest01) weakest01 = support01;
  }
  const corners = orderCorners(around);
  const ordered = corners && sidesOf(corners, lines, around);
  if (!corners || !ordered) return null;
  const area01 = areaOf(corners) / (width * height);
  if (area01 < AREA_MIN_01) return null;
  const edges01 = (sum / 4) * Math.sqrt(weakest01);
  const score = edges01 * (0.6 + 0.4 * Math.sqrt(Math.min(1, area01 * 1.4)));
  return { corners, sides: ordered, edges01, score, framed, weakest01 };
}

/** The lines in the order of the ordered corners; null where they cross between their corners. */
function sidesOf(corners: Corners, lines: readonly Side[], around: readonly Point[]): Side[] | null {
  const out: Side[] = [];
  for (const [i, from] of corners.entries()) {
    const to = corners[(i + 1) % 4]!;
    const k = around.findIndex((p, n) => {
      const next = around[(n + 1) % 4]!;
      return (p === from && next === to) || (p === to && next === from);
    });
    if (k < 0) return null;
    out.push(lines[k]!);
  }
  return out;
}
