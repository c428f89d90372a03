import type { Gray } from './raster.ts';

/** The largest skew looked for, either way, in degrees. */
export const SKEW_LIMIT_DEGREES = 10;
const COARSE_STEP_DEGREES = 0.5;
const MAX_POINTS = 60_000;

interface Points {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Larger side of the page, in pixels. */
  readonly span: number;
}

/**
 * The skew of a page, clockwise positive, in degrees, from where its ink lies: at the right angle the ink of text lines and ruled
 * lines piles up in few rows and columns. Both directions are looked at, so a sideways page gives the same answer as an upright one.
 * Gives 0 when there is too little ink to tell.
 * @param ink mask of the page, long side 800 to 1800 pixels
 */
export function estimateSkewDegrees(ink: Gray): number {
  const points = inkPoints(ink);
  if (points.x.length < 200) return 0;
  const profiles: [Points, Points] = [points, { x: points.y, y: points.x, span: points.span }];
  const sharpness = (degrees: number) => {
    const tan = Math.tan((degrees * Math.PI) / 180);
    return profileEnergy(profiles[0], tan) + profileEnergy(profiles[1], -tan);
  };
  let best = 0;
  let bestSharpness = -1;
  const look = (degrees: number) => {
    const s = sharpness(degrees);
    if (s > bestSharpness) {
      bestSharpness = s;
      best = degrees;
    }
  };
  for (let d = -SKEW_LIMIT_DEGREES; d <= SKEW_LIMIT_DEGREES; d += COARSE_STEP_DEGREES) look(d);
  for (const step of [0.2, 0.08, 0.03]) {
    const from = best;
    for (let k = -3; k <= 3; k++) if (k) look(from + k * step);
  }
  return Math.round(best * 100) / 100;
}

function inkPoints(ink: Gray): Points {
  const { width, height, data } = ink;
  const edge = (i: number, x: number, y: number) =>
    data[i] === 1 && (x === 0 || y === 0 || data[i - 1] === 0 || data[i - width] === 0 || data[i + 1] === 0 || data[i + width] === 0);
  let count = 0;
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) if (edge(i, x, y)) count++;
  const every = Math.max(1, Math.ceil(count / MAX_POINTS));
  const xs = new Float32Array(Math.ceil(count / every));
  const ys = new Float32Array(xs.length);
  for (let y = 0, i = 0, seen = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (!edge(i, x, y) || seen++ % every) continue;
      xs[n] = x - width / 2;
      ys[n++] = y - height / 2;
    }
  }
  return { x: xs, y: ys, span: Math.max(width, height) };
}

/** Sum of squares of the ink in each row after shearing by `tan`: largest when lines are level. */
function profileEnergy(points: Points, tan: number): number {
  const rows = new Float32Array(points.span * 2 + 2);
  const { x, y } = points;
  const middle = points.span;
  for (let i = 0; i < x.length; i++) {
    const at = y[i]! - x[i]! * tan + middle;
    const row = at | 0;
    const share = at - row;
    rows[row]! += 1 - share;
    rows[row + 1]! += share;
  }
  let sum = 0;
  for (let i = 1; i < rows.length; i++) {
    const d = rows[i]! - rows[i - 1]!;
    sum += d * d;
  }
  return sum;
}
