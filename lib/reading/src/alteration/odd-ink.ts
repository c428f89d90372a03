import { FIELD_PX, type FieldView } from './field-view.ts';
import type { AlterationHint } from './hints.ts';
import type { Mark, Strokes } from './strokes.ts';

/** Marks that agree with one another before one of them can be odd. */
const LEAST_ALIKE = 3;
/** Of the marks of a field so many at most are odd: a field in two inks has two kinds of writing, print and hand. */
const MOST_ODD_01 = 0.4;
/** Colour: distance of red − green and green − blue from the usual; beside it so many times the usual distance. */
const COLOUR_OFF = 30;
/** Density: how much darker or paler than the usual. */
const LUMA_OFF = 48;
const TIMES_USUAL = 3.2;
/** So thin for its height: a line of the form beside the writing as often as a 1. It is never what is odd. */
const THIN_01 = 0.32;
/** Strokes so much wider than the usual. */
const WIDER = 1.42;
const WIDER_PX = 1.6;

/** Parts of a field in another ink than the rest of it, or with strokes laid over strokes. */
export function findOddInk(view: FieldView, { marks }: Strokes): AlterationHint[] {
  // Points and dashes say nothing of ink or pen.
  const said = marks.filter(
    (m) => !m.isSealed && m.bottom - m.top > 0.22 * FIELD_PX && m.right - m.left > 0.09 * FIELD_PX && m.pixels > 40,
  );
  if (said.length < LEAST_ALIKE + 1) return [];
  const usual = [0, 1, 2].map((k) => median(said.map((m) => m.tone[k as 0]))) as unknown as Mark['tone'];
  const colourOff = (m: Mark) => Math.hypot(m.tone[1] - usual[1], m.tone[2] - usual[2]);
  const lumaOff = (m: Mark) => Math.abs(m.tone[0] - usual[0]);
  const width = median(said.map((m) => m.strokePx));
  const wider = (m: Mark) => m.strokePx / width;
  const colourLimit = Math.max(COLOUR_OFF, TIMES_USUAL * median(said.map(colourOff)));
  const lumaLimit = Math.max(LUMA_OFF, TIMES_USUAL * median(said.map(lumaOff)));
  return [
    ...together(view, said, 'ink', colourOff, colourLimit),
    ...together(view, said, 'ink', lumaOff, lumaLimit),
    ...together(
      view,
      said.filter((m) => m.strokePx - width < 40),
      'density',
      (m) => (m.strokePx - width > WIDER_PX ? wider(m) : 0),
      WIDER,
    ),
  ].filter((hint, i, all) => all.findIndex((h) => h.code === hint.code && h.box.join() === hint.box.join()) === i);
}

/** One hint for odd marks that stand side by side; none where they are many or stand apart, as print and hand do in one field. */
function together(
  view: FieldView,
  marks: readonly Mark[],
  code: AlterationHint['code'],
  measure: (mark: Mark) => number,
  limit: number,
): AlterationHint[] {
  const odd = marks.filter((m) => measure(m) > limit && m.right - m.left >= THIN_01 * (m.bottom - m.top));
  if (!odd.length || odd.length > MOST_ODD_01 * marks.length || marks.length - odd.length < LEAST_ALIKE) return [];
  const [first, last] = [marks.indexOf(odd[0]!), marks.indexOf(odd[odd.length - 1]!)];
  if (last - first + 1 !== odd.length) return [];
  const worst = Math.max(...odd.map(measure));
  const box = view.boxOf(
    Math.min(...odd.map((m) => m.left)),
    Math.min(...odd.map((m) => m.top)),
    Math.max(...odd.map((m) => m.right)),
    Math.max(...odd.map((m) => m.bottom)),
  );
  return [{ code, box, measured: Math.round(worst * 100) / 100, limit: Math.round(limit * 100) / 100 }];
}

/** The middle of a list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
