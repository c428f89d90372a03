import type { FieldView } from './field-view.ts';
import type { AlterationHint } from './hints.ts';
import { median } from './odd-ink.ts';
import type { Mark, Strokes } from './strokes.ts';

/** Paper about a character: so far about its box, three pixels and more from any stroke. */
const TO_PX = 8;
/** Fewer pixels say nothing of the paper. */
const LEAST_PIXELS = 60;
/** Characters whose paper is compared: those of one field, so that what a JPEG leaves about strokes is alike. */
const LEAST_PEERS = 4;
const MOST_ODD_01 = 0.4;
/** Grain over that of the others, and in times of what they differ by usually. */
const ROUGHER = 1.5;
const TIMES_USUAL = 5;
/** How far the level of the paper is off that of the others. */
const LEVEL_OFF = 4.5;

interface Ring {
  readonly mark: Mark;
  readonly level: number;
  readonly grain: number;
}

/** Characters about which the paper is rougher, thinner or darker than about the others of the field, as a blade or an eraser leaves it. */
export function findRoughPaper(view: FieldView, strokes: Strokes): AlterationHint[] {
  const rings = strokes.marks.flatMap((mark) => (mark.isSealed ? [] : (ringOf(mark, strokes) ?? [])));
  if (rings.length < LEAST_PEERS) return [];
  const grain = median(rings.map((r) => r.grain));
  const level = median(rings.map((r) => r.level));
  const usualGrain = median(rings.map((r) => Math.abs(r.grain / grain - 1)));
  const grainLimit = Math.max(ROUGHER, 1 + TIMES_USUAL * usualGrain);
  const levelLimit = Math.max(LEVEL_OFF, TIMES_USUAL * median(rings.map((r) => Math.abs(r.level - level))));
  return [
    ...oddOnes(view, rings, (r) => r.grain / grain, grainLimit),
    ...oddOnes(view, rings, (r) => Math.abs(r.level - level), levelLimit),
  ].slice(0, 1);
}

function oddOnes(view: FieldView, rings: readonly Ring[], measure: (r: Ring) => number, limit: number): AlterationHint[] {
  const odd = rings.filter((r) => measure(r) > limit);
  if (!odd.length || odd.length > MOST_ODD_01 * rings.length) return [];
  // What is scraped is one place: characters side by side.
  const [first, last] = [rings.indexOf(odd[0]!), rings.indexOf(odd[odd.length - 1]!)];
  if (last - first + 1 !== odd.length) return [];
  const box = view.boxOf(
    Math.min(...odd.map((r) => r.mark.left)) - TO_PX,
    Math.min(...odd.map((r) => r.mark.top)) - TO_PX,
    Math.max(...odd.map((r) => r.mark.right)) + TO_PX,
    Math.max(...odd.map((r) => r.mark.bottom)) + TO_PX,
  );
  const measured = Math.max(...odd.map(measure));
  return [{ code: 'rough', box, measured: Math.round(measured * 100) / 100, limit: Math.round(limit * 100) / 100 }];
}

/** Level and grain of the paper about a character; null where it has none of its own. */
function ringOf(mark: Mark, { ink, luma, bare }: Strokes): Ring | null {
  const { width, height } = ink;
  const levels: number[] = [];
  let grain = 0;
  for (let y = Math.max(1, mark.top - TO_PX); y < Math.min(height - 1, mark.bottom + TO_PX); y++) {
    for (let x = Math.max(1, mark.left - TO_PX); x < Math.min(width - 1, mark.right + TO_PX); x++) {
      const i = y * width + x;
      if (!bare.data[i]) continue;
      levels.push(luma.data[i]!);
      grain += Math.abs(4 * luma.data[i]! - luma.data[i - 1]! - luma.data[i + 1]! - luma.data[i - width]! - luma.data[i + width]!) / 4;
    }
  }
  if (levels.length < LEAST_PIXELS) return null;
  return { mark, level: median(levels), grain: grain / levels.length + 0.2 };
}
