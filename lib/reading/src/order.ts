import { type Extent, extentOf, type Rect } from './frame.ts';

interface Item<T> {
  readonly value: T;
  readonly e: Extent;
  readonly height: number;
}

/** Boxes of neighbouring lines may touch: this much of the height is left out above and below when rows are told apart. */
const TRIM_01 = 0.1;
/** Columns of running text have this many lines each, … */
const COLUMN_LINES = 3;
/** … each on average so many times longer than high. */
const COLUMN_ASPECT = 7;
const MAX_DEPTH = 24;

/**
 * Lines in reading order: bands from top to bottom, in a band cells and columns from left to right, columns of running text whole before the
 * next. Cuts the page along its gaps, again and again.
 */
export function inReadingOrder<T extends { readonly rect: Rect }>(lines: readonly T[]): T[] {
  const items = lines.map((value): Item<T> => {
    const e = extentOf(value.rect);
    const height = Math.min(e.bottom - e.top, e.right - e.left);
    const trim = (e.bottom - e.top) * TRIM_01;
    return { value, e: { ...e, top: e.top + trim, bottom: e.bottom - trim }, height };
  });
  return cut(items, 0).map((i) => i.value);
}

function cut<T>(items: readonly Item<T>[], depth: number): Item<T>[] {
  if (items.length < 2) return [...items];
  if (depth >= MAX_DEPTH) return byRows(items);
  const bands = partsAlong(items, 'top', 'bottom', 0);
  if (bands.length > 1) return cutBands(bands, depth);
  const cells = partsAlong(items, 'left', 'right', 0);
  if (cells.length > 1) return cells.flatMap((c) => cut(c, depth + 1));
  return byRows(items);
}

/** Bands one after the other; but bands that stand in columns of running text together are read column by column. */
function cutBands<T>(bands: readonly Item<T>[][], depth: number): Item<T>[] {
  const out: Item<T>[] = [];
  for (let from = 0; from < bands.length; ) {
    let next = from + 1;
    let block = bands[from]!;
    let columns: Item<T>[][] | null = null;
    for (let to = bands.length; to >= from + COLUMN_LINES && !columns; to--) {
      const together = bands.slice(from, to).flat();
      const parts = partsAlong(together, 'left', 'right', 0.8 * usualHeight(together));
      if (parts.length < 2 || !parts.every(isTextColumn)) continue;
      columns = parts;
      next = to;
      block = together;
    }
    out.push(...(columns ?? [block]).flatMap((c) => cut(c, depth + 1)));
    from = next;
  }
  return out;
}

/** Groups items that overlap or lie within `gap` of each other along one axis, in order. */
function partsAlong<T>(items: readonly Item<T>[], from: 'left' | 'top', to: 'right' | 'bottom', gap: number): Item<T>[][] {
  const parts: Item<T>[][] = [];
  let reach = Number.NEGATIVE_INFINITY;
  for (const item of [...items].sort((a, b) => a.e[from] - b.e[from])) {
    if (item.e[from] > reach + gap || !parts.length) parts.push([]);
    parts[parts.length - 1]!.push(item);
    reach = Math.max(reach, item.e[to]);
  }
  return parts;
}

function isTextColumn<T>(items: readonly Item<T>[]): boolean {
  if (items.length < COLUMN_LINES) return false;
  const aspect = items.reduce((sum, i) => sum + (i.e.right - i.e.left) / Math.max(1, i.height), 0) / items.length;
  return aspect >= COLUMN_ASPECT;
}

function usualHeight<T>(items: readonly Item<T>[]): number {
  const heights = items.map((i) => i.height).sort((a, b) => a - b);
  return heights[heights.length >> 1] ?? 0;
}

/** Plain rows: by the middle of the lines, then from the left. */
function byRows<T>(items: readonly Item<T>[]): Item<T>[] {
  const rows: Item<T>[][] = [];
  for (const item of [...items].sort((a, b) => a.e.top + a.e.bottom - b.e.top - b.e.bottom)) {
    const y = (item.e.top + item.e.bottom) / 2;
    const row = rows.find((r) => r.some((o) => y > o.e.top && y < o.e.bottom));
    if (row) row.push(item);
    else rows.push([item]);
  }
  return rows.flatMap((r) => r.sort((a, b) => a.e.left - b.e.left));
}
