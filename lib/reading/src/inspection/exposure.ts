import type { Gray, Rgb } from '../raster.ts';
import type { ColourMode } from './measures.ts';

/** Channels that differ by no more are one grey: what a JPEG's own arithmetic leaves. */
const GREY_SPREAD = 3;
/** Of a page scanned in colour, next to every pixel has a tint; of one turned grey none has. */
const TINTED_SHARE_01 = 0.002;
const EVERY = 13;

/** Luma that a quarter of the page is lighter than (its paper), and how much darker the darkest tenth of the ink is; null without ink. */
export function exposureOf(gray: Gray, ink: Gray): { readonly paperLevel: number; readonly inkContrast: number | null } {
  const all = new Uint32Array(256);
  const inked = new Uint32Array(256);
  let n = 0;
  for (let i = 0; i < gray.data.length; i++) {
    all[gray.data[i]!]!++;
    if (ink.data[i]) {
      inked[gray.data[i]!]!++;
      n++;
    }
  }
  const paperLevel = levelAt(all, gray.data.length * 0.75);
  return { paperLevel, inkContrast: n ? paperLevel - levelAt(inked, n * 0.1) : null };
}

/** The level below which `count` pixels of a histogram lie. */
function levelAt(histogram: Uint32Array, count: number): number {
  for (let v = 0, sum = 0; v < 256; v++) {
    sum += histogram[v]!;
    if (sum >= count) return v;
  }
  return 255;
}

/** The colours a page shows. @param file what the file's header says: a colour file may hold a grey scan, never the other way round */
export function colourOf(layout: Rgb, file: ColourMode): ColourMode {
  if (file !== 'colour') return file;
  const { data } = layout;
  let tinted = 0;
  let n = 0;
  for (let p = 0; p + 2 < data.length; p += 3 * EVERY, n++) {
    const [r, g, b] = [data[p]!, data[p + 1]!, data[p + 2]!];
    if (Math.max(r, g, b) - Math.min(r, g, b) > GREY_SPREAD) tinted++;
  }
  return tinted > n * TINTED_SHARE_01 ? 'colour' : 'grey';
}
