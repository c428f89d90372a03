import type { Box } from '@lantai/values';
import type { Rgb } from '../raster.ts';
import type { PageLie } from './hints.ts';

/** Height to which a field's box is brought, so that all limits are lengths of writing. */
export const FIELD_PX = 56;
/** Paper beside the field that is looked at too, in heights of the field. */
const BESIDE = 0.9;
const ABOVE = 0.45;
/** Longer fields are lines of prose: what is beyond is left out. In heights. */
const MOST_LENGTH = 24;

/** A field laid straight: its box in the middle, paper about it. */
export interface FieldView {
  readonly image: Rgb;
  /** The field itself within `image`. */
  readonly core: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
  /** The place of a part of `image` on the upright page. */
  boxOf(left: number, top: number, right: number, bottom: number): Box;
}

/**
 * Lays a field straight out of a scan as it was stored. @param box of the field on the upright page, as a reading gives it
 * @returns null where the box is too small to say anything (under 12 pixels high) or lies off the page
 */
export function viewField(scan: Rgb, lie: PageLie, box: Box): FieldView | null {
  const [x, y, w, h] = box;
  if (h < 12 || w < 8) return null;
  const scale = h / FIELD_PX;
  const length = Math.min(w, h * MOST_LENGTH);
  const [beside, above] = [BESIDE * h, ABOVE * h];
  const width = Math.round((length + 2 * beside) / scale);
  const height = Math.round((h + 2 * above) / scale);
  const [cx, cy] = [x + length / 2, y + h / 2];
  const angle = (lie.skewDegrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  const toScan = scanPlaces(scan, lie.orientation);
  const data = new Uint8Array(width * height * 3);
  let seen = 0;
  for (let v = 0, o = 0; v < height; v++) {
    for (let u = 0; u < width; u++, o += 3) {
      const [du, dv] = [u + 0.5 - width / 2, v + 0.5 - height / 2];
      const [px, py] = toScan(cx + du * cos - dv * sin, cy + du * sin + dv * cos);
      if (takeBetween(scan, px - 0.5, py - 0.5, data, o)) seen++;
    }
  }
  if (seen < 0.95 * width * height) return null;
  const core = {
    left: Math.round(beside / scale),
    top: Math.round(above / scale),
    right: Math.round((beside + length) / scale),
    bottom: Math.round((above + h) / scale),
  };
  const boxOf = (l: number, t: number, r: number, b: number): Box => {
    const [du, dv] = [(l + r) / 2 - width / 2, (t + b) / 2 - height / 2];
    const [mx, my] = [cx + du * cos - dv * sin, cy + du * sin + dv * cos];
    const [bw, bh] = [(r - l) * scale, (b - t) * scale];
    return [Math.round(mx - bw / 2), Math.round(my - bh / 2), Math.round(bw), Math.round(bh)];
  };
  return { image: { data, width, height }, core, boxOf };
}

/** From a place on the upright page to the place on the scan. */
function scanPlaces({ width, height }: Rgb, orientation: PageLie['orientation']): (x: number, y: number) => [number, number] {
  if (orientation === 90) return (x, y) => [width - y, x];
  if (orientation === 180) return (x, y) => [width - x, height - y];
  if (orientation === 270) return (x, y) => [y, height - x];
  return (x, y) => [x, y];
}

function takeBetween({ data, width, height }: Rgb, x: number, y: number, out: Uint8Array, o: number): boolean {
  if (x < 0 || y < 0 || x >= width - 1 || y >= height - 1) {
    out.fill(255, o, o + 3);
    return false;
  }
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - x0, y - y0];
  const i = (y0 * width + x0) * 3;
  const j = i + width * 3;
  for (let k = 0; k < 3; k++) {
    const top = data[i + k]! * (1 - fx) + data[i + 3 + k]! * fx;
    const low = data[j + k]! * (1 - fx) + data[j + 3 + k]! * fx;
    out[o + k] = top * (1 - fy) + low * fy + 0.5;
  }
  return true;
}
