import type { PartialDate } from '@lantai/values';
import { type FoundDate, findDates } from './dates.ts';
import { foldLabel } from './fold.ts';
import type { LabelBook } from './labels.ts';
import { heightOf, midY, type PlacedLine, type TextPiece } from './layout.ts';
import type { DatedBy, PageWords } from './page-words.ts';
import type { Pair } from './pairs.ts';

/** A date on a page with the part it plays there. */
export interface PlacedDate {
  readonly pageId: string;
  readonly found: FoundDate;
  readonly piece: TextPiece;
  /** `signed` beside a signature or alone at the end; `filled` under a label of the form's day; `period` an end of a span; `bound` the value of another label; `told` in a sentence. */
  readonly role: 'signed' | 'filled' | 'period' | 'bound' | 'told';
}

/** A material's date. */
export interface MaterialDate {
  readonly date: PartialDate;
  readonly placed: PlacedDate;
  readonly by: DatedBy;
}

const PERIOD_BEFORE = /(?:至|到|—|－|-|~|～)\s*$/u;
/** A sentence that goes on with a date in the next line. */
const RUNS_INTO = /(?:至|到|自|从|于|为|在|截止)\s*$/u;
const PERIOD_AFTER = /^\s*(?:起?至|到|—|－|-|~|～)/u;

/** The dates of a page, each with its part. `pairs` tells which are values of labels. */
export function datesOfPage(
  pageId: string,
  lines: readonly PlacedLine[],
  pairs: readonly Pair[],
  words: PageWords,
  book: LabelBook,
): PlacedDate[] {
  const out: PlacedDate[] = [];
  for (const [i, line] of lines.entries())
    for (const found of findDates(line.text)) {
      if (!found.date) continue;
      const goesOn = found.start === 0 && RUNS_INTO.test(lines[i - 1]?.text ?? '');
      const role = goesOn ? 'told' : roleOf(line, found, pairs, words, book);
      out.push({ pageId, found, piece: { line, start: found.start, end: found.end }, role });
    }
  return out;
}

function roleOf(line: PlacedLine, found: FoundDate, pairs: readonly Pair[], words: PageWords, book: LabelBook): PlacedDate['role'] {
  const before = line.text.slice(0, found.start);
  const after = line.text.slice(found.end);
  if (PERIOD_AFTER.test(after)) return 'told';
  if (PERIOD_BEFORE.test(before) && /\d|年|月|日/.test(before)) return 'period';
  const pair = pairs.find((p) => p.pieces.some((piece) => piece.line === line && piece.start < found.end && found.start < piece.end));
  if (pair && words.filledLabels.includes(pair.label)) return 'filled';
  const folded = foldLabel(before);
  const isSigned =
    !folded ||
    words.signatureWords.some((w) => folded.includes(w)) ||
    (/[:：]/.test(before) && !book.all.has(foldLabel(before.split(/[:：]/).at(-2) ?? '')));
  const ends = foldLabel(after).length <= 1;
  const isSignature = pair && words.signatureWords.some((w) => pair.label === w || pair.label.endsWith(w));
  const isDateField = pair && [...words.fields.values()].some((f) => f.kind === 'date' && f.labels.includes(pair.label));
  if (pair && !isSignature && (pair.by !== 'below' || isDateField) && !isSignaturePair(pair, found)) return 'bound';
  if (ends && isSigned && folded.length <= 24 && !(pair && !folded && found.date?.day === undefined)) return 'signed';
  if (ends && /填$/u.test(line.text.trim())) return 'filled';
  return 'told';
}

/** A cell of opinion holds a sentence, a signature and a date: the date is then no plain value of its label. */
const isSignaturePair = (pair: Pair, found: FoundDate): boolean => pair.text.replace(/\s/g, '').length > found.written.length + 12;

/** What dates a material: the first of its form's ways that gives a date. `pages` in scanning order. */
export function dateMaterial(
  dates: readonly PlacedDate[],
  datedBy: readonly DatedBy[],
  isBirth: (d: PlacedDate) => boolean,
): MaterialDate | null {
  for (const by of datedBy) {
    const found = pick(dates, by, isBirth);
    if (found?.found.date) return { date: found.found.date, placed: found, by };
  }
  return null;
}

function pick(dates: readonly PlacedDate[], by: DatedBy, isBirth: (d: PlacedDate) => boolean): PlacedDate | null {
  switch (by) {
    case 'signed':
      return latest(dates.filter((d) => d.role === 'signed' && d.found.date?.day !== undefined));
    case 'filled':
      return dates.find((d) => d.role === 'filled') ?? null;
    case 'period':
      return latest(dates.filter((d) => d.role === 'period' && d.found.date?.day !== undefined));
    case 'last': {
      const rest = dates.filter((d) => !isBirth(d) && d.role !== 'period');
      // A letter that ends with year and month is dated by them, not by a day that it tells of.
      const end = lastOf(rest);
      return end?.role === 'signed' ? end : (lastOf(rest.filter((d) => d.found.date?.day !== undefined)) ?? end);
    }
  }
}

const lastOf = (dates: readonly PlacedDate[]): PlacedDate | null => dates[dates.length - 1] ?? null;

/** The latest of signatures: the form is made when the last one signs. Of equal ones that further down. */
function latest(dates: readonly PlacedDate[]): PlacedDate | null {
  const key = ({ found: { date } }: PlacedDate) => (date ? date.year * 10_000 + (date.month ?? 0) * 100 + (date.day ?? 0) : 0);
  let best: PlacedDate | null = null;
  for (const d of dates) if (!best || key(d) >= key(best)) best = d;
  return best;
}

/** The first signature's date in or under the part of a page that words open: the decision of a branch meeting, say. */
export function signedAfter(dates: readonly PlacedDate[], lines: readonly PlacedLine[], after: readonly string[]): PlacedDate | null {
  for (const word of after) {
    const opens = lines.find((l) => l.folded.includes(word));
    if (!opens) continue;
    const own = dates.find((d) => d.piece.line === opens);
    if (own) return own;
    // A cell's words stand in the middle of its height: its signature is at most a little above them.
    const under = dates
      .filter((d) => d.role === 'signed' && midY(d.piece.line) > midY(opens) - heightOf(opens))
      .sort((a, b) => midY(a.piece.line) - midY(b.piece.line));
    if (under[0]) return under[0];
  }
  return null;
}
