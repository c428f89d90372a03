// What lens, lamp and grid do to a page: blur, exposure, moiré, resolution.
import type { Chance } from './chance.ts';
import { addNoise, copyOf, emptyPicture, fromSharp, mm, type Picture, paint, ramp, toSharp, wavingLine } from './picture.ts';

const LINEAR = Float64Array.from({ length: 256 }, (_, v) => (v <= 10 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
const coded = (l: number) => 255 * (l <= 0.0031308 ? l * 12.92 : 1.055 * Math.min(1, l) ** (1 / 2.4) - 0.055);

/** A level stretch of places: so many rows below, from one column to another. */
type Run = readonly [dy: number, from: number, to: number];

/** Light spread evenly over the places of `runs`, in light and not in code values. Sums along the rows make a stretch cost as much as a place. */
function spread(picture: Picture, runs: readonly Run[]): Picture {
  const { width, height } = picture;
  const sums = rowSums(picture);
  const stride = (width + 1) * 3;
  const count = runs.reduce((n, [, from, to]) => n + to - from + 1, 0);
  const out = emptyPicture(width, height, picture.dpi);
  const back = Uint8ClampedArray.from({ length: 4097 }, (_, v) => coded(v / 4096));
  const row = new Float64Array(width * 3);
  for (let y = 0; y < height; y++) {
    row.fill(0);
    for (const [dy, from, to] of runs) {
      const at = Math.min(height - 1, Math.max(0, y + dy)) * stride;
      for (let x = 0, o = 0; x < width; x++) {
        const low = Math.min(width - 1, Math.max(0, x + from));
        const high = Math.min(width - 1, Math.max(0, x + to)) + 1;
        const scale = (to - from + 1) / (high - low);
        const [i, k] = [at + low * 3, at + high * 3];
        row[o++]! += (sums[k]! - sums[i]!) * scale;
        row[o++]! += (sums[k + 1]! - sums[i + 1]!) * scale;
        row[o++]! += (sums[k + 2]! - sums[i + 2]!) * scale;
      }
    }
    for (let i = 0, o = y * width * 3; i < row.length; i++, o++) out.data[o] = back[Math.round((row[i]! / count) * (4096 / FULL))]!;
  }
  return out;
}

const FULL = 65535;

function rowSums({ data, width, height }: Picture): Uint32Array {
  const light = Uint16Array.from(LINEAR, (l) => Math.round(l * FULL));
  const sums = new Uint32Array((width + 1) * 3 * height);
  for (let y = 0, i = 0, o = 0; y < height; y++, o += 3)
    for (let x = 0; x < width * 3; x++, i++, o++) sums[o + 3] = sums[o]! + light[data[i]!]!;
  return sums;
}

/** Out of focus: each point of the sheet becomes a disc. */
export function defocused(picture: Picture, chance: Chance): Picture {
  const radius = mm(picture, chance.between(0.34, 0.72));
  const r = Math.floor(radius);
  const runs = Array.from({ length: 2 * r + 1 }, (_, i): Run => {
    const half = Math.floor(Math.sqrt(radius * radius - (i - r) ** 2));
    return [i - r, -half, half];
  });
  return finish(spread(picture, runs), chance);
}

/** Moved while it was taken: each point becomes a stroke, straight or a little bent, in any direction. */
export function moved(picture: Picture, chance: Chance): Picture {
  const length = mm(picture, chance.between(0.9, 2));
  const angle = chance.between(0, Math.PI);
  const bend = chance.between(-0.25, 0.25);
  const steps = Math.round(length);
  const runs = Array.from({ length: steps }, (_, i): Run => {
    const t = i - (steps - 1) / 2;
    const side = (bend * t * t) / length;
    const dx = Math.round(t * Math.cos(angle) - side * Math.sin(angle));
    return [Math.round(t * Math.sin(angle) + side * Math.cos(angle)), dx, dx];
  });
  return finish(spread(picture, runs), chance);
}

function finish(picture: Picture, chance: Chance): Picture {
  addNoise(picture, chance, chance.between(0.5, 2.5));
  return picture;
}

/** Too much light: light sums up to where the sensor is full, and strays into the dark of the strokes. */
export function overexposed(picture: Picture, chance: Chance): Picture {
  const gain = 2 ** chance.between(0.7, 1.8);
  const stray = chance.between(0.34, 0.7);
  return relit(picture, (l) => l * gain * (1 - stray) + stray);
}

/** A clean light scan: paper white, ink still black. */
export const brightened = (picture: Picture, chance: Chance): Picture => {
  const gain = 2 ** chance.between(0.2, 0.45);
  return relit(picture, (l) => l * gain);
};

/** Too little light, and the sensor's noise with it. */
export function underexposed(picture: Picture, chance: Chance): Picture {
  const gain = 2 ** -chance.between(1.9, 3.6);
  const dark = relit(picture, (l) => l * gain);
  addNoise(dark, chance, chance.between(1, 5));
  return dark;
}

function relit(picture: Picture, to: (light: number) => number): Picture {
  const table = Uint8ClampedArray.from({ length: 256 }, (_, v) => coded(to(LINEAR[v]!)));
  return { ...picture, data: picture.data.map((v) => table[v]!) };
}

/**
 * The dots of a printed tint or of a screen seen through the scanner's grid: a wave shorter than two pixels, taken at each pixel's place, shows as a long one.
 * On the whole page or on a field of it.
 */
export function moire(picture: Picture, chance: Chance): Picture {
  const out = copyOf(picture);
  const isScreen = chance.yes(0.35);
  // The wave that is seen, in pixels of 300 dpi; the one on paper is the grid's less that.
  const period = chance.between(6, isScreen ? 22 : 16) * (picture.dpi / 300);
  const angle = chance.between(0, Math.PI);
  const ground = isScreen ? [1, 1] : [chance.pick([1, 2]), chance.pick([0, 1])];
  const [fx, fy] = [ground[0]! + Math.cos(angle) / period, ground[1]! + Math.sin(angle) / period];
  const [gx, gy] = [-fy, fx];
  const depth = chance.between(10, 26);
  const [u0, u1, v0, v1] = chance.yes(0.6)
    ? [0, 1, 0, 1]
    : [chance.between(0, 0.25), chance.between(0.8, 1), chance.between(0, 0.25), chance.between(0.75, 1)];
  const bend = wavingLine(chance, picture.height);
  const sway = isScreen ? chance.between(0, 0.8) : 0;
  paint(out, (x, y, rgb) => {
    if (x < u0 * picture.width || x > u1 * picture.width || y < v0 * picture.height || y > v1 * picture.height) return;
    const lean = sway * bend(y);
    for (let k = 0; k < 3; k++) {
      // Thirds of a pixel apart on a screen, one ink on paper.
      const at = x + (isScreen ? k / 3 : 0);
      const dots = Math.cos(2 * Math.PI * (fx * at + fy * y) + lean) + (isScreen ? 0 : 0.6 * Math.cos(2 * Math.PI * (gx * at + gy * y)));
      rgb[k] = rgb[k]! - depth * (1 + dots) * 0.5 * (rgb[k]! / 255);
    }
  });
  return out;
}

/** Scanned at another resolution. The header says so unless `isTold` is false: then it says nothing. */
export async function atResolution(picture: Picture, dpi: number): Promise<Picture> {
  return fromSharp(toSharp(picture).resize({ width: Math.round((picture.width * dpi) / picture.dpi) }), dpi);
}

/** Light falling off towards an edge, as a lid half open gives it. */
export function unevenLight(picture: Picture, chance: Chance): Picture {
  const out = copyOf(picture);
  const fall = chance.between(0.08, 0.22);
  const side = chance.yes(0.5);
  paint(out, (x, y, rgb) => {
    const t = side ? x / picture.width : y / picture.height;
    for (let k = 0; k < 3; k++) rgb[k] = rgb[k]! * (1 - fall * ramp(t, 0.3, 1));
  });
  return out;
}
