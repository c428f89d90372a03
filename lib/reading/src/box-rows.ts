import type { Extent } from './frame.ts';
import { type Ruling, rulingAt } from './rulings.ts';

/** A row of small boxes of one size, one character to a box, as forms print them for numbers. */
export interface BoxRow {
  /** In layout pixels of the deskewed page. */
  readonly extent: Extent;
  readonly boxes: readonly Extent[];
}

const MIN_BOXES = 5;
const MIN_PITCH_PX = 13;
const MAX_PITCH_PX = 62;

/**
 * Rows of boxes made by upright rulings of one length at one distance from each other.
 * @param unit layout pixels per 1/1240 of an A4 page's short side
 */
export function findBoxRows(rulings: readonly Ruling[], unit: number): BoxRow[] {
  const walls = rulings.filter((r) => r.direction === 'upright').sort((a, b) => a.atFrom - b.atFrom);
  const used = new Set<Ruling>();
  const out: BoxRow[] = [];
  for (const first of walls) {
    if (used.has(first)) continue;
    const row = [first];
    let pitch = 0;
    for (const next of walls) {
      const last = row[row.length - 1]!;
      const step = next.atFrom - last.atFrom;
      if (step <= 0 || used.has(next) || !sameRow(last, next)) continue;
      if (step < MIN_PITCH_PX * unit || step > MAX_PITCH_PX * unit) continue;
      if (pitch && Math.abs(step - pitch) > 0.15 * pitch) continue;
      pitch ||= step;
      row.push(next);
    }
    const height = first.to - first.from;
    if (row.length <= MIN_BOXES || height > 2.2 * pitch || height < 0.7 * pitch) continue;
    for (const r of row) used.add(r);
    out.push(boxRowOf(row));
  }
  return out;
}

function sameRow(a: Ruling, b: Ruling): boolean {
  // A wall is traced a few pixels short where it meets the box's edge.
  const height = Math.max(a.to - a.from, b.to - b.from);
  return Math.abs(a.from - b.from) < 0.25 * height && Math.abs(a.to - b.to) < 0.25 * height;
}

function boxRowOf(walls: readonly Ruling[]): BoxRow {
  const boxes: Extent[] = [];
  for (let i = 1; i < walls.length; i++) {
    const [a, b] = [walls[i - 1]!, walls[i]!];
    const left = rulingAt(a, (a.from + a.to) / 2) + a.thickness / 2;
    const right = rulingAt(b, (b.from + b.to) / 2) - b.thickness / 2;
    boxes.push({ left, right, top: Math.min(a.from, b.from) + 1, bottom: Math.max(a.to, b.to) - 1 });
  }
  const extent = {
    left: boxes[0]!.left,
    right: boxes[boxes.length - 1]!.right,
    top: Math.min(...boxes.map((b) => b.top)),
    bottom: Math.max(...boxes.map((b) => b.bottom)),
  };
  return { extent, boxes };
}
