import type { ReadChar } from './ctc.ts';
import { areaOf, extentOf, type Frame, overlapArea, type Rect, toScan } from './frame.ts';
import type { LineCandidate, ReadingLine } from './reading.ts';
import type { Region } from './regions.ts';

/** A reading with less is noise. */
const MIN_CONFIDENCE_01 = 0.5;
/** Ink that the detector passed over must read more surely. */
const MIN_PASSED_OVER_01 = 0.6;
/** A gap this many characters wide parts two lines. */
const WIDE_GAP = 1.3;

const isNarrow = (char: string) => /[\x21-\x7e]/.test(char);
/** Width of a character in units of a square one. */
export const widthOf = (char: string): number => (isNarrow(char) ? 0.55 : 1);
const confidenceOf = (chars: readonly ReadChar[]) => chars.reduce((s, c) => s + c.confidence01, 0) / Math.max(1, chars.length);
const isMark = (text: string) => /^[\p{P}\p{S}\s]*$/u.test(text);

/** A line with its place on the deskewed page, before it is laid on the scan. */
export interface PlacedLine {
  readonly rect: Rect;
  readonly chars: readonly ReadChar[];
  readonly source: ReadingLine['source'];
  readonly vertical?: true;
}

/** The lines that a region's characters make: none when they are noise, several when wide gaps part them. */
export function linesOfRegion(region: Region, chars: readonly ReadChar[]): PlacedLine[] {
  const kept = trimSpaces(chars);
  if (!kept.length) return [];
  const text = kept.map((c) => c.char).join('');
  const enough = region.source === 'cell' && !region.tiles ? MIN_PASSED_OVER_01 : MIN_CONFIDENCE_01;
  if (confidenceOf(kept) < enough) return [];
  if (region.source === 'cell' && !region.tiles && isMark(text)) return [];
  const base = { source: region.source, ...(region.vertical ? { vertical: region.vertical } : {}) };
  if (region.vertical || region.tiles || kept.length < 3) return [{ ...base, rect: region.rect, chars: kept }];
  return splitAtGaps(kept, region.rect).map(({ rect, part }) => ({ ...base, rect, chars: part }));
}

function trimSpaces(chars: readonly ReadChar[]): ReadChar[] {
  let from = 0;
  let to = chars.length;
  while (from < to && chars[from]!.char === ' ') from++;
  while (to > from && chars[to - 1]!.char === ' ') to--;
  return chars.slice(from, to);
}

function splitAtGaps(chars: readonly ReadChar[], rect: Rect): { rect: Rect; part: ReadChar[] }[] {
  const solid = chars.filter((c) => c.char !== ' ');
  const steps: number[] = [];
  for (let i = 1; i < solid.length; i++) {
    const expected = (widthOf(solid[i - 1]!.char) + widthOf(solid[i]!.char)) / 2;
    steps.push(((solid[i]!.at01 - solid[i - 1]!.at01) * rect.w) / expected);
  }
  const unit = Math.max([...steps].sort((a, b) => a - b)[steps.length >> 1] ?? rect.h, 0.4 * rect.h);
  // A reader of the box alone lays its characters evenly: where that would put one beside its place, a smaller gap parts the line too.
  const gapLimit = isEven(chars, rect, unit) ? Math.max(WIDE_GAP * unit, 0.8 * rect.h) : 0.75 * unit;
  const parts: ReadChar[][] = [[]];
  let last: ReadChar | null = null;
  for (const c of chars) {
    if (c.char !== ' ' && last) {
      const expected = ((widthOf(last.char) + widthOf(c.char)) / 2) * unit;
      if ((c.at01 - last.at01) * rect.w - expected > gapLimit) parts.push([]);
    }
    parts[parts.length - 1]!.push(c);
    if (c.char !== ' ') last = c;
  }
  if (parts.length === 1) return [{ rect, part: [...chars] }];
  return parts.map((p) => {
    const part = trimSpaces(p);
    const left = part[0]!.at01 * rect.w - (widthOf(part[0]!.char) * unit) / 2;
    const right = part[part.length - 1]!.at01 * rect.w + (widthOf(part[part.length - 1]!.char) * unit) / 2;
    return { part, rect: subRect(rect, Math.max(0, left), Math.min(rect.w, right)) };
  });
}

/** Drops lines whose place another, longer or surer line covers: two boxes of the detector over one piece of writing. */
export function dropDoubles(lines: readonly PlacedLine[]): PlacedLine[] {
  const kept: PlacedLine[] = [];
  const byWorth = [...lines].sort((a, b) => b.chars.length * confidenceOf(b.chars) - a.chars.length * confidenceOf(a.chars));
  for (const line of byWorth) {
    const e = extentOf(line.rect);
    if (!kept.some((k) => overlapArea(extentOf(k.rect), e) > 0.7 * areaOf(e))) kept.push(line);
  }
  return lines.filter((l) => kept.includes(l));
}

/** True when characters laid evenly over the rectangle come within 0.8 of a character of where they stand. */
function isEven(chars: readonly ReadChar[], rect: Rect, unit: number): boolean {
  const solid = chars.filter((c) => c.char !== ' ');
  const total = solid.reduce((sum, c) => sum + widthOf(c.char), 0);
  let run = 0;
  return solid.every((c) => {
    const even = ((run + widthOf(c.char) / 2) / total) * rect.w;
    run += widthOf(c.char);
    return Math.abs(even - c.at01 * rect.w) <= 0.8 * unit;
  });
}

/** The part of a rectangle between two places along its width. */
export function subRect(rect: Rect, from: number, to: number): Rect {
  const shift = (from + to) / 2 - rect.w / 2;
  return {
    ...rect,
    cx: rect.cx + shift * Math.cos(rect.angleRad),
    cy: rect.cy + shift * Math.sin(rect.angleRad),
    w: Math.max(1, to - from),
  };
}

/**
 * Lays a line on the upright scan.
 * @param scale pixels of the stored page per pixel of the page that was read
 */
export function layOnScan(frame: Frame, line: PlacedLine, scale: number): ReadingLine {
  const { rect, chars } = line;
  const [cx, cy] = toScan(frame, rect.cx, rect.cy);
  const round = (v: number) => Math.round(v * scale * 10) / 10;
  const angle = frame.skewRad + rect.angleRad;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const corner = (u: number, v: number): [number, number] => [round(cx + u * c - v * s), round(cy + u * s + v * c)];
  const [w, h] = [rect.w / 2, rect.h / 2];
  const candidates = candidatesOf(chars);
  return {
    text: chars.map((x) => x.char).join(''),
    box: [round(cx - w), round(cy - h), round(rect.w), round(rect.h)],
    quad: [...corner(-w, -h), ...corner(w, -h), ...corner(w, h), ...corner(-w, h)],
    confidence01: Math.round(confidenceOf(chars) * 1000) / 1000,
    ...(line.vertical ? { vertical: line.vertical } : {}),
    source: line.source,
    ...(candidates.length ? { candidates } : {}),
  };
}

/** A character is uncertain, and its candidates are told, below this; a candidate needs at least the second. */
const UNCERTAIN_01 = 0.9;
const MIN_CANDIDATE_01 = 0.01;
const MAX_CANDIDATES = 3;

function candidatesOf(chars: readonly ReadChar[]): LineCandidate[] {
  const out: LineCandidate[] = [];
  const round = (v: number) => Math.round(v * 1000) / 1000;
  let at = 0;
  for (const c of chars) {
    const others = c.others.filter((o) => o.confidence01 >= MIN_CANDIDATE_01).slice(0, MAX_CANDIDATES - 1);
    if (c.confidence01 < UNCERTAIN_01 && others.length) {
      const options = [{ char: c.char, confidence01: c.confidence01 }, ...others];
      out.push({ at, options: options.map((o) => ({ char: o.char, confidence01: round(o.confidence01) })) });
    }
    at += c.char.length;
  }
  return out;
}
