// What a sheet lies on: tables with and without things on them.
import type { Kind } from './scene.ts';

/** Red, green and blue. */
export type Paint = [number, number, number];
type Chance = () => number;
const between = (chance: Chance, low: number, high: number) => low + (high - low) * chance();

/** Noise that is smooth at a scale, −1 to 1, the same for the same place. */
function noise(seed: number, scaleX: number, scaleY: number): (x: number, y: number) => number {
  const at = (i: number, j: number) => {
    let h = Math.imul(i, 374761393) + Math.imul(j, 668265263) + Math.imul(seed, 1274126177);
    h = Math.imul(h ^ (h >>> 13), 1274126177);
    return (((h ^ (h >>> 16)) >>> 0) / 4294967295) * 2 - 1;
  };
  return (x, y) => {
    const [u, v] = [x / scaleX, y / scaleY];
    const [i, j] = [Math.floor(u), Math.floor(v)];
    const [a, b] = [u - i, v - j].map((t) => t * t * (3 - 2 * t)) as [number, number];
    const top = at(i, j) * (1 - a) + at(i + 1, j) * a;
    const low = at(i, j + 1) * (1 - a) + at(i + 1, j + 1) * a;
    return top * (1 - b) + low * b;
  };
}

/** Draws the table's colour at a place. */
export function aTable(chance: Chance, width: number, height: number, kind: Kind): (x: number, y: number) => Paint {
  const unit = Math.max(width, height) / 1000;
  const ground = kind === 'pale' ? palePaint(chance, unit) : [wood, cloth, dark, tiles, marble][Math.floor(chance() * 5)]!(chance, unit);
  const things = kind === 'clutter' || kind === 'none' ? 4 + Math.floor(chance() * 6) : chance() < 0.3 ? 1 + Math.floor(chance() * 2) : 0;
  const laid = Array.from({ length: things }, () => aThing(chance, width, height));
  return (x, y) => {
    for (const thing of laid) {
      const paint = thing(x, y);
      if (paint) return paint;
    }
    return ground(x, y);
  };
}

const seedOf = (chance: Chance) => Math.floor(chance() * 1e6);
const lit = (base: Paint, by: number): Paint => [base[0] + by, base[1] + by * 0.9, base[2] + by * 0.8];

function wood(chance: Chance, unit: number) {
  const base: Paint = [between(chance, 90, 185), between(chance, 60, 125), between(chance, 35, 80)];
  const [grain, fine] = [noise(seedOf(chance), 160 * unit, 7 * unit), noise(seedOf(chance), 30 * unit, 2 * unit)];
  const isAcross = chance() < 0.5;
  const planks = between(chance, 140, 400) * unit;
  return (x: number, y: number): Paint => {
    const [u, v] = isAcross ? [x, y] : [y, x];
    const seam = v % planks < 2.5 * unit ? -35 : 0;
    return lit(base, 22 * grain(u, v) + 10 * fine(u, v) + seam);
  };
}
function cloth(chance: Chance, unit: number) {
  const base: Paint = [between(chance, 40, 170), between(chance, 40, 150), between(chance, 40, 160)];
  const coarse = noise(seedOf(chance), 120 * unit, 120 * unit);
  const thread = between(chance, 3, 7) * unit;
  return (x: number, y: number): Paint => lit(base, 12 * Math.sin((x * 6.28) / thread) * Math.sin((y * 6.28) / thread) + 14 * coarse(x, y));
}
function dark(chance: Chance, unit: number) {
  const base: Paint = [between(chance, 20, 60), between(chance, 20, 60), between(chance, 20, 60)];
  const coarse = noise(seedOf(chance), 200 * unit, 200 * unit);
  return (x: number, y: number): Paint => lit(base, 8 * coarse(x, y));
}
function tiles(chance: Chance, unit: number) {
  const base: Paint = [between(chance, 120, 190), between(chance, 115, 180), between(chance, 105, 170)];
  const [side, grout] = [between(chance, 150, 320) * unit, between(chance, 3, 8) * unit];
  const coarse = noise(seedOf(chance), 60 * unit, 60 * unit);
  return (x: number, y: number): Paint => lit(base, (x % side < grout || y % side < grout ? -45 : 0) + 9 * coarse(x, y));
}
function marble(chance: Chance, unit: number) {
  const base: Paint = [between(chance, 150, 200), between(chance, 150, 200), between(chance, 150, 195)];
  const [veins, coarse] = [noise(seedOf(chance), 90 * unit, 90 * unit), noise(seedOf(chance), 25 * unit, 25 * unit)];
  return (x: number, y: number): Paint => lit(base, Math.abs(veins(x, y) + 0.4 * coarse(x, y)) < 0.05 ? -40 : 10 * coarse(x, y));
}
/** Nearly as light as the sheet. */
function palePaint(chance: Chance, unit: number) {
  const grey = between(chance, 188, 214);
  const base: Paint = [grey + between(chance, -4, 8), grey, grey - between(chance, 0, 14)];
  const coarse = noise(seedOf(chance), 220 * unit, 220 * unit);
  return (x: number, y: number): Paint => lit(base, 5 * coarse(x, y));
}

/** A book, a telephone, a pen or a cup. */
function aThing(chance: Chance, width: number, height: number): (x: number, y: number) => Paint | null {
  const unit = Math.max(width, height);
  const [cx, cy] = [between(chance, -0.05, 1.05) * width, between(chance, -0.05, 1.05) * height];
  const turn = between(chance, 0, Math.PI);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const paint: Paint = [between(chance, 15, 210), between(chance, 15, 190), between(chance, 15, 200)];
  const shape = chance();
  const [w, h] =
    shape < 0.45
      ? [between(chance, 0.06, 0.2) * unit, between(chance, 0.08, 0.26) * unit]
      : [between(chance, 0.004, 0.009) * unit, between(chance, 0.08, 0.2) * unit];
  const isRound = shape > 0.8;
  const radius = between(chance, 0.03, 0.07) * unit;
  return (x, y) => {
    const [u, v] = [(x - cx) * cos + (y - cy) * sin, (y - cy) * cos - (x - cx) * sin];
    if (isRound) {
      const far = Math.hypot(u, v);
      return far > radius ? null : far > radius * 0.88 ? [225, 225, 222] : paint;
    }
    if (Math.abs(u) > w || Math.abs(v) > h) return null;
    // A title on a cover.
    return w > 0.05 * unit && Math.abs(u) < w * 0.6 && Math.abs(v + h * 0.4) < h * 0.12
      ? [paint[0] * 0.5 + 110, paint[1] * 0.5 + 110, paint[2] * 0.5 + 100]
      : paint;
  };
}
