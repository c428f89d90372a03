import type { Region } from './fold.ts';
import type { PaperField } from './paper.ts';

/** Every so many pixels each way are looked at: enough to tell paper from program. */
const SAMPLE_PX = 4;
/** Paper has grain and marks by so many gray levels; more is the fringe of writing, and counts no more. */
const GRAIN_MAX = 1.5;

/** The regions of at most this side with most grain in them, no two closer than half a side; the fullest first. */
export function fullestRegions(field: PaperField, sidePx: number, countMax: number): Region[] {
  const width = Math.min(sidePx, field.widthPx);
  const height = Math.min(sidePx, field.heightPx);
  const seen: { region: Region; grain: number }[] = [];
  for (const y of starts(field.heightPx, height))
    for (const x of starts(field.widthPx, width)) {
      const region = { x, y, width, height };
      seen.push({ region, grain: grainOf(field, region) });
    }
  seen.sort((a, b) => b.grain - a.grain);
  const chosen: Region[] = [];
  for (const { region, grain } of seen) {
    if (chosen.length === countMax || grain === 0) break;
    if (chosen.every((c) => Math.max(Math.abs(c.x - region.x), Math.abs(c.y - region.y)) >= sidePx / 2)) chosen.push(region);
  }
  return chosen;
}

/** The region of this side about the middle of another, inside the field. */
export function regionAbout(field: PaperField, { x, y, width, height }: Region, sidePx: number): Region {
  const w = Math.min(sidePx, field.widthPx);
  const h = Math.min(sidePx, field.heightPx);
  const within = (middle: number, side: number, whole: number) => Math.max(0, Math.min(whole - side, Math.round(middle - side / 2)));
  return { x: within(x + width / 2, w, field.widthPx), y: within(y + height / 2, h, field.heightPx), width: w, height: h };
}

/** Places a quarter of a side apart, the last one flush with the end. */
function starts(whole: number, side: number): number[] {
  const count = Math.ceil((4 * (whole - side)) / side) + 1;
  return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round(((whole - side) * i) / (count - 1))));
}

/** How much grain a region has. A blank of a program has none, though it is as light as paper. */
function grainOf({ value, widthPx }: PaperField, { x, y, width, height }: Region): number {
  let grain = 0;
  for (let j = y; j < y + height; j += SAMPLE_PX)
    for (let i = x; i < x + width; i += SAMPLE_PX) grain += Math.min(GRAIN_MAX, Math.abs(value[j * widthPx + i]!));
  return grain;
}
