import type { BoxRow } from './box-rows.ts';
import { type InkPiece, inkPieces } from './components.ts';
import { areaOf, type Extent, extentOf, overlapArea, type Rect, rectOf } from './frame.ts';
import type { Gray } from './raster.ts';
import { type Ruling, rulingAt } from './rulings.ts';

/** A place to read: one rectangle, or several characters' rectangles to be read side by side as one line. */
export interface Region {
  /** In pixels of the deskewed full-size page. */
  readonly rect: Rect;
  /** The characters' own places when they are spread: boxes of a number, characters of a vertical line. */
  readonly tiles?: readonly Rect[];
  readonly source: 'normal' | 'cell';
  readonly vertical?: true;
}

/** What is known of a page when the places to read are chosen. */
export interface RegionInput {
  /** The detector's boxes, full-size pixels. */
  readonly boxes: readonly Rect[];
  readonly rulings: readonly Ruling[];
  readonly boxRows: readonly BoxRow[];
  /** Ink of the deskewed page without stamps and rulings, layout pixels. */
  readonly ink: Gray;
  /** Full-size pixels per layout pixel. */
  readonly scale: number;
  /** Layout pixels per 1/1240 of an A4 page's short side. */
  readonly unit: number;
}

/** Times its width from which a box is a column of stacked characters. */
const TALL = 1.8;

/** The places to read: the detector's boxes cut at the walls of cells, rows of number boxes, vertical lines, and ink that the detector passed over. */
export function chooseRegions(input: RegionInput): Region[] {
  const pieces = inkPieces(input.ink);
  const rows = input.boxRows.map((row) => boxRowRegion(row, pieces, input)).filter((r) => r !== null);
  const inRow = (rect: Rect) =>
    rows.some((row) => {
      const e = extentOf(rect);
      return overlapArea(extentOf(row.rect), e) > 0.5 * areaOf(e);
    });
  const lines: Region[] = [];
  for (const box of input.boxes) {
    if (inRow(box)) continue;
    for (const rect of cutAtWalls(trimAtRows(box, rows), input)) {
      const tiles = rect.h >= TALL * rect.w && rect.angleRad === 0 ? stackedTiles(rect, pieces, input) : null;
      lines.push(tiles ? { rect, tiles, source: 'normal', vertical: true } : { rect, source: 'normal' });
    }
  }
  return [...lines, ...rows, ...passedOver([...lines, ...rows], pieces, input)];
}

/** Cuts a box where it runs into a row of number boxes. */
function trimAtRows(rect: Rect, rows: readonly Region[]): Rect {
  if (rect.angleRad !== 0) return rect;
  const e = extentOf(rect);
  for (const row of rows) {
    const r = extentOf(row.rect);
    const shared = Math.min(e.bottom, r.bottom) - Math.max(e.top, r.top);
    if (shared < 0.5 * Math.min(rect.h, row.rect.h)) continue;
    if (e.left < r.left && e.right > r.left) e.right = r.left;
    else if (e.right > r.right && e.left < r.right) e.left = r.right;
  }
  return rectOf(e);
}

/** Cuts a level box at the upright rulings that cross it, unless a part would be narrower than a character. */
function cutAtWalls(rect: Rect, input: RegionInput): Rect[] {
  if (rect.angleRad !== 0 || rect.w < 1.5 * rect.h) return [rect];
  const e = extentOf(rect);
  const { scale } = input;
  const walls: number[] = [];
  for (const r of input.rulings) {
    if (r.direction !== 'upright') continue;
    const shared = Math.min(e.bottom, r.to * scale) - Math.max(e.top, r.from * scale);
    if (shared < 0.6 * rect.h) continue;
    const x = rulingAt(r, (e.top + e.bottom) / 2 / scale) * scale;
    if (x > e.left + 0.3 * rect.h && x < e.right - 0.3 * rect.h) walls.push(x);
  }
  if (!walls.length) return [rect];
  walls.sort((a, b) => a - b);
  const out: Rect[] = [];
  let from = e.left;
  for (const to of [...walls, e.right]) {
    if (to - from < 0.9 * rect.h && out.length) continue;
    if (to - from < 0.9 * rect.h && to !== e.right) continue;
    out.push(rectOf({ ...e, left: from, right: to }));
    from = to;
  }
  if (from < e.right - 1 && out.length) out[out.length - 1] = rectOf({ ...extentOf(out[out.length - 1]!), right: e.right });
  return out.length ? out : [rect];
}

/** The ink pieces whose middle lies in `extent` (layout pixels). */
function piecesIn(pieces: readonly InkPiece[], extent: Extent): InkPiece[] {
  return pieces.filter((p) => {
    const x = (p.left + p.right) / 2;
    const y = (p.top + p.bottom) / 2;
    return x > extent.left && x < extent.right && y > extent.top && y < extent.bottom;
  });
}

function union(list: readonly Extent[]): Extent {
  return {
    left: Math.min(...list.map((e) => e.left)),
    top: Math.min(...list.map((e) => e.top)),
    right: Math.max(...list.map((e) => e.right)),
    bottom: Math.max(...list.map((e) => e.bottom)),
  };
}

const scaled = (e: Extent, k: number): Extent => ({ left: e.left * k, top: e.top * k, right: e.right * k, bottom: e.bottom * k });

/** A row of number boxes as one line: each filled box gives a tile as wide as its character. */
function boxRowRegion(row: BoxRow, pieces: readonly InkPiece[], input: RegionInput): Region | null {
  const tiles: Rect[] = [];
  const pad = 3 * input.unit;
  const glyphs = row.boxes.map((box) =>
    piecesIn(pieces, box).filter((p) => p.bottom - p.top > 4 * input.unit || p.right - p.left > 4 * input.unit),
  );
  const all = glyphs.flat();
  if (!all.length) return null;
  const line = union(all);
  for (let i = 0; i < row.boxes.length; i++) {
    if (!glyphs[i]!.length) continue;
    const g = union(glyphs[i]!);
    tiles.push(rectOf(scaled({ left: g.left - pad, right: g.right + pad, top: line.top - pad, bottom: line.bottom + pad }, input.scale)));
  }
  return { rect: rectOf(scaled(row.extent, input.scale)), tiles, source: 'cell' };
}

/** The characters of a tall box, one under the other; null when they do not come apart. */
function stackedTiles(rect: Rect, pieces: readonly InkPiece[], input: RegionInput): Rect[] | null {
  const e = scaled(extentOf(rect), 1 / input.scale);
  const inside = piecesIn(pieces, e).sort((a, b) => a.top - b.top);
  if (!inside.length) return null;
  const column = union(inside);
  const side = column.right - column.left;
  const bands: Extent[] = [];
  for (const p of inside) {
    const last = bands[bands.length - 1];
    if (last && p.top <= last.bottom) Object.assign(last, union([last, p]));
    else bands.push({ left: p.left, top: p.top, right: p.right, bottom: p.bottom });
  }
  const glyphs = joinBands(bands, side);
  if (glyphs.length < 2) return null;
  const pad = 0.1 * side;
  return glyphs.map((g) => {
    const cy = (g.top + g.bottom) / 2;
    const half = Math.max(g.bottom - g.top, 0.8 * side) / 2 + pad;
    return rectOf(scaled({ left: column.left - pad, right: column.right + pad, top: cy - half, bottom: cy + half }, input.scale));
  });
}

/** Joins bands of ink into characters about as high as the column is wide: the cheapest of all ways to cut. */
function joinBands(bands: readonly Extent[], side: number): Extent[] {
  const cost = [0];
  const from = [0];
  for (let i = 1; i <= bands.length; i++) {
    cost[i] = Number.POSITIVE_INFINITY;
    for (let j = Math.max(0, i - 6); j < i; j++) {
      const height = bands[i - 1]!.bottom - bands[j]!.top;
      const c = cost[j]! + (height / side - 0.9) ** 2 + 0.02;
      if (c >= cost[i]!) continue;
      cost[i] = c;
      from[i] = j;
    }
  }
  const out: Extent[] = [];
  for (let i = bands.length; i > 0; i = from[i]!) out.unshift(union(bands.slice(from[i], i)));
  return out;
}

/** Ink of a character's size that no region covers: single characters and digits in cells. */
function passedOver(regions: readonly Region[], pieces: readonly InkPiece[], input: RegionInput): Region[] {
  const { unit, scale } = input;
  const covered = regions.map((r) => scaled(extentOf(r.rect), 1 / scale));
  const isCovered = (p: Extent) => covered.some((c) => overlapArea(c, p) > 0.35 * areaOf(p));
  const strokes = pieces.filter((p) => {
    const size = Math.max(p.right - p.left, p.bottom - p.top);
    return size >= 5 * unit && size <= 90 * unit && p.pixels >= 8 * unit && !isCovered(p);
  });
  const glyphs = gather(strokes, 4 * unit, 0).filter((g) => Math.max(g.right - g.left, g.bottom - g.top) >= 11 * unit);
  const heights = regions.map((r) => Math.min(r.rect.w, r.rect.h) / scale).sort((a, b) => a - b);
  const usual = (heights[heights.length >> 1] ?? 30 * unit) * 0.7;
  return gather(glyphs, 0.7 * usual, 0.5)
    .filter((g) => g.bottom - g.top <= 100 * unit && !isCovered(g))
    .map((g) => {
      const h = Math.max(g.bottom - g.top, 0.8 * usual);
      const cy = (g.top + g.bottom) / 2;
      const padded = { left: g.left - 0.25 * h, right: g.right + 0.25 * h, top: cy - 0.62 * h, bottom: cy + 0.62 * h };
      return { rect: rectOf(scaled(padded, scale)), source: 'cell' as const };
    });
}

/** Joins extents closer than `gap` across that share at least `level01` of the lower one's height. */
function gather(list: readonly Extent[], gap: number, level01: number): Extent[] {
  const out: Extent[] = [];
  for (const p of [...list].sort((a, b) => a.left - b.left)) {
    let merged: Extent = { left: p.left, top: p.top, right: p.right, bottom: p.bottom };
    for (let i = out.length - 1; i >= 0; i--) {
      const o = out[i]!;
      const across = Math.max(o.left, merged.left) - Math.min(o.right, merged.right);
      const down = Math.max(o.top, merged.top) - Math.min(o.bottom, merged.bottom);
      const near = level01
        ? across < gap && -down >= level01 * Math.min(o.bottom - o.top, merged.bottom - merged.top)
        : across < gap && down < gap;
      if (!near) continue;
      merged = union([o, merged]);
      out.splice(i, 1);
    }
    out.push(merged);
  }
  return out;
}
