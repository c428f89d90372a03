import { formatPartialDate, isIdNumber, normaliseIdNumber } from '@lantai/values';
import { foldLabel } from './fold.ts';
import { heightOf, midY, type TextPiece } from './layout.ts';
import { type PlacedDate, signedAfter } from './material-date.ts';
import type { UnderstoodPage } from './page-judgement.ts';
import type { FieldWords, FormField } from './page-words.ts';
import { narrowPieces } from './places.ts';
import type { Reason } from './proposal.ts';
import { findProse } from './prose.ts';
import { organisationEnd, type Readers, type ReadValue, readValue } from './values.ts';

/** A value that a page offers for a field. */
export interface Candidate extends ReadValue {
  readonly written: string;
  readonly pageId: string;
  readonly pieces: readonly TextPiece[];
  readonly reason: Reason;
  /** How much the way of finding it is worth, 0 to 1. */
  readonly way01: number;
}

/** What the ways of finding a value are worth by themselves; measured on the samples, see docs/spec/proposals.md. */
const WAYS: Readonly<Record<string, number>> = {
  inline: 0.985,
  right: 0.985,
  stacked: 0.975,
  below: 0.82,
  prose: 0.975,
  issuer: 0.965,
  letterhead: 0.965,
  title: 0.99,
  signed_after: 0.965,
};

/** Of labels far down a field's list none is worse than another. */
const RANKS_MAX = 6;
/** A label that is not quite one may be another form's own. */
const NEAR_LABEL = 0.97;

/** Everything the pages of a material offer for one field, in the order in which it is preferred. */
export function candidatesFor(field: FieldWords, source: FormField, pages: readonly UnderstoodPage[], readers: Readers): Candidate[] {
  switch (source.from) {
    case 'title':
      return [...fromTitle(field, pages), ...fromPage(field, source, pages, readers)];
    case 'issuer':
      return [...fromIssuer(field, pages, readers), ...fromPage(field, source, pages, readers)];
    case 'letterhead':
      return [...fromPage(field, source, pages, readers), ...fromLetterhead(field, pages, readers)];
    case 'signed_after':
      return [...fromSignature(source, pages), ...fromPage(field, source, pages, readers)];
    default:
      return fromPage(field, source, pages, readers);
  }
}

function fromPage(field: FieldWords, source: FormField, pages: readonly UnderstoodPage[], readers: Readers): Candidate[] {
  const out: Candidate[] = [];
  const labels = source.labels ?? field.labels;
  for (const [rank, label] of labels.entries())
    for (const page of pages)
      for (const pair of page.pairs) {
        if (pair.label !== label) continue;
        const text = stripOther(field, label, pair.text, readers);
        const read = withRepair(field, text, pair.pieces, readers);
        // What is no word of the list is kept only where it surely stands in the field's own cell.
        if (!read || (pair.by === 'below' && field.kind === 'choice' && read.flags.includes('not_in_list'))) continue;
        const way01 = WAYS[pair.by]! * (1 - 0.002 * Math.min(rank, RANKS_MAX)) * (pair.hit.isNear ? NEAR_LABEL : 1);
        out.push(
          candidate(
            page,
            read,
            text,
            pair.pieces,
            { code: pair.by === 'below' || pair.by === 'stacked' ? 'label_above' : 'label', params: { label } },
            way01,
          ),
        );
      }
  for (const [rank, prose] of (source.prose ?? field.prose).entries())
    for (const page of pages)
      for (const hit of findProse(page.flowing, prose, field.kind)) {
        const read = withRepair(field, hit.text, hit.pieces, readers);
        if (read && !(field.kind === 'choice' && read.flags.includes('not_in_list')))
          out.push(candidate(page, read, hit.text, hit.pieces, { code: 'sentence' }, WAYS.prose! * (1 - 0.004 * rank)));
      }
  return out;
}

function candidate(
  page: UnderstoodPage,
  read: ReadValue,
  text: string,
  pieces: readonly TextPiece[],
  reason: Reason,
  way01: number,
): Candidate {
  const own = read.start === undefined || read.end === undefined ? pieces : narrowPieces(pieces, text, read.start, read.end);
  const written = read.start === undefined ? text : text.slice(read.start, read.end);
  return { ...read, written: written.trim(), pageId: page.reading.pageId, pieces: own.length ? own : pieces, reason, way01 };
}

/** A cell that holds two fields (工种及等级) gives the text field what the list field leaves. */
function stripOther(field: FieldWords, label: string, text: string, { words }: Readers): string {
  if (field.kind !== 'text') return text;
  for (const other of words.fields.values()) {
    if (other.kind !== 'choice' || !other.labels.includes(label)) continue;
    const wordings = other.choices.flatMap((c) => c.wordings).sort((a, b) => b.length - a.length);
    const plain = text.trimEnd();
    const ending = wordings.find((w) => plain.endsWith(w) && plain.length > w.length + 1);
    if (ending) return plain.slice(0, -ending.length);
  }
  return text;
}

/** Reads a value; an identity number that fails its check is tried with the reader's other candidates for its uncertain characters. */
function withRepair(field: FieldWords, text: string, pieces: readonly TextPiece[], readers: Readers): ReadValue | null {
  const read = readValue(field, text, readers);
  if (field.kind !== 'id_number' || !read?.flags.includes('check_digit')) return read;
  const repaired = new Set<string>();
  for (const piece of pieces)
    for (const { at, options } of piece.line.line.candidates ?? []) {
      if (at < piece.start || at >= piece.end) continue;
      for (const { char } of options) {
        const tried = pieces.map((p) =>
          p === piece ? `${p.line.text.slice(p.start, at)}${char}${p.line.text.slice(at + 1, p.end)}` : p.line.text.slice(p.start, p.end),
        );
        const number = normaliseIdNumber(tried.join('').replace(/[^\dXx]/g, ''));
        if (isIdNumber(number)) repaired.add(number);
      }
    }
  const [only] = repaired;
  return repaired.size === 1 && only !== undefined ? { value: only, fit01: 0.9, flags: ['repaired'] } : read;
}

function fromTitle(field: FieldWords, pages: readonly UnderstoodPage[]): Candidate[] {
  for (const page of pages) {
    if (!page.heading) continue;
    const lines = [...page.heading.block.lines, ...page.labelled.page.lines.slice(0, 8)];
    for (const line of lines) {
      const own = page.heading.block.lines.includes(line);
      const year = (own ? /((?:19|20)\d{2})\s*年/u : /((?:19|20)\d{2})\s*年度/u).exec(line.text.normalize('NFKC'));
      if (field.kind !== 'number' || !year?.[1]) continue;
      const piece = { line, start: year.index, end: year.index + 4 };
      return [
        {
          value: year[1],
          fit01: own ? 1 : 0.8,
          flags: [],
          written: year[1],
          pageId: page.reading.pageId,
          pieces: [piece],
          reason: { code: 'title' },
          way01: WAYS.title!,
        },
      ];
    }
  }
  return [];
}

/** The organisation that signs: the line above the last date that stands alone, when it is one. */
function fromIssuer(field: FieldWords, pages: readonly UnderstoodPage[], readers: Readers): Candidate[] {
  const signed = pages.flatMap((page) => page.dates.filter((d) => d.role === 'signed').map((d) => ({ page, d })));
  for (const { page, d } of signed.reverse()) {
    const date = d.piece.line;
    const above = page.labelled.page.lines
      .filter((l) => midY(l) < midY(date) && midY(date) - midY(l) < 3.6 * heightOf(date) && l.x1 > date.x0 - 6 * heightOf(date))
      .sort((a, b) => midY(b) - midY(a));
    for (const line of above) {
      const text = line.text.replace(/[（(](?:盖章|章|公章)[）)]/u, '');
      const end = organisationEnd(text.trim(), readers.words);
      if (!end || end < text.trim().length || /[，。：:]/u.test(text)) continue;
      const read = readValue(field, text, readers);
      const piece = { line, start: 0, end: line.text.length };
      if (read) return [candidate(page, read, text, [piece], { code: 'issuer' }, WAYS.issuer!)];
    }
  }
  return [];
}

/** The organisation whose name stands alone above or right under the heading. */
function fromLetterhead(field: FieldWords, pages: readonly UnderstoodPage[], readers: Readers): Candidate[] {
  for (const page of pages) {
    const heading = page.heading?.block;
    if (!heading) continue;
    const own = page.heading.text.slice(0, organisationEnd(page.heading.text.replace(/.{4}$/u, ''), readers.words));
    const inTitle = own && page.heading.match.title ? readValue(field, own, readers) : null;
    const line = heading.lines[0];
    if (inTitle && line)
      return [candidate(page, inTitle, own, [{ line, start: 0, end: own.length }], { code: 'letterhead' }, WAYS.letterhead!)];
    const about = page.labelled.page.lines.filter(
      (l) => !heading.lines.includes(l) && l.y1 > heading.y0 - 4 * heightOf(l) && l.y0 < heading.y1 + 2.5 * heightOf(l),
    );
    for (const line of about) {
      const text = line.text.trim();
      const end = organisationEnd(text, readers.words);
      if (!end || end < text.length || /[，。：:]/u.test(text)) continue;
      const read = readValue(field, text, readers);
      if (read) return [candidate(page, read, text, [{ line, start: 0, end: line.text.length }], { code: 'letterhead' }, WAYS.letterhead!)];
    }
  }
  return [];
}

function fromSignature(source: FormField, pages: readonly UnderstoodPage[]): Candidate[] {
  for (const page of pages) {
    const placed: PlacedDate | null = signedAfter(page.dates, page.labelled.page.lines, source.after);
    if (!placed?.found.date) continue;
    const value = formatPartialDate(placed.found.date);
    return [
      {
        value,
        fit01: 1,
        flags: [],
        written: placed.found.written,
        pageId: page.reading.pageId,
        pieces: [placed.piece],
        reason: { code: 'signed_after', params: { words: source.after[0] ?? '' } },
        way01: WAYS.signed_after!,
      },
    ];
  }
  return [];
}

/** Where a name stands on the pages, when it does. */
export function findNamePlace(name: string, pages: readonly UnderstoodPage[]): Candidate | null {
  const folded = foldLabel(name);
  for (const page of pages)
    for (const line of page.labelled.page.lines) {
      const at = line.folded.indexOf(folded);
      if (at < 0) continue;
      const start = line.at[at]!;
      const end = (line.at[at + folded.length - 1] ?? start) + 1;
      return {
        value: name,
        fit01: 0.97,
        flags: [],
        written: line.text.slice(start, end),
        pageId: page.reading.pageId,
        pieces: [{ line, start, end }],
        reason: { code: 'subject' },
        way01: 0.98,
      };
    }
  return null;
}
