import { FIELD_PX, type FieldView } from './field-view.ts';
import type { AlterationHint } from './hints.ts';
import { median } from './odd-ink.ts';
import type { Strokes } from './strokes.ts';

/** Side of the squares in which the paper is looked at. */
const SQUARE_PX = 7;
/** A square needs so much bare paper. */
const BARE_01 = 0.3;
/** Squares that make a place: together about two thirds of a character. */
const LEAST_SQUARES = 7;
/** A place beyond this share of the squares is the paper itself: a shaded cell, a stain. */
const MOST_01 = 0.5;
/** How far a square is off the paper, in levels, and in times of what squares differ by usually. */
const LEVEL_OFF = 5;
const TIMES_USUAL = 4.2;
interface Square {
  readonly x: number;
  readonly y: number;
  readonly level: number;
  /** Blue against red: whiter or yellower. */
  readonly cast: number;
}

/** Paper within a field that something whiter lies on: correction fluid, tape, a patch. */
export function findCoveredPaper(view: FieldView, strokes: Strokes): AlterationHint[] {
  const squares = squaresOf(view, strokes);
  if (squares.length < 3 * LEAST_SQUARES) return [];
  const level = lightOf(squares);
  const off = (s: Square) => s.level - level(s);
  const cast = median(squares.map((s) => s.cast));
  const levelLimit = Math.max(LEVEL_OFF, TIMES_USUAL * median(squares.map((s) => Math.abs(off(s)))));
  const castLimit = Math.max(LEVEL_OFF, TIMES_USUAL * median(squares.map((s) => Math.abs(s.cast - cast))));
  const isWhiter = (s: Square) => off(s) > levelLimit || (s.cast - cast > castLimit && off(s) > -2);
  return placed(view, squares, 'covered', isWhiter, (s) => Math.abs(off(s)), levelLimit);
}

function squaresOf({ image }: FieldView, { bare, luma }: Strokes): Square[] {
  const out: Square[] = [];
  for (let y = 3; y + SQUARE_PX <= image.height - 3; y += SQUARE_PX) {
    for (let x = 3; x + SQUARE_PX <= image.width - 3; x += SQUARE_PX) {
      let [n, sum, cast] = [0, 0, 0];
      for (let v = y; v < y + SQUARE_PX; v++) {
        for (let i = v * image.width + x, end = i + SQUARE_PX; i < end; i++) {
          if (!bare.data[i]) continue;
          n++;
          sum += luma.data[i]!;
          cast += image.data[i * 3 + 2]! - image.data[i * 3]!;
        }
      }
      if (n >= BARE_01 * SQUARE_PX * SQUARE_PX) out.push({ x, y, level: sum / n, cast: cast / n });
    }
  }
  return out;
}

/** The light on the paper: a plane through the squares, those far off it left out once. */
function lightOf(squares: readonly Square[]): (s: Square) => number {
  const middle = median(squares.map((s) => s.level));
  const kept = squares.filter((s) => Math.abs(s.level - middle) < 8);
  const n = Math.max(1, kept.length);
  const mean = (f: (s: Square) => number) => kept.reduce((sum, s) => sum + f(s), 0) / n;
  const [mx, my, ml] = [mean((s) => s.x), mean((s) => s.y), mean((s) => s.level)];
  const vx = mean((s) => (s.x - mx) ** 2) || 1;
  const vy = mean((s) => (s.y - my) ** 2) || 1;
  const sx = mean((s) => (s.x - mx) * (s.level - ml)) / vx;
  const sy = mean((s) => (s.y - my) * (s.level - ml)) / vy;
  return (s) => ml + sx * (s.x - mx) + sy * (s.y - my);
}

/** The largest place of squares that hang together, if it lies in the field and is neither small nor all of it. */
function placed(
  view: FieldView,
  squares: readonly Square[],
  code: AlterationHint['code'],
  is: (s: Square) => boolean,
  measure: (s: Square) => number,
  limit: number,
): AlterationHint[] {
  const { core } = view;
  const left = new Map(squares.filter(is).map((s) => [`${s.x} ${s.y}`, s]));
  if (left.size > MOST_01 * squares.length) return [];
  let best: Square[] = [];
  for (const start of [...left.values()]) {
    if (!left.delete(`${start.x} ${start.y}`)) continue;
    const place = [start];
    for (let at = 0; at < place.length; at++) {
      const s = place[at]!;
      // One square of ink between two of bare paper does not part them.
      for (let dy = -2; dy <= 2; dy++)
        for (let dx = -2; dx <= 2; dx++) {
          const key = `${s.x + dx * SQUARE_PX} ${s.y + dy * SQUARE_PX}`;
          const next = left.get(key);
          if (next && left.delete(key)) place.push(next);
        }
    }
    if (place.length > best.length) best = place;
  }
  if (best.length < LEAST_SQUARES) return [];
  const inside = best.filter((s) => s.x + 3 > core.left && s.x + 4 < core.right && s.y + 3 > core.top && s.y + 4 < core.bottom);
  const [l, r] = [Math.min(...best.map((s) => s.x)), Math.max(...best.map((s) => s.x)) + SQUARE_PX];
  const [t, b] = [Math.min(...best.map((s) => s.y)), Math.max(...best.map((s) => s.y)) + SQUARE_PX];
  // A strip along a side of what is seen is the next cell.
  if (inside.length < 0.5 * best.length || r - l > 9 * FIELD_PX || r - l > 0.8 * view.image.width) return [];
  const measured = median(best.map(measure));
  return [{ code, box: view.boxOf(l, t, r, b), measured: Math.round(measured * 100) / 100, limit: Math.round(limit * 100) / 100 }];
}
