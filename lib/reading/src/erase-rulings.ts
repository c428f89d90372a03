import { type Frame, toScan } from './frame.ts';
import type { Gray, Rgb } from './raster.ts';
import { type Ruling, rulingAt } from './rulings.ts';

/**
 * Paints ruled lines over with the paper beside them, in place. Where a stroke crosses a line the ink goes on beyond the line's thickness
 * and is left.
 * @param image the upright scan, or a shrunk copy of it
 * @param frame of the full-size page
 * @param layoutScale pixels of the full-size page per layout pixel of the rulings
 */
export function eraseRulings(image: Rgb, frame: Frame, rulings: readonly Ruling[], layoutScale: number): void {
  const scale = image.width / frame.width;
  for (const r of rulings) {
    const half = (r.thickness * layoutScale * scale) / 2;
    const reach = Math.ceil(half + 4 * layoutScale * scale);
    const end = (along: number): [number, number] => {
      const [x, y] = r.direction === 'level' ? [along, rulingAt(r, along)] : [rulingAt(r, along), along];
      const [sx, sy] = toScan(frame, (x + 0.5) * layoutScale, (y + 0.5) * layoutScale);
      return [sx * scale, sy * scale];
    };
    const [x0, y0] = end(r.from - 1);
    const [x1, y1] = end(r.to + 1);
    if (r.direction === 'level') eraseAlong(image, x0, y0, x1, y1, 3, image.width * 3, reach, half);
    else eraseAlong(image, y0, x0, y1, x1, image.width * 3, 3, reach, half);
  }
}

/** Takes ruled lines out of the ink of the deskewed page, in place; strokes that cross a line are left whole. */
export function eraseFromInk(ink: Gray, rulings: readonly Ruling[]): void {
  for (const r of rulings) {
    const [du, dv, sizeU, sizeV] = r.direction === 'level' ? [1, ink.width, ink.width, ink.height] : [ink.width, 1, ink.height, ink.width];
    const reach = Math.ceil(r.thickness / 2 + 2);
    const longest = Math.ceil(r.thickness + 2);
    for (let u = Math.max(0, Math.floor(r.from - 1)); u <= Math.min(sizeU - 1, r.to + 1); u++) {
      const middle = Math.round(rulingAt(r, u));
      const isSet = (v: number) => v >= 0 && v < sizeV && ink.data[u * du + v * dv] === 1;
      for (let v = middle - reach; v <= middle + reach; v++) {
        if (!isSet(v) || isSet(v - 1)) continue;
        let end = v;
        while (isSet(end)) end++;
        if (end - v <= longest) for (let k = v; k < end; k++) ink.data[u * du + k * dv] = 0;
      }
    }
  }
}

/** Walks a line from (u0, v0) to (u1, v1), one step of `du` bytes a pixel along and `dv` bytes a pixel across. */
function eraseAlong(image: Rgb, u0: number, v0: number, u1: number, v1: number, du: number, dv: number, reach: number, half: number): void {
  const [sizeU, sizeV] = du === 3 ? [image.width, image.height] : [image.height, image.width];
  const data = image.data;
  const longest = Math.ceil(half * 2 + 2 + half * 0.5);
  for (let u = Math.max(0, Math.ceil(u0)); u <= Math.min(sizeU - 1, u1); u++) {
    const middle = Math.round(v0 + ((v1 - v0) * (u - u0)) / Math.max(1, u1 - u0) - 0.5);
    const low = Math.max(0, middle - reach);
    const high = Math.min(sizeV - 1, middle + reach);
    const base = u * du;
    let darkest = 256;
    let at = middle;
    for (let v = Math.max(low, middle - Math.ceil(half + 2)); v <= Math.min(high, middle + Math.ceil(half + 2)); v++) {
      const g = data[base + v * dv + 1]!;
      if (g < darkest) {
        darkest = g;
        at = v;
      }
    }
    const paper = Math.max(data[base + low * dv + 1]!, data[base + high * dv + 1]!);
    if (paper - darkest < 12) continue;
    const limit = paper - (paper - darkest) * 0.35;
    let a = at;
    let b = at;
    while (a > low && data[base + (a - 1) * dv + 1]! < limit) a--;
    while (b < high && data[base + (b + 1) * dv + 1]! < limit) b++;
    if (b - a + 1 > longest) continue;
    a = Math.max(low, a - 1);
    b = Math.min(high, b + 1);
    const before = base + Math.max(0, a - 1) * dv;
    const after = base + Math.min(sizeV - 1, b + 1) * dv;
    for (let v = a; v <= b; v++) {
      const share = (v - a + 1) / (b - a + 2);
      for (let c = 0; c < 3; c++) data[base + v * dv + c] = data[before + c]! * (1 - share) + data[after + c]! * share;
    }
  }
}
