import type { Box } from '@lantai/values';
import type { Certainty, Hit } from './match.ts';

/** A piece of a page's text around its hits. */
export interface Snippet {
  /** Line ends are spaces; `…` is for the screen to add where `before` or `after` says so. */
  readonly text: string;
  /** Ranges of `text`. */
  readonly hits: readonly { readonly start: number; readonly end: number; readonly certainty: Certainty }[];
  readonly before: boolean;
  readonly after: boolean;
}

/** Characters shown on either side of the first hit. */
const RADIUS = 28;
const LENGTH_MAX = 120;

/** Read beside a snippet when it is masked: longer than any number, address or label that runs into it. */
const MASK_MARGIN = 160;

/** Moves an offset off the middle of a surrogate pair. */
const whole = (text: string, at: number): number => (/[\uDC00-\uDFFF]/.test(text[at] ?? '') ? at - 1 : at);

/**
 * The piece around the first hit that holds the most different terms; later hits inside it are marked too.
 * @param mask hides what is sensitive without changing a length; it is given the piece and its surroundings, since a whole page costs ten times as much
 */
export function makeSnippet(source: string, hits: readonly Hit[], mask: (text: string) => string = (text) => text): Snippet {
  const best = hits.reduce<Hit | undefined>((found, hit) => {
    const terms = (h: Hit) =>
      new Set(hits.filter((o) => o.start >= h.start && o.end <= h.start + LENGTH_MAX - RADIUS).map((o) => o.term)).size;
    return !found || terms(hit) > terms(found) ? hit : found;
  }, undefined);
  const from = whole(source, Math.max(0, (best?.start ?? 0) - RADIUS));
  const to = whole(source, Math.min(source.length, Math.max(from + LENGTH_MAX, (best?.end ?? 0) + RADIUS)));
  const around = whole(source, Math.max(0, from - MASK_MARGIN));
  const piece = mask(source.slice(around, whole(source, Math.min(source.length, to + MASK_MARGIN)))).slice(from - around, to - around);
  return {
    text: piece.replaceAll(/[\r\n]/g, ' '),
    hits: hits
      .filter((h) => h.start < to && h.end > from)
      .map((h) => ({ start: Math.max(h.start, from) - from, end: Math.min(h.end, to) - from, certainty: h.certainty })),
    before: from > 0,
    after: to < source.length,
  };
}

/** A line of a reading with its place on the page. */
export interface PlacedLine {
  readonly text: string;
  readonly box: Box;
  readonly vertical?: true;
}

/** A part of a line to light up. */
export interface LitBox {
  /** Index of the line. */
  readonly line: number;
  /** Pixels of the page image, like the line's box. */
  readonly box: Box;
  readonly certainty: Certainty;
}

/** Half-width characters take half the room of the others. */
const widthOf = (text: string): number => Array.from(text).reduce((sum, char) => sum + (char.charCodeAt(0) < 0x2000 ? 0.5 : 1), 0);

/** The part of a line's box that a range of its text takes, by the widths of its characters. */
function partOfBox({ text, box, vertical }: PlacedLine, from: number, to: number): Box {
  const all = widthOf(text) || 1;
  const [start, end] = [widthOf(text.slice(0, from)) / all, widthOf(text.slice(0, to)) / all];
  const [x, y, width, height] = box;
  const part = (at: number, length: number): [number, number] => [Math.round(at + length * start), Math.round(length * (end - start))];
  if (vertical) {
    const [top, high] = part(y, height);
    return [x, top, width, high];
  }
  const [left, wide] = part(x, width);
  return [left, y, wide, height];
}

/** Where to light up a page: for each hit the part of every line it runs through. Offsets are those of `joinLines`. */
export function litBoxes(lines: readonly PlacedLine[], hits: readonly Hit[]): LitBox[] {
  const lit: LitBox[] = [];
  let lineStart = 0;
  for (const [i, line] of lines.entries()) {
    const lineEnd = lineStart + line.text.length;
    for (const hit of hits) {
      const [from, to] = [Math.max(hit.start, lineStart), Math.min(hit.end, lineEnd)];
      if (from < to) lit.push({ line: i, box: partOfBox(line, from - lineStart, to - lineStart), certainty: hit.certainty });
    }
    lineStart = lineEnd + 1;
  }
  return lit;
}
