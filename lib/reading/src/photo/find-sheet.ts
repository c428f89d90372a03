import { type Rgb, shrinkRgb } from '../raster.ts';
import { type Candidate, listCandidates } from './candidates.ts';
import { type EdgeField, findEdges } from './edges.ts';
import { lookWithin, type Within } from './paper-within.ts';
import { areaOf, type Corners, holds } from './quadrangle.ts';
import { refineCorners } from './refine.ts';
import { findSides } from './sides.ts';

/** What was found of a sheet on a photograph. */
export type SheetSearch =
  | {
      readonly kind: 'found';
      /** In pixels of the photograph. */
      readonly corners: Corners;
      /** How sure it is that each corner is right within a hundredth of the picture's diagonal. */
      readonly confidence01: number;
      /** Sides on which the sheet reaches the picture's edge: what lies beyond was not photographed. */
      readonly sidesCut: number;
    }
  /** More than one sheet: which one is meant only a person can say. */
  | { readonly kind: 'several'; readonly sheets: readonly Corners[] }
  | { readonly kind: 'none' };

/** From this confidence on corners may be used without being looked at. */
export const SURE_01 = 0.7;

const SMALL_LONG_SIDE_PX = 460;
const FINE_LONG_SIDE_PX = 1600;
/** A second sheet is at least this large against the first, and this likely. */
const [SECOND_AREA_01, SECOND_SCORE_01] = [0.25, 0.62];
/** In steps of light and colour. */
const [LIGHT_ENOUGH, COLOURED, EVEN_ENOUGH_01] = [90, 55, 0.6];
/** Below this what was found is not told. */
const LEAST_SCORE = 0.22;

/**
 * Finds the one sheet that a photograph shows, whatever lies around it. Time and memory are bounded: what is searched is at most 460 pixels long, with at
 * most 60 lines, and the picture at 1,600 pixels is looked at along four sides.
 * @param image upright as the camera held it
 */
export function findSheet(image: Rgb): SheetSearch {
  const factor = Math.max(1, Math.ceil(Math.max(image.width, image.height) / SMALL_LONG_SIDE_PX));
  const small = shrinkRgb(image, factor);
  if (Math.min(small.width, small.height) < 40) return { kind: 'none' };
  const field = findEdges(small);
  const ranked = rank(field, listCandidates(field, findSides(field)));
  const best = ranked[0];
  if (!best || best.score < LEAST_SCORE) return { kind: 'none' };
  const other = ranked.find((r) => isAnotherSheet(best, r));
  if (other) return { kind: 'several', sheets: [best, other].map((r) => scale(r.candidate.corners, factor, factor)) };
  const corners = refine(image, best.candidate, factor);
  return { kind: 'found', corners, confidence01: confidenceOf(best, ranked), sidesCut: best.candidate.framed };
}

interface Ranked {
  readonly candidate: Candidate;
  readonly within: Within;
  /** What it looks like apart from its size, 0 to 1. */
  readonly likeness01: number;
  readonly score: number;
}

/** By edges, and by what a sheet is: even within, lighter or darker than what lies around on every side. */
function rank(field: EdgeField, candidates: readonly Candidate[]): Ranked[] {
  const ranked = candidates.map((candidate) => {
    const within = lookWithin(field, candidate.corners);
    const contrasts = within.contrasts.filter((_, i) => !candidate.sides[i]!.isFrame);
    const clear = contrasts.map((c) => c / (c + 6));
    const lifts = within.lifts.filter((_, i) => !candidate.sides[i]!.isFrame);
    const up = lifts.filter((l) => l > -4).length;
    const facing01 = lifts.length ? 0.55 + 0.45 * (up / lifts.length) : 0;
    const inside01 = Math.min(1, within.luma / LIGHT_ENOUGH) * Math.min(1, within.even01 / EVEN_ENOUGH_01) * within.even01;
    const clear01 = clear.length ? 0.5 * Math.min(...clear) + (0.5 * clear.reduce((a, b) => a + b, 0)) / clear.length : 0;
    const likeness01 = (0.45 + 0.55 * clear01) * facing01 * (0.4 + 0.6 * inside01) * Math.min(1, COLOURED / Math.max(1, within.colour));
    return { candidate, within, likeness01: likeness01 * candidate.edges01, score: candidate.score * likeness01 };
  });
  return ranked.sort((a, b) => b.score - a.score);
}

/** Neither within the other, as light, as likely and not much smaller. */
function isAnotherSheet(best: Ranked, r: Ranked): boolean {
  if (r === best || r.likeness01 < SECOND_SCORE_01 * best.likeness01 || r.candidate.framed > 1) return false;
  if (areaOf(r.candidate.corners) < SECOND_AREA_01 * areaOf(best.candidate.corners)) return false;
  if (Math.abs(r.within.luma - best.within.luma) > 40) return false;
  if (Math.min(...r.within.contrasts) < 12 || r.within.lifts.filter((l) => l > 0).length < 3) return false;
  return overlap01(best.candidate.corners, r.candidate.corners) < 0.1;
}

/** Share of the smaller one that lies in the other, told by a grid of places. */
function overlap01(a: Corners, b: Corners): number {
  const [small, large] = areaOf(a) < areaOf(b) ? [a, b] : [b, a];
  const [xs, ys] = [small.map((p) => p.x), small.map((p) => p.y)];
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  let [inside, both] = [0, 0];
  for (let i = 0; i < 20; i++)
    for (let j = 0; j < 20; j++) {
      const p = { x: x0 + ((x1 - x0) * (i + 0.5)) / 20, y: y0 + ((y1 - y0) * (j + 0.5)) / 20 };
      if (!holds(small, p)) continue;
      inside++;
      if (holds(large, p)) both++;
    }
  return inside ? both / inside : 0;
}

const scale = (corners: Corners, x: number, y: number): Corners => corners.map((p) => ({ x: p.x * x, y: p.y * y })) as unknown as Corners;

function refine(image: Rgb, candidate: Candidate, factor: number): Corners {
  const fine = Math.max(1, Math.ceil(Math.max(image.width, image.height) / FINE_LONG_SIDE_PX));
  const isFixed = candidate.sides.map((side) => side.isFrame);
  const corners = scale(candidate.corners, factor / fine, factor / fine);
  const refined = refineCorners(shrinkRgb(image, fine), corners, isFixed, (2.5 * factor) / fine + 2);
  const within = (v: number, most: number) => Math.max(0, Math.min(most, v));
  return refined.map((p) => ({ x: within(p.x * fine, image.width), y: within(p.y * fine, image.height) })) as unknown as Corners;
}

/** How far the second best, another shape in the same place, falls behind, and how clear the edges and the paper are. */
function confidenceOf(best: Ranked, ranked: readonly Ranked[]): number {
  const far = 0.02 * Math.sqrt(areaOf(best.candidate.corners)) * 2;
  const rival = ranked.find((r) =>
    r.candidate.corners.some((p, i) => Math.hypot(p.x - best.candidate.corners[i]!.x, p.y - best.candidate.corners[i]!.y) > far),
  );
  const lead = rival ? 1 - rival.score / best.score : 1;
  const edges = Math.min(1, best.candidate.weakest01 / 0.8);
  const certain = 0.35 + 1.6 * Math.min(0.3, lead) + 0.2 * edges;
  return Math.max(0, Math.min(0.99, certain * Math.min(1, best.score / 0.5) - 0.15 * best.candidate.framed));
}
