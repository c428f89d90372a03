import type { Scheme } from '@lantai/catalogue';
import type { Finding } from '@lantai/values';
import { type Candidate, candidatesFor } from './candidates.ts';
import { corroborate } from './corroborate.ts';
import { choose, extractFields } from './extract.ts';
import { groupPages, type PageGroup } from './group.ts';
import { type LabelBook, labelBook } from './labels.ts';
import { dateMaterial, type MaterialDate } from './material-date.ts';
import { mendNumbers } from './mend-numbers.ts';
import { listOrganisations, mendOrganisations } from './organisations.ts';
import { type UnderstoodPage, understandPage } from './page-judgement.ts';
import type { PageReading } from './page-reading.ts';
import type { FormWords, PageWords } from './page-words.ts';
import { boxOfPieces, readingConfidence01 } from './places.ts';
import type { DossierProposals, Proposal, Proposed, ProposedField } from './proposal.ts';
import { findSubjectName } from './subject.ts';
import { guessClass, type TitleBook, titleBook, titleText } from './titles.ts';
import { traitsOf } from './traits.ts';

/** What proposals are made by: a scheme and the words of pages, prepared once by {@link prepare}. */
export interface Knowledge {
  readonly words: PageWords;
  readonly book: LabelBook;
  readonly titles: TitleBook;
}

/** Prepares a scheme and the words of pages for {@link propose}. */
export function prepare(scheme: Scheme, words: PageWords): Knowledge {
  return { words, book: labelBook(words), titles: titleBook(scheme, [...words.titleQualifiers, ...words.organisationEndings]) };
}

/** What is known of the dossier before its pages are looked at. */
export interface Known {
  /** Whose dossier it is. */
  readonly subjectName?: string;
}

const NO_CONTENT = ['blank', 'duplicate'];

/**
 * Proposes the materials of a dossier from the readings of its pages, in scanning order: which pages belong together, class, title, date and
 * fields, each with confidence, place and reason. Deterministic; nothing is filed.
 * Blank sheets and sheets fed twice belong to no material.
 */
export function propose(pages: readonly PageReading[], knowledge: Knowledge, known: Known = {}): DossierProposals {
  const { words, book, titles } = knowledge;
  const readable = pages.filter((p) => !p.findings.some((f) => NO_CONTENT.includes(f)));
  const understood = readable.map((reading) => understandPage(reading, words, book, titles));
  const heads = new Set(words.defaultForm.fields.flatMap((f) => words.fields.get(f.code)?.labels ?? []));
  const groups = groupPages(understood, heads).map((group) => ({ group, pages: group.pages as readonly UnderstoodPage[] }));
  const subjectName = known.subjectName ?? findSubjectName(groups.flatMap(({ pages: own, group }) => nameOf(group, own, knowledge)));
  const raw = groups.map(({ group, pages: own }) => proposeMaterial(group, own, subjectName, knowledge));
  const proposals = corroborate(mendNumbers(mendOrganisations(raw, listOrganisations(understood, words), words)));
  const traits = groups.map(({ group, pages: own }, at) => traitsOf(group, own, raw[at]!));
  return { proposals, subjectName, traits };
}

/** The name one material gives, at most one. */
function nameOf(group: PageGroup, pages: readonly UnderstoodPage[], { words, book }: Knowledge): Candidate[] {
  const form = group.form ?? words.defaultForm;
  const source = form.fields.find((f) => words.fields.get(f.code)?.kind === 'person');
  const field = source && words.fields.get(source.code);
  const best = field && choose(candidatesFor(field, source, pages, { words, book }));
  return best ? [best] : [];
}

function proposeMaterial(group: PageGroup, pages: readonly UnderstoodPage[], subjectName: string | null, knowledge: Knowledge): Proposal {
  const { words, book, titles } = knowledge;
  const form = group.form ?? words.defaultForm;
  const { fields, findings } = extractFields(form, pages, subjectName, { words, book });
  const births = new Set(words.fields.get('birthDate')?.labels);
  const bound = pages.flatMap((p) =>
    p.pairs.filter((pair) => births.has(pair.label)).flatMap((pair) => pair.pieces.map((piece) => piece.line)),
  );
  const date = dateMaterial(
    pages.flatMap((p) => p.dates),
    form.datedBy,
    (d) => d.role === 'bound' && bound.includes(d.piece.line),
  );
  const year = yearOf(form, fields, date);
  const heading = group.heading;
  const own: Finding[] = heading
    ? heading.match.title === null
      ? [{ code: 'proposal/unknown-form', severity: 'warning' }]
      : []
    : [{ code: 'proposal/no-heading', severity: 'warning' }];
  return {
    pages: pages.map((p) => p.reading.pageId),
    grouping: { confidence01: Math.round(group.confidence01 * 1000) / 1000, reasons: group.reasons },
    classCode: classOf(group, pages, titles),
    title: titleOf(group, pages, fields.year?.value ?? null, date),
    date: date && dateOf(date),
    fields: year ? { ...fields, year } : fields,
    findings: [...own, ...findings],
  };
}

/** A yearly form is signed at the end of its year or in the first months of the next. */
const LAST_MONTH_OF_SIGNING = 3;

/** The year of a yearly form whose title names none, out of its date; null for any other form. */
function yearOf(form: FormWords, fields: Readonly<Record<string, ProposedField>>, date: MaterialDate | null): ProposedField | null {
  if (!date || fields.year || !form.fields.some((f) => f.code === 'year' && f.from === 'title')) return null;
  const { year, month } = date.date;
  const value = String(month !== undefined && month <= LAST_MONTH_OF_SIGNING ? year - 1 : year);
  const { page, box } = dateOf(date);
  return { value, written: date.placed.found.written, confidence01: 0.85, page, box, reason: { code: 'date' }, flags: [] };
}

function classOf({ heading }: PageGroup, pages: readonly UnderstoodPage[], titles: TitleBook): Proposed<string> | null {
  if (!heading) {
    const text =
      pages[0]?.labelled.page.lines
        .map((l) => l.text)
        .join('')
        .slice(0, 200) ?? '';
    const guess = guessClass(titles, text);
    return guess.classCode === null
      ? null
      : { value: guess.classCode, confidence01: 0.3, page: null, box: null, reason: { code: 'words' } };
  }
  const { match, block } = heading;
  if (match.classCode === null) return null;
  const lines = block.lines.map((line) => ({ line, start: 0, end: line.text.length }));
  const page = pages.find((p) => p.heading === heading)?.reading.pageId ?? null;
  return {
    value: match.classCode,
    confidence01: 0.99 * match.score01,
    page,
    box: boxOfPieces(lines),
    reason: { code: match.by === 'words' ? 'words' : 'title' },
  };
}

function titleOf(
  { heading }: PageGroup,
  pages: readonly UnderstoodPage[],
  yearRead: string | null,
  date: MaterialDate | null,
): Proposed<string> | null {
  if (!heading) return null;
  const { match, block } = heading;
  const year = match.year ?? (yearRead === null ? (date?.date.year ?? null) : Number(yearRead));
  const lines = block.lines.map((line) => ({ line, start: 0, end: line.text.length }));
  const page = pages.find((p) => p.heading === heading)?.reading.pageId ?? null;
  const sure = { exact: 0.99, ending: 0.96, near: 0.9, words: 0.8 }[match.by];
  return { value: titleText(match, year), confidence01: sure, page, box: boxOfPieces(lines), reason: { code: `title_${match.by}` } };
}

function dateOf({ date, placed, by }: MaterialDate): NonNullable<Proposal['date']> {
  const sure = { signed: 0.98, filled: 0.98, period: 0.85, last: 0.75 }[by];
  const reading = readingConfidence01([placed.piece]) >= 0.8 ? 1 : 0.95;
  return {
    value: date,
    confidence01: Math.round(sure * reading * 1000) / 1000,
    page: placed.pageId,
    box: boxOfPieces([placed.piece]),
    reason: { code: `dated_${by}` },
  };
}
