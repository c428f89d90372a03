import type { Extent } from './frame.ts';
import type { Rgb } from './raster.ts';

/** Side of the squares in which red ink is gathered, in layout pixels. */
const CELL_PX = 4;
/** How much redder than the paper a pixel of stamp ink is (red minus green). */
const RED_OVER_PAPER = 26;
/** Stamp ink may be purple, not blue: red minus blue is at least this. */
const RED_OVER_BLUE = -12;

/** A stamp's place and the paper under it. */
export interface Stamp {
  /** In pixels of the image the stamps were looked for in. */
  readonly extent: Extent;
  /** Red minus green of the paper. */
  readonly paperTint: number;
}

interface Blob extends Extent {
  readonly cells: readonly number[];
}

/**
 * Places of red and purple stamps (公章, 私章, fingerprints) on a page. Red print in rows (titles, red letterheads) and red ruled lines are not
 * stamps and are left out.
 * @param layout the page, long side about 1,750 pixels
 * @param unit its pixels per 1/1240 of an A4 page's short side
 */
export function findStamps(layout: Rgb, unit: number): Stamp[] {
  const paperTint = medianTint(layout);
  const grid = redGrid(layout, paperTint);
  const blobs = gather(grid);
  const print = printRows(blobs, unit, grid.width);
  return blobs.filter((b) => !print.has(b) && isStampShape(b, grid.width, unit)).map((extent) => ({ extent, paperTint }));
}

interface RedGrid {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

function medianTint(image: Rgb): number {
  const counts = new Uint32Array(512);
  let n = 0;
  for (let p = 0; p < image.data.length; p += 3 * 97, n++) counts[image.data[p]! - image.data[p + 1]! + 256]!++;
  for (let v = 0, sum = 0; v < 512; v++) {
    sum += counts[v]!;
    if (sum * 2 >= n) return v - 256;
  }
  return 0;
}

function redGrid(image: Rgb, paperTint: number): RedGrid {
  const width = Math.floor(image.width / CELL_PX);
  const height = Math.floor(image.height / CELL_PX);
  const counts = new Uint8Array(width * height);
  const limit = paperTint + RED_OVER_PAPER;
  for (let y = 0; y < height * CELL_PX; y++) {
    const row = Math.floor(y / CELL_PX) * width;
    for (let x = 0, p = y * image.width * 3; x < width * CELL_PX; x++, p += 3) {
      const r = image.data[p]!;
      if (r - image.data[p + 1]! >= limit && r - image.data[p + 2]! >= RED_OVER_BLUE) counts[row + (x >> 2)]!++;
    }
  }
  const data = new Uint8Array(counts.length);
  for (let i = 0; i < counts.length; i++) if (counts[i]! >= 2) data[i] = 1;
  dropLongRuns(data, width, height, 1, width);
  dropLongRuns(data, height, width, width, 1);
  return { data, width, height };
}

/** Clears runs that are longer than a stamp is wide: ruled lines and frames printed in red would tie everything they cross together. */
function dropLongRuns(data: Uint8Array, length: number, count: number, step: number, stride: number): void {
  const longest = 48;
  for (let k = 0; k < count; k++) {
    let run = 0;
    for (let i = 0; i <= length; i++) {
      const at = k * stride + i * step;
      if (i < length && data[at]) {
        run++;
        continue;
      }
      if (run >= longest) for (let j = i - run; j < i; j++) data[k * stride + j * step] = 0;
      run = 0;
    }
  }
}

function gather(grid: RedGrid): Blob[] {
  const { data, width, height } = grid;
  const seen = new Uint8Array(data.length);
  const out: Blob[] = [];
  for (let s = 0; s < data.length; s++) {
    if (!data[s] || seen[s]) continue;
    const cells = [s];
    seen[s] = 1;
    let [left, top, right, bottom] = [width, height, 0, 0];
    for (let k = 0; k < cells.length; k++) {
      const at = cells[k]!;
      const x = at % width;
      const y = (at - x) / width;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
      for (let ny = Math.max(0, y - 2); ny <= Math.min(height - 1, y + 2); ny++) {
        for (let nx = Math.max(0, x - 2); nx <= Math.min(width - 1, x + 2); nx++) {
          const next = ny * width + nx;
          if (!data[next] || seen[next]) continue;
          seen[next] = 1;
          cells.push(next);
        }
      }
    }
    if (cells.length >= 4) out.push({ cells, left: left * CELL_PX, top: top * CELL_PX, right: right * CELL_PX, bottom: bottom * CELL_PX });
  }
  return out;
}

/** Blobs that are red print: a long low one, or several of one height side by side that make a long low row and are not framed. */
function printRows(blobs: readonly Blob[], unit: number, gridWidth: number): Set<Blob> {
  const out = new Set<Blob>();
  const low = blobs.filter((b) => b.bottom - b.top <= 120 * unit);
  for (const b of low) {
    const h = b.bottom - b.top;
    const row = low
      .filter((o) => {
        const oh = o.bottom - o.top;
        const level = Math.abs((o.top + o.bottom) / 2 - (b.top + b.bottom) / 2) < 0.3 * h;
        return level && oh > 0.55 * h && oh < 1.8 * h;
      })
      .sort((p, q) => p.left - q.left);
    const near = (p: Blob, q: Blob) => q.left - p.right < 2.5 * h;
    let [from, to] = [row.indexOf(b), row.indexOf(b)];
    while (from > 0 && near(row[from - 1]!, row[from]!)) from--;
    while (to < row.length - 1 && near(row[to]!, row[to + 1]!)) to++;
    const length = row[to]!.right - row[from]!.left;
    const isFramed = rimShare01(b, gridWidth) >= 0.85 && h >= 50 * unit;
    if (length > 2.3 * h && (from === to || to - from >= 3 || !isFramed)) out.add(b);
  }
  return out;
}

function isStampShape(blob: Blob, gridWidth: number, unit: number): boolean {
  const w = blob.right - blob.left;
  const h = blob.bottom - blob.top;
  if (Math.min(w, h) < 36 * unit || Math.max(w, h) > 1100 * unit) return false;
  // Stamps that overlap make one blob of any outline.
  if (Math.min(w, h) >= 110 * unit) return true;
  if (w > 2.4 * h || h > 2.4 * w) return false;
  return rimShare01(blob, gridWidth) >= 0.6;
}

/** Share of directions from the middle in which the blob has ink near the border of its extent: near 1 for a ring or a frame, lower for a character. */
function rimShare01(blob: Blob, gridWidth: number): number {
  const bins = new Uint8Array(32);
  const cx = (blob.left + blob.right) / 2;
  const cy = (blob.top + blob.bottom) / 2;
  const rx = (blob.right - blob.left) / 2;
  const ry = (blob.bottom - blob.top) / 2;
  for (const cell of blob.cells) {
    const dx = (((cell % gridWidth) + 0.5) * CELL_PX - cx) / rx;
    const dy = ((Math.floor(cell / gridWidth) + 0.5) * CELL_PX - cy) / ry;
    const square = Math.max(Math.abs(dx), Math.abs(dy));
    const round = Math.hypot(dx, dy);
    if (round > 0.78 || square > 0.78) bins[Math.min(31, Math.floor(((Math.atan2(dy, dx) + Math.PI) / (2 * Math.PI)) * 32))] = 1;
  }
  return bins.reduce((a, b) => a + b, 0) / 32;
}

/**
 * Fades stamp ink to paper inside the stamps' extents, in place, and leaves the writing under it: in the red channel red ink is nearly white,
 * and what is dark there is writing.
 * @param scale pixels of `image` per pixel of the stamps' extents
 */
export function fadeStamps(image: Rgb, stamps: readonly Stamp[], scale: number): void {
  for (const { extent, paperTint } of stamps) {
    const margin = 8 * scale;
    const left = Math.max(0, Math.floor(extent.left * scale - margin));
    const right = Math.min(image.width, Math.ceil(extent.right * scale + margin));
    const top = Math.max(0, Math.floor(extent.top * scale - margin));
    const bottom = Math.min(image.height, Math.ceil(extent.bottom * scale + margin));
    const paper = paperLevel(image, left, right, top, bottom);
    for (let y = top; y < bottom; y++) {
      for (let x = left, p = (y * image.width + left) * 3; x < right; x++, p += 3) {
        const r = image.data[p]!;
        const tint = r - image.data[p + 1]! - paperTint;
        if (tint < 5 || r - image.data[p + 2]! < RED_OVER_BLUE - 20) continue;
        // Writing under a stamp keeps some red from the picture's coarse colour, but it is dark: only light pixels are lifted to paper.
        const lift = Math.min(1, (tint - 5) / 22) * Math.min(1, Math.max(0, (r - 90) / 45));
        const v = Math.max(r, Math.round(r + (paper - r) * lift));
        image.data[p] = v;
        image.data[p + 1] = v;
        image.data[p + 2] = v;
      }
    }
  }
}

function paperLevel(image: Rgb, left: number, right: number, top: number, bottom: number): number {
  const counts = new Uint32Array(256);
  let n = 0;
  for (let y = top; y < bottom; y += 3) for (let x = left; x < right; x += 3, n++) counts[image.data[(y * image.width + x) * 3]!]!++;
  for (let v = 0, sum = 0; v < 256; v++) {
    sum += counts[v]!;
    if (sum >= n * 0.7) return v;
  }
  return 255;
}
