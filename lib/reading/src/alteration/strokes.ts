import { inkPieces } from '../components.ts';
import { type Gray, makeGray } from '../raster.ts';
import { FIELD_PX, type FieldView } from './field-view.ts';

/** Ink is darker than the paper by this. */
const INK = 34;
/** Red over both other channels: seals and their imprints, never looked at. */
const SEAL_RED = 34;
/** Of a mark's surroundings so much red makes it sealed. */
const SEALED_01 = 0.02;

/** Ink, paper and characters of a field. */
export interface Strokes {
  /** Of the paper, by channel. */
  readonly paper: readonly [number, number, number];
  readonly luma: Gray;
  /** Pixels of strokes: no rulings, no seals. */
  readonly ink: Gray;
  /** Pixels that are neither ink nor beside it, nor seal nor ruling. */
  readonly bare: Gray;
  /** Characters or runs of joined ones, from left to right, within the field. */
  readonly marks: readonly Mark[];
}

/** A character, or several that touch. */
export interface Mark {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly pixels: number;
  /** Means of the darkest third of its ink: luma, red − green, green − blue, all as differences from the paper. */
  readonly tone: readonly [number, number, number];
  /** A seal lies over it: its ink and paper are not its own. */
  readonly isSealed: boolean;
  /** Usual width of its strokes. */
  readonly strokePx: number;
}

/** Looks at a field's strokes; null where there is next to no ink. */
export function findStrokes({ image, core }: FieldView): Strokes | null {
  const { data, width, height } = image;
  const n = width * height;
  const luma = makeGray(width, height);
  for (let i = 0, p = 0; i < n; i++, p += 3) luma.data[i] = (data[p]! * 77 + data[p + 1]! * 150 + data[p + 2]! * 29) >> 8;
  const paper = paperOf(data, luma);
  const level = (paper[0] * 77 + paper[1] * 150 + paper[2] * 29) / 256;
  const dark = makeGray(width, height);
  const seal = makeGray(width, height);
  for (let i = 0, p = 0; i < n; i++, p += 3) {
    const redder = data[p]! - Math.max(data[p + 1]!, data[p + 2]!) - (paper[0] - Math.max(paper[1], paper[2]));
    if (redder > SEAL_RED) seal.data[i] = 1;
    else if (luma.data[i]! < level - INK) dark.data[i] = 1;
  }
  const ink = withoutRulings(dark, core);
  const marks = marksOf(ink, core, data, luma, paper, level).map((m) => ({ ...m, isSealed: isUnder(seal, m) }));
  if (!marks.length) return null;
  return { paper, luma, ink, bare: bareOf(dark, seal), marks };
}

/** What most of the lighter half is, by channel. */
function paperOf(data: Uint8Array, luma: Gray): [number, number, number] {
  const sorted = luma.data.slice().sort();
  const from = sorted[Math.floor(sorted.length * 0.55)]!;
  const sums = [0, 0, 0];
  let n = 0;
  for (let i = 0, p = 0; i < luma.data.length; i++, p += 3) {
    if (luma.data[i]! < from) continue;
    for (let k = 0; k < 3; k++) sums[k] = sums[k]! + data[p + k]!;
    n++;
  }
  return [sums[0]! / n, sums[1]! / n, sums[2]! / n];
}

/** Strokes alone: pieces longer than any character, or mostly beside the field, are rulings and the writing next to it. */
function withoutRulings(dark: Gray, core: FieldView['core']): Gray {
  const { width, height } = dark;
  const out = makeGray(width, height);
  // Rulings first, so that characters that touch them stay.
  const thin = dark.data.slice();
  eraseRuns(dark, thin, 1.9 * FIELD_PX, true, core);
  eraseRuns(dark, thin, 1.35 * FIELD_PX, false, core);
  for (const piece of inkPieces({ data: thin, width, height })) {
    const [cx, cy] = [(piece.left + piece.right) / 2, (piece.top + piece.bottom) / 2];
    const inside = cx > core.left && cx < core.right && cy > core.top - 4 && cy < core.bottom + 4;
    if (!inside || piece.pixels < 6) continue;
    for (let y = piece.top; y < piece.bottom; y++)
      for (let x = piece.left; x < piece.right; x++) if (thin[y * width + x]) out.data[y * width + x] = 1;
  }
  return out;
}

/** Takes long straight runs out of the copy; a level run through the middle of the field is a stroke, and stays. */
function eraseRuns({ data, width, height }: Gray, out: Uint8Array, least: number, isLevel: boolean, core: FieldView['core']): void {
  const [lines, length] = isLevel ? [height, width] : [width, height];
  const third = (core.bottom - core.top) / 4;
  for (let line = 0; line < lines; line++) {
    if (isLevel && line > core.top + third && line < core.bottom - third) continue;
    let from = -1;
    for (let at = 0; at <= length; at++) {
      const set = at < length && data[isLevel ? line * width + at : at * width + line];
      if (set && from < 0) from = at;
      if (set || from < 0) continue;
      if (at - from >= least) for (let k = from; k < at; k++) out[isLevel ? line * width + k : k * width + line] = 0;
      from = -1;
    }
  }
}

/** Groups the ink of the field by the gaps between its columns. */
function marksOf(
  ink: Gray,
  core: FieldView['core'],
  data: Uint8Array,
  luma: Gray,
  paper: readonly [number, number, number],
  level: number,
): Omit<Mark, 'isSealed'>[] {
  const columns = new Uint32Array(ink.width);
  for (let y = 0; y < ink.height; y++) for (let x = 0; x < ink.width; x++) columns[x]! += ink.data[y * ink.width + x]!;
  const out: Omit<Mark, 'isSealed'>[] = [];
  let from = -1;
  for (let x = core.left; x <= core.right; x++) {
    const set = x < core.right && columns[x]! > 0;
    if (set && from < 0) from = x;
    if (set || from < 0) continue;
    const mark = markOf(ink, from, x, data, luma, paper, level);
    if (mark) out.push(mark);
    from = -1;
  }
  return out;
}

function markOf(
  ink: Gray,
  left: number,
  right: number,
  data: Uint8Array,
  luma: Gray,
  paper: readonly [number, number, number],
  level: number,
): Omit<Mark, 'isSealed'> | null {
  let [top, bottom, pixels, edges] = [ink.height, 0, 0, 0];
  const lumas: number[] = [];
  for (let y = 0; y < ink.height; y++) {
    for (let x = left; x < right; x++) {
      const i = y * ink.width + x;
      if (!ink.data[i]) continue;
      pixels++;
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
      lumas.push(luma.data[i]!);
      if (!ink.data[i - 1] || !ink.data[i + 1] || !ink.data[i - ink.width] || !ink.data[i + ink.width]) edges++;
    }
  }
  if (pixels < 18) return null;
  lumas.sort((a, b) => a - b);
  const darkest = lumas[Math.floor(lumas.length / 3)]!;
  const sums = [0, 0, 0];
  let n = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const i = y * ink.width + x;
      if (!ink.data[i] || luma.data[i]! > darkest) continue;
      const p = i * 3;
      sums[0] = sums[0]! + level - luma.data[i]!;
      sums[1] = sums[1]! + data[p]! - data[p + 1]! - (paper[0] - paper[1]);
      sums[2] = sums[2]! + data[p + 1]! - data[p + 2]! - (paper[1] - paper[2]);
      n++;
    }
  }
  return {
    left,
    top,
    right,
    bottom,
    pixels,
    tone: [sums[0]! / n, sums[1]! / n, sums[2]! / n],
    strokePx: (2 * pixels) / Math.max(1, edges),
  };
}

/** Whether a seal's ink lies on or about a mark. */
function isUnder(seal: Gray, { left, top, right, bottom }: Pick<Mark, 'left' | 'top' | 'right' | 'bottom'>): boolean {
  let n = 0;
  for (let y = Math.max(0, top - 3); y < Math.min(seal.height, bottom + 3); y++)
    for (let x = Math.max(0, left - 3); x < Math.min(seal.width, right + 3); x++) n += seal.data[y * seal.width + x]!;
  return n > SEALED_01 * (right - left + 6) * (bottom - top + 6);
}

/** Paper two pixels and more away from anything dark or red. */
function bareOf(dark: Gray, seal: Gray): Gray {
  const { width, height } = dark;
  const out = makeGray(width, height);
  for (let y = 3; y < height - 3; y++) {
    for (let x = 3; x < width - 3; x++) {
      let free = 1;
      for (let dy = -3; dy <= 3 && free; dy++)
        for (let i = (y + dy) * width + x - 3; i <= (y + dy) * width + x + 3; i++)
          if (dark.data[i] || seal.data[i]) {
            free = 0;
            break;
          }
      out.data[y * width + x] = free;
    }
  }
  return out;
}
