import { foldWithPlaces } from './fold.ts';
import type { PageLine, PageReading } from './page-reading.ts';

/** A rectangle on the deskewed page, pixels. */
export interface Area {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/** A line on the deskewed page, with its folded text. */
export interface PlacedLine extends Area {
  /** Its place in the reading. */
  readonly index: number;
  readonly line: PageLine;
  readonly text: string;
  readonly folded: string;
  /** Offset in `text` of each unit of `folded`. */
  readonly at: readonly number[];
}

/** Lines that follow one another in one cell, or a single line. */
export interface Block extends Area {
  readonly lines: readonly PlacedLine[];
  readonly text: string;
  readonly folded: string;
}

/** A page laid straight. */
export interface PageLayout {
  readonly reading: PageReading;
  readonly width: number;
  readonly height: number;
  /** Median height of its lines, 1 when there are none. */
  readonly lineHeight: number;
  /** In reading order. */
  readonly lines: readonly PlacedLine[];
}

export const midY = (a: Area): number => (a.y0 + a.y1) / 2;
export const midX = (a: Area): number => (a.x0 + a.x1) / 2;
export const heightOf = (a: Area): number => a.y1 - a.y0;

/** A line of 70 pixels on an A4 sheet at 300 dpi. */
const USUAL_LINE_SHARE = 0.02;

/** Turns each line's centre back by the page's skew; boxes keep their size. */
export function layPage(reading: PageReading): PageLayout {
  const angle = (-reading.skewDegrees * Math.PI) / 180;
  const [cx, cy] = [reading.widthPx / 2, reading.heightPx / 2];
  const lines = reading.lines.map((line, index): PlacedLine => {
    const [x, y, w, h] = line.box;
    const [dx, dy] = [x + w / 2 - cx, y + h / 2 - cy];
    const mx = dx * Math.cos(angle) - dy * Math.sin(angle) + cx;
    const my = dx * Math.sin(angle) + dy * Math.cos(angle) + cy;
    const { text: folded, at } = foldWithPlaces(line.text);
    return { index, line, text: line.text, folded, at, x0: mx - w / 2, x1: mx + w / 2, y0: my - h / 2, y1: my + h / 2 };
  });
  const heights = lines.map((l) => l.line.box[3]).sort((a, b) => a - b);
  // A cover holds large lines only: they are measured against the height that lines usually have on a sheet.
  const usual = Math.max(reading.widthPx, reading.heightPx) * USUAL_LINE_SHARE;
  const lineHeight = Math.min(heights[heights.length >> 1] ?? 1, Math.max(usual, heights[0] ?? 1));
  return { reading, width: reading.widthPx, height: reading.heightPx, lineHeight, lines };
}

export const blockOf = (lines: readonly PlacedLine[]): Block => ({
  lines,
  text: lines.map((l) => l.text).join(''),
  folded: lines.map((l) => l.folded).join(''),
  x0: Math.min(...lines.map((l) => l.x0)),
  x1: Math.max(...lines.map((l) => l.x1)),
  y0: Math.min(...lines.map((l) => l.y0)),
  y1: Math.max(...lines.map((l) => l.y1)),
});

/** The height of a line's characters: a column of them is as wide as one is high. */
export const characterHeight = (l: PlacedLine): number =>
  heightOf(l) > 1.6 * (l.x1 - l.x0) && l.folded.length > 1 ? l.x1 - l.x0 : heightOf(l);

/** Whether two areas stand in one row: their middles are closer than `share` of the lower one's height. */
export const sameRow = (a: Area, b: Area, share = 0.55): boolean =>
  Math.abs(midY(a) - midY(b)) < share * Math.min(heightOf(a), heightOf(b));

/** Lines further apart than this share of their height are never of one cell; rows of a tight table are 1.5 apart, its wrapped lines 1.4. */
const WRAP_PITCH = 1.46;

/**
 * Joins lines that were wrapped in a cell: close below one another, with one left edge or one middle. A line that is a whole label begins and
 * ends its cell, and two lines that stand in rows of two labels are two cells.
 * @param isLabel of a folded text
 */
export function findBlocks(page: PageLayout, isLabel: (folded: string) => boolean): Block[] {
  // 学 alone may be the label of a column or the first half of one; only what is longer ends a cell by itself.
  const labels = page.lines.filter((l) => l.folded.length > 1 && isLabel(l.folded));
  const hasLabel = (l: PlacedLine) => labels.find((k) => k.x1 <= l.x0 + heightOf(l) * 0.3 && sameRow(k, l, 0.45)) ?? null;
  const next = new Map<PlacedLine, PlacedLine>();
  const taken = new Set<PlacedLine>();
  const byTop = [...page.lines].sort((a, b) => midY(a) - midY(b));
  for (const [i, upper] of byTop.entries()) {
    if (labels.includes(upper)) continue;
    const lower = byTop.slice(i + 1, i + 40).find((l) => !taken.has(l) && wraps(upper, l) && !labels.includes(l));
    if (!lower) continue;
    const [a, b] = [hasLabel(upper), hasLabel(lower)];
    if (a && b && a !== b && nearest(labels, upper) !== nearest(labels, lower)) continue;
    next.set(upper, lower);
    taken.add(lower);
  }
  const blocks: Block[] = [];
  for (const line of page.lines) {
    if (taken.has(line)) continue;
    const run: PlacedLine[] = [];
    for (let l: PlacedLine | undefined = line; l; l = next.get(l)) run.push(l);
    blocks.push(...cutAtLabels(run, isLabel).map(blockOf));
  }
  return blocks;
}

/** Cells of labels that stand close below one another are cut where the words of one label are complete. */
function cutAtLabels(run: readonly PlacedLine[], isLabel: (folded: string) => boolean): PlacedLine[][] {
  for (let n = run.length; n >= 2; n--)
    if (
      isLabel(
        run
          .slice(0, n)
          .map((l) => l.folded)
          .join(''),
      )
    )
      return n < run.length ? [run.slice(0, n), ...cutAtLabels(run.slice(n), isLabel)] : [[...run]];
  return [[...run]];
}

/** The label nearest to the left of a line in its row. */
function nearest(labels: readonly PlacedLine[], line: PlacedLine): PlacedLine | null {
  let best: PlacedLine | null = null;
  for (const l of labels) if (l.x1 <= line.x0 + heightOf(line) * 0.3 && sameRow(l, line, 0.45) && (!best || l.x1 > best.x1)) best = l;
  return best;
}

function wraps(upper: PlacedLine, lower: PlacedLine): boolean {
  const h = Math.max(heightOf(upper), heightOf(lower));
  const pitch = midY(lower) - midY(upper);
  if (pitch < 0.6 * h || pitch > WRAP_PITCH * h) return false;
  if (lower.x1 - lower.x0 > (upper.x1 - upper.x0) * 1.25 + h) return false;
  return Math.abs(midX(upper) - midX(lower)) < 0.7 * h || Math.abs(upper.x0 - lower.x0) < 0.6 * h;
}

/** A piece of the page's text, with the lines that hold it. */
export interface TextPiece {
  readonly line: PlacedLine;
  readonly start: number;
  readonly end: number;
}

/** The page's text in reading order without the lines' own spaces, wrapped prose joined, with where each unit stood. */
export interface FlowingText {
  readonly text: string;
  /** For each unit of `text`: its line and offset there, or null for a joint. */
  readonly places: readonly ({ readonly line: PlacedLine; readonly offset: number } | null)[];
}

/** A line this long or longer may run on in the next. Characters. */
const RUNS_ON = 13;

/** Joins lines that run on into one paragraph, and the parts of one row; all else is parted by line ends. */
export function flow(page: PageLayout): FlowingText {
  let text = '';
  const places: ({ line: PlacedLine; offset: number } | null)[] = [];
  let before: PlacedLine | null = null;
  let row = { start: 0, length: 0 };
  for (const line of page.lines) {
    const between = before ? joint(before, line, row) : '';
    const goesOn = before !== null && sameRow(before, line);
    row = goesOn ? { start: row.start, length: row.length + line.text.length } : { start: line.x0, length: line.text.length };
    if (between) places.push(null);
    text += between;
    for (let offset = 0; offset < line.text.length; offset++) {
      const unit = line.text[offset]!;
      if (/\s/.test(unit)) continue;
      text += unit;
      places.push({ line, offset });
    }
    before = line;
  }
  return { text, places };
}

/** @param row where the row of `a` begins and how long it is: a paragraph goes on under it, a number set to the right does not */
function joint(a: PlacedLine, b: PlacedLine, row: { readonly start: number; readonly length: number }): string {
  const h = Math.max(heightOf(a), heightOf(b));
  if (sameRow(a, b)) return b.x0 - a.x1 < (a.folded.length <= 1 ? 6 : 2.2) * h ? '' : ' ';
  const below = midY(b) - midY(a);
  const follows = below > 0 && below < 2.9 * h && b.x0 < row.start + 3.5 * h && b.x0 > row.start - 4 * h;
  return follows && row.length >= RUNS_ON ? '' : '\n';
}

/** The lines that hold [start, end) of the flowing text. */
export function piecesOf(flowing: FlowingText, start: number, end: number): TextPiece[] {
  const pieces: TextPiece[] = [];
  for (const place of flowing.places.slice(start, end)) {
    if (!place) continue;
    const last = pieces[pieces.length - 1];
    if (last?.line === place.line) pieces[pieces.length - 1] = { ...last, end: place.offset + 1 };
    else pieces.push({ line: place.line, start: place.offset, end: place.offset + 1 });
  }
  return pieces;
}
