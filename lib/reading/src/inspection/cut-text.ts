import type { ScanView } from '../scan-view.ts';
import type { MeasuredPlace } from './measures.ts';

/** Ink this near to the edge of the layout touches it. */
const TOUCH_PX = 1;
/** A piece of writing: smaller is dirt, larger a ruled line, a frame or a stamp. In heights of a character. */
const LEAST = 0.3;
const MOST = 1.8;
const MIN_FILL_01 = 0.18;
const MAX_FILL_01 = 0.85;

/**
 * Writing that the edge of the image cuts: pieces of ink of a character's size that touch it. The edge with the most of them; null where none is cut.
 * @param scale pixels of the stored page per pixel of the layout
 */
export function findCutText({ ink, pieces, text }: ScanView, scale: number): MeasuredPlace | null {
  const { textPx } = text;
  if (textPx === null) return null;
  const { width, height } = ink;
  const sides: [number, number, number, number][][] = [[], [], [], []];
  for (const p of pieces) {
    const [w, h] = [p.right - p.left, p.bottom - p.top];
    const long = Math.max(w, h);
    if (long < LEAST * textPx || long > MOST * textPx || Math.min(w, h) < 0.15 * textPx) continue;
    const fill = p.pixels / (w * h);
    if (fill < MIN_FILL_01 || fill > MAX_FILL_01) continue;
    const side = p.top <= TOUCH_PX ? 0 : p.bottom >= height - TOUCH_PX ? 1 : p.left <= TOUCH_PX ? 2 : p.right >= width - TOUCH_PX ? 3 : -1;
    if (side >= 0) sides[side]!.push([p.left, p.top, p.right, p.bottom]);
  }
  const most = sides.reduce((a, b) => (b.length > a.length ? b : a));
  if (!most.length) return null;
  const left = Math.min(...most.map((b) => b[0]));
  const top = Math.min(...most.map((b) => b[1]));
  const right = Math.max(...most.map((b) => b[2]));
  const bottom = Math.max(...most.map((b) => b[3]));
  return { amount: most.length, box: [left * scale, top * scale, (right - left) * scale, (bottom - top) * scale] };
}
