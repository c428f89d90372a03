import type { EdgeField } from './edges.ts';
import type { Line, Point } from './quadrangle.ts';

/** A straight line that may be a side of a sheet, with what lies along it. */
export interface Side extends Line {
  /** An edge of the picture itself: no edge of anything is seen there. */
  readonly isFrame: boolean;
  /** How much of the way from one place on it to another an edge is seen, 0 to 1; how light changes across, levels, towards (nx, ny). */
  along(from: Point, to: Point): { readonly support01: number; readonly lift: number };
}

/** Lines looked at; more add nothing but time. */
const SIDES_MAX = 56;
/** Directions, of one degree each. */
const ANGLES = 180;
/** An edge votes for lines within so many degrees of its own direction. */
const SWAY_DEGREES = 3;
/** Lines nearer than this to a better one, in degrees and pixels, are that line. */
const [SAME_DEGREES, SAME_PX] = [5, 6];
const VOTES_FROM = 0.15;
/** Of the picture's short side: a shorter edge is nobody's side. */
const SHORTEST_01 = 0.1;

/** The straight edges of a picture, the best first, and the four edges of the picture itself. */
export function findSides(field: EdgeField): Side[] {
  const { width, height } = field;
  const reach = Math.ceil(Math.sqrt(width * width + height * height));
  const columns = 2 * reach + 1;
  const votes = vote(field, reach, columns);
  const smoothed = smoothVotes(votes, columns);
  const least = SHORTEST_01 * Math.min(width, height);
  const peaks: { angle: number; rho: number; votes: number }[] = [];
  for (let a = 0; a < ANGLES; a++) {
    for (let r = 1; r < columns - 1; r++) {
      const v = smoothed[a * columns + r]!;
      if (v < least) continue;
      if (v >= smoothed[a * columns + r - 1]! && v >= smoothed[a * columns + r + 1]!) peaks.push({ angle: a, rho: r - reach, votes: v });
    }
  }
  peaks.sort((a, b) => b.votes - a.votes);
  const kept: typeof peaks = [];
  for (const peak of peaks) {
    if (kept.length >= SIDES_MAX) break;
    if (!kept.some((other) => isSame(peak, other))) kept.push(peak);
  }
  const lines = kept.map(({ angle, rho }) => ({ nx: Math.cos((angle * Math.PI) / ANGLES), ny: Math.sin((angle * Math.PI) / ANGLES), rho }));
  const frame: Line[] = [
    { nx: 1, ny: 0, rho: 0 },
    { nx: 1, ny: 0, rho: width },
    { nx: 0, ny: 1, rho: 0 },
    { nx: 0, ny: 1, rho: height },
  ];
  return [...lines.map((line) => profile(field, line, false)), ...frame.map((line) => profile(field, line, true))];
}

function isSame(a: { angle: number; rho: number }, b: { angle: number; rho: number }): boolean {
  const turned = Math.abs(a.angle - b.angle);
  // Past half a turn the same line has its distance with the other sign.
  const [degrees, px] = turned > ANGLES / 2 ? [ANGLES - turned, Math.abs(a.rho + b.rho)] : [turned, Math.abs(a.rho - b.rho)];
  return degrees <= SAME_DEGREES && px <= SAME_PX;
}

function vote({ width, height, strength, gx, gy }: EdgeField, reach: number, columns: number): Float32Array {
  const votes = new Float32Array(ANGLES * columns);
  const cos = Float64Array.from({ length: ANGLES }, (_, a) => Math.cos((a * Math.PI) / ANGLES));
  const sin = Float64Array.from({ length: ANGLES }, (_, a) => Math.sin((a * Math.PI) / ANGLES));
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1, k = y * width + 1; x < width - 1; x++, k++) {
      const s = strength[k]!;
      if (s < VOTES_FROM || !isCrest(strength, gx, gy, k, width)) continue;
      const own = Math.round((Math.atan2(gy[k]!, gx[k]!) * ANGLES) / Math.PI);
      for (let d = -SWAY_DEGREES; d <= SWAY_DEGREES; d++) {
        const a = (own + d + 2 * ANGLES) % ANGLES;
        const rho = (x + 0.5) * cos[a]! + (y + 0.5) * sin[a]!;
        votes[a * columns + Math.round(rho) + reach]! += s;
      }
    }
  }
  return votes;
}

/** The strongest across its own edge. */
function isCrest(strength: Float32Array, gx: Float32Array, gy: Float32Array, k: number, width: number): boolean {
  const step = Math.abs(gx[k]!) > Math.abs(gy[k]!) ? 1 : width;
  return strength[k]! >= strength[k - step]! && strength[k]! > strength[k + step]!;
}

/** Votes of lines one pixel and one degree apart are votes for the one between. */
function smoothVotes(votes: Float32Array, columns: number): Float32Array {
  const out = new Float32Array(votes.length);
  for (let i = 1; i < votes.length - 1; i++) out[i] = votes[i]! + 0.6 * (votes[i - 1]! + votes[i + 1]!);
  for (let a = 0; a < ANGLES; a++) {
    out[a * columns] = 0;
    out[(a + 1) * columns - 1] = 0;
  }
  return out;
}

/** How far beside the line an edge still counts, and how far off light is compared, pixels. */
const [BESIDE_PX, OFF_PX] = [2, 5];
/** The cosine from which an edge faces the way the line does. */
const FACES = 0.9;

/** Sums along a line, so that what lies between any two places on it is told at once. */
function profile(field: EdgeField, line: Line, isFrame: boolean): Side {
  const { width, height } = field;
  const half = Math.ceil(Math.sqrt(width * width + height * height));
  const [dx, dy] = [-line.ny, line.nx];
  // The foot of the middle of the picture on the line.
  const off = line.rho - (line.nx * width) / 2 - (line.ny * height) / 2;
  const foot = { x: width / 2 + line.nx * off, y: height / 2 + line.ny * off };
  const length = 2 * half + 2;
  const [supports, lifts, seen] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
  for (let t = -half, i = 1; t <= half; t++, i++) {
    const [x, y] = [foot.x + dx * t, foot.y + dy * t];
    const isIn = x >= 0 && y >= 0 && x < width && y < height;
    supports[i] = supports[i - 1]! + (isIn && !isFrame ? strongest(field, line, x, y) : 0);
    lifts[i] = lifts[i - 1]! + (isIn ? liftAt(field, line, x, y) : 0);
    seen[i] = seen[i - 1]! + (isIn ? 1 : 0);
  }
  const placeOf = (p: Point) => Math.max(-half, Math.min(half, Math.round((p.x - foot.x) * dx + (p.y - foot.y) * dy)));
  const along = (from: Point, to: Point) => {
    const [a, b] = [placeOf(from), placeOf(to)].sort((p, q) => p - q) as [number, number];
    const [i, j] = [a + half, Math.max(a + 1, b) + half];
    const count = seen[j]! - seen[i]! || 1;
    return { support01: (supports[j]! - supports[i]!) / Math.max(1, j - i), lift: (lifts[j]! - lifts[i]!) / count };
  };
  return { ...line, isFrame, along };
}

function strongest({ width, height, strength, gx, gy }: EdgeField, { nx, ny }: Line, x: number, y: number): number {
  let best = 0;
  for (let d = -BESIDE_PX; d <= BESIDE_PX; d++) {
    const px = Math.floor(x + nx * d);
    const py = Math.floor(y + ny * d);
    if (px < 0 || py < 0 || px >= width || py >= height) continue;
    const k = py * width + px;
    if (strength[k]! > best && Math.abs(gx[k]! * nx + gy[k]! * ny) > FACES) best = strength[k]!;
  }
  return best;
}

function liftAt({ width, height, planes }: EdgeField, { nx, ny }: Line, x: number, y: number): number {
  const at = (d: number) => {
    const px = Math.min(width - 1, Math.max(0, Math.floor(x + nx * d)));
    const py = Math.min(height - 1, Math.max(0, Math.floor(y + ny * d)));
    return planes[0]![py * width + px]!;
  };
  return at(OFF_PX) - at(-OFF_PX);
}
