import { FIELD_PX, type FieldView } from './field-view.ts';
import type { AlterationHint } from './hints.ts';
import { median } from './odd-ink.ts';
import type { Mark, Strokes } from './strokes.ts';

/** A line through the writing is so long, so thin, and in the middle of its height. */
const STRUCK_LENGTH = 1.25 * FIELD_PX;
const STRUCK_THICK_PX = 9;
const STRUCK_MIDDLE: readonly [number, number] = [0.28, 0.72];
/** Figures of one number: how far one stands off the line, and how much it differs in height. */
const OFF_LINE = 0.24;
const OTHER_HEIGHT = 0.42;
/** What is lower than this is a point or a dash that the words have as a figure. */
const LEAST_HEIGHT = 0.5;
const LEAST_FIGURES = 4;

/** A line through the writing; a figure of another size or off the line of the others. */
export function findOddShapes(view: FieldView, strokes: Strokes, written: string): AlterationHint[] {
  return [...findStruck(view, strokes), ...findUneven(view, strokes, written)];
}

function findStruck(view: FieldView, { ink, marks }: Strokes): AlterationHint[] {
  const { core } = view;
  const height = core.bottom - core.top;
  const rows: { y: number; from: number; to: number }[] = [];
  for (let y = Math.round(core.top + STRUCK_MIDDLE[0] * height); y < core.top + STRUCK_MIDDLE[1] * height; y++) {
    let from = -1;
    let miss = 0;
    for (let x = core.left; x <= core.right; x++) {
      // A stroke that leans leaves a row for the next: looked for within two rows.
      const set = x < core.right && (ink.data[y * ink.width + x] || ink.data[(y - 1) * ink.width + x] || ink.data[(y + 1) * ink.width + x]);
      if (set) {
        if (from < 0) from = x;
        miss = 0;
      } else if (from >= 0 && ++miss > 2) {
        if (x - miss - from >= STRUCK_LENGTH) rows.push({ y, from, to: x - miss });
        from = -1;
        miss = 0;
      }
    }
  }
  const longest = rows.reduce<(typeof rows)[number] | null>((best, r) => (best && best.to - best.from >= r.to - r.from ? best : r), null);
  if (!longest || rows.length > STRUCK_THICK_PX + 4) return [];
  // 一 is as long as one character: the line crosses writing above and below itself in two places and more.
  const crossed = crossings(ink, longest);
  if (crossed < 2) return [];
  const inMark = marks.find((m) => m.left <= longest.from + 2 && m.right >= longest.to - 2);
  if (!inMark || inMark.isSealed) return [];
  const measured = (longest.to - longest.from) / FIELD_PX;
  return [
    {
      code: 'struck',
      box: view.boxOf(longest.from, longest.y - 8, longest.to, longest.y + 8),
      measured: Math.round(measured * 100) / 100,
      limit: STRUCK_LENGTH / FIELD_PX,
    },
  ];
}

/** How often a line meets strokes that go on above it and below it. */
function crossings(ink: Strokes['ink'], { y, from, to }: { readonly y: number; readonly from: number; readonly to: number }): number {
  const at = (x: number, dy: number) => ink.data[(y + dy) * ink.width + x] ?? 0;
  let n = 0;
  let was = false;
  for (let x = from; x < to; x++) {
    const is = !!(at(x, -7) || at(x - 1, -7) || at(x + 1, -7)) && !!(at(x, 7) || at(x - 1, 7) || at(x + 1, 7));
    if (is && !was) n++;
    was = is;
  }
  return n;
}

/** Only where the marks are just the figures of a number: then they stand on one line and are of one height. */
function findUneven(view: FieldView, { marks }: Strokes, written: string): AlterationHint[] {
  const characters = [...written.replaceAll(/\s/g, '')];
  if (characters.length !== marks.length || characters.length < LEAST_FIGURES) return [];
  const figures = marks.filter((_, i) => /\d/.test(characters[i] ?? ''));
  if (figures.length < LEAST_FIGURES) return [];
  const height = median(figures.map((m) => m.bottom - m.top));
  const foot = median(figures.map((m) => m.bottom));
  const off = (m: Mark) => Math.abs(m.bottom - foot) / height;
  const other = (m: Mark) => Math.abs(m.bottom - m.top - height) / height;
  const odd = figures.filter((m) => off(m) > OFF_LINE || other(m) > OTHER_HEIGHT);
  const one = odd[0];
  if (!one || odd.length > 1 || one.bottom - one.top < LEAST_HEIGHT * height) return [];
  const isOff = off(one) > OFF_LINE;
  const measured = isOff ? off(one) : other(one);
  return [
    {
      code: 'uneven',
      box: view.boxOf(one.left, one.top, one.right, one.bottom),
      measured: Math.round(measured * 100) / 100,
      limit: isOff ? OFF_LINE : OTHER_HEIGHT,
    },
  ];
}
