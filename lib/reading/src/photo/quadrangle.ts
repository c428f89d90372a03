/** A place on a picture, in its pixels from the left and top edge; the middle of the first pixel is 0.5. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The corners of a sheet on a picture, clockwise as seen, from the one nearest to the picture's top left. */
export type Corners = readonly [Point, Point, Point, Point];

/** A straight line: `nx`·x + `ny`·y = `rho`, (nx, ny) of length one. */
export interface Line {
  readonly nx: number;
  readonly ny: number;
  readonly rho: number;
}

/** Where two lines meet; null when they (all but) do not. */
export function meet(a: Line, b: Line): Point | null {
  const across = a.nx * b.ny - a.ny * b.nx;
  if (Math.abs(across) < 1e-3) return null;
  return { x: (a.rho * b.ny - b.rho * a.ny) / across, y: (a.nx * b.rho - b.nx * a.rho) / across };
}

/** The line through two places. */
export function lineThrough(a: Point, b: Point): Line {
  const length = distance(a, b) || 1;
  const nx = (b.y - a.y) / length;
  const ny = (a.x - b.x) / length;
  return { nx, ny, rho: nx * a.x + ny * a.y };
}

/** Pixels between two places. */
export const distance = (a: Point, b: Point): number => Math.sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));

/** Twice the signed area of a corner's triangle: above 0 where the way round turns clockwise as seen. */
const turn = (a: Point, b: Point, c: Point) => (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);

/** True when the four places go clockwise round an area without a dent. */
export function isConvex([a, b, c, d]: Corners): boolean {
  return turn(a, b, c) > 0 && turn(b, c, d) > 0 && turn(c, d, a) > 0 && turn(d, a, b) > 0;
}

/** Its area in square pixels. */
export function areaOf(corners: Corners): number {
  let twice = 0;
  for (let i = 0; i < 4; i++) {
    const [p, q] = [corners[i]!, corners[(i + 1) % 4]!];
    twice += p.x * q.y - q.x * p.y;
  }
  return Math.abs(twice) / 2;
}

/** The same corners clockwise from the one nearest to the picture's top left; null when they enclose no area without a dent. */
export function orderCorners(places: readonly Point[]): Corners | null {
  if (places.length !== 4) return null;
  const [mx, my] = [mean(places.map((p) => p.x)), mean(places.map((p) => p.y))];
  const round = [...places].sort((a, b) => Math.atan2(a.y - my, a.x - mx) - Math.atan2(b.y - my, b.x - mx));
  let first = 0;
  for (let i = 1; i < 4; i++) if (round[i]!.x + round[i]!.y < round[first]!.x + round[first]!.y) first = i;
  const ordered = [0, 1, 2, 3].map((i) => round[(first + i) % 4]!) as unknown as Corners;
  return isConvex(ordered) ? ordered : null;
}

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

/** True when a place lies within the corners. */
export function holds(corners: Corners, p: Point): boolean {
  return [0, 1, 2, 3].every((i) => turn(corners[i]!, corners[(i + 1) % 4]!, p) >= 0);
}
