import { findNumeral } from '@lantai/catalogue';
import { isIdNumber, normaliseIdNumber } from '@lantai/values';
import { dateValue, findDates } from './dates.ts';
import { editDistance, foldLabel } from './fold.ts';
import type { LabelBook } from './labels.ts';
import type { FieldWords, PageWords } from './page-words.ts';

/** A value read out of the text beside a label or inside a sentence. */
export interface ReadValue {
  readonly value: string;
  /** How well the text fits what such a field holds, 0 to 1. */
  readonly fit01: number;
  /** Codes of what is odd: `not_a_date`, `lunar`, `check_digit`, `not_in_list`, `extra_text`. */
  readonly flags: readonly string[];
  /** Offsets in the text, when only a part of it is the value. */
  readonly start?: number;
  readonly end?: number;
}

/** What readers look up. */
export interface Readers {
  readonly words: PageWords;
  readonly book: LabelBook;
}

const EMPTY = /^(?:无|没有|[—\-–_/\\、.。·\s]*)$/u;

/**
 * Reads a field's value out of a text; null when the text holds none.
 * What is written is kept: an impossible date or a wrong check digit comes back as it stands, with a flag.
 */
export function readValue(field: FieldWords, text: string, readers: Readers): ReadValue | null {
  const plain = text.normalize('NFKC').trim();
  if (!plain || (EMPTY.test(plain) && field.kind !== 'choice')) return null;
  switch (field.kind) {
    case 'person':
      return readPerson(text, readers);
    case 'sex':
      return readSex(plain);
    case 'date':
      return readDate(text);
    case 'choice':
      return readChoice(field, plain);
    case 'place':
      return readPlace(plain, readers.words);
    case 'organisation':
      return readOrganisation(plain, readers);
    case 'post':
      return readPost(plain, readers);
    case 'id_number':
      return readIdNumber(plain);
    case 'number':
      return readNumber(plain);
    case 'code':
      return readCode(plain);
    case 'text':
      return readText(plain, readers);
  }
}

/** A name that begins with no surname: a rarer character read as a common one (逄 as 逢), or no name at all. */
const NO_SURNAME = 0.9;

function readPerson(text: string, { book, words }: Readers): ReadValue | null {
  const found = /[\p{Script=Han}][\p{Script=Han}·•・\s]*/u.exec(text);
  if (!found) return null;
  const name = found[0].replace(/\s/g, '').replace(/[•・]/g, '·').replace(/·+$/, '').replace(/同志$/, '');
  const length = [...name].length;
  if (length < 2 || length > 30 || book.isLabel(foldLabel(name))) return null;
  const good = length <= 4 || name.includes('·');
  if (!good && length > 6) return null;
  const named = name.includes('·') || words.surnames.some((s) => name.startsWith(s)) ? 1 : NO_SURNAME;
  const compound = length === 4 && words.surnames.some((s) => s.length === 2 && name.startsWith(s));
  const fit01 = length <= 3 || compound || name.includes('·') ? 1 : good ? 0.95 : 0.5;
  return { value: name, fit01: fit01 * named, flags: good ? [] : ['extra_text'] };
}

function readSex(text: string): ReadValue | null {
  const found = text.match(/[男女]/g);
  if (!found) return null;
  return { value: found[0], fit01: new Set(found).size === 1 ? (text.replace(/\s/g, '').length <= 2 ? 1 : 0.9) : 0.3, flags: [] };
}

function readDate(text: string): ReadValue | null {
  const dates = findDates(text);
  const best = dates.find((d) => d.date?.month !== undefined) ?? dates[0];
  if (!best) return null;
  const flags = best.flags.filter((f) => f === 'not_a_date' || f === 'lunar');
  const rest = text.length - (best.end - best.start);
  const isGuess = best.flags.includes('two_digit_year') && (best.date?.year ?? 0) >= 2000;
  const sure = isGuess ? 0.7 : best.date?.month === undefined ? 0.6 : dates.length > 1 ? 0.8 : rest > 8 ? 0.9 : 1;
  return { value: dateValue(best), fit01: flags.length ? 0.5 : sure, flags, start: best.start, end: best.end };
}

function readChoice(field: FieldWords, text: string): ReadValue | null {
  const folded = foldLabel(text);
  let best: { value: string; at: number; length: number } | null = null;
  for (const { value, wordings } of field.choices)
    for (const wording of wordings) {
      const at = folded.indexOf(wording);
      if (at < 0 || (wording.length === 1 && folded.length > 2)) continue;
      const before = best;
      if (!before || wording.length > before.length || (wording.length === before.length && at < before.at))
        best = { value, at, length: wording.length };
    }
  if (best) return { value: best.value, fit01: best.length / folded.length > 0.6 ? 1 : 0.9, flags: [] };
  const near = field.choices.find(({ wordings }) =>
    wordings.some((w) => w.length >= 3 && folded.length === w.length && editDistance(w, folded) === 1),
  );
  if (near) return { value: near.value, fit01: 0.85, flags: ['repaired'] };
  if (!/^\p{Script=Han}{2,10}$/u.test(folded)) return null;
  return { value: text, fit01: 0.55, flags: ['not_in_list'] };
}

function readPlace(text: string, words: PageWords): ReadValue | null {
  const place = /\p{Script=Han}[\p{Script=Han}\s、]*/u.exec(text)?.[0].replace(/\s/g, '');
  if (!place || [...place].length < 2 || [...place].length > 30) return null;
  const known = words.placeWords.some((w) => place.endsWith(w)) || words.placeWords.some((w) => place.startsWith(w));
  return { value: place, fit01: known ? 1 : 0.75, flags: known ? [] : ['not_in_list'] };
}

/** Where the name of an organisation at the beginning of a text ends; 0 when it begins with none. A space ends a name that is whole before it. */
export function organisationEnd(text: string, words: PageWords): number {
  const part = /^\S+(?=\s)/u.exec(text)?.[0];
  const whole = part !== undefined && words.organisationEndings.some((e) => part.endsWith(e)) ? part : text;
  return nameEnd(whole, words);
}

/** An office of a unit belongs to the post when its head is named: 民政局 办公室副主任. */
const OFFICE_POST = /^办公室副?主任/u;

function nameEnd(text: string, words: PageWords): number {
  const stops = (endings: readonly string[], good: (stop: number) => boolean): number => {
    let end = 0;
    for (const ending of endings)
      for (let at = text.indexOf(ending); at >= 0; at = text.indexOf(ending, at + 1)) {
        const stop = at + ending.length;
        if (stop >= 4 && stop > end && isClosed(text.slice(0, stop)) && good(stop)) end = stop;
      }
    return end;
  };
  const atBreak = (stop: number) => stop === text.length || /[\s、，,]/u.test(text[stop]!);
  const sure = Math.max(
    stops(
      words.organisationEndings.filter((e) => e.length > 1),
      () => true,
    ),
    stops(words.organisationEndings, atBreak),
  );
  // 公司 ends a name wherever it stands; a single 厂 or 所 before a post only when nothing surer does.
  const end = sure || stops(words.organisationEndings, (stop) => stop >= 5 && text.length - stop <= 7);
  return officeOfUnit(text, end, words) ?? end;
}

function officeOfUnit(text: string, end: number, words: PageWords): number | null {
  const at = text.lastIndexOf('办公室', end);
  const isPost = at >= 4 && OFFICE_POST.test(text.slice(at));
  return isPost && words.organisationEndings.some((e) => text.slice(0, at).endsWith(e)) ? at : null;
}

/** Whether every bracket that opens also closes: 校（院）长 ends no name. */
const isClosed = (text: string): boolean => (text.match(/[(（]/gu)?.length ?? 0) === (text.match(/[)）]/gu)?.length ?? 0);

function readOrganisation(text: string, { words }: Readers): ReadValue | null {
  const plain = text.replace(/^[\s:：、，]+|[\s:：、，。.;；]+$/gu, '').replace(/[（(]?(?:盖章|公章|章)[）)]?$/u, '');
  if ([...plain].length < 2 || [...plain].length > 60 || !/\p{Script=Han}{2}/u.test(plain)) return null;
  const end = organisationEnd(plain, words);
  if (!end) return { value: plain.split(/\s/u)[0]!, fit01: 0.7, flags: ['not_in_list'] };
  const value = plain.slice(0, end).replace(/\s/g, '');
  return { value, fit01: end === plain.length ? 1 : /[\s、，,]/u.test(plain[end]!) ? 0.97 : 0.93, flags: [] };
}

function readPost(text: string, { words, book }: Readers): ReadValue | null {
  const plain = text.replace(/^[\s:：、，]+|[\s:：、，。.;；]+$/gu, '');
  const end = organisationEnd(plain, words);
  const rest = end && end < plain.length ? plain.slice(end).replace(/^[\s、，,]+/u, '') : plain;
  const value = rest.replace(/\s/g, '');
  if (!value || [...value].length > 24 || !/\p{Script=Han}/u.test(value) || book.isLabel(foldLabel(value))) return null;
  return { value, fit01: [...value].length >= 2 && [...value].length <= 10 ? 1 : 0.7, flags: [] };
}

function readIdNumber(text: string): ReadValue | null {
  const digits = text.replace(/[Oo]/g, '0').replace(/[Il|]/g, '1');
  const run = /\d[\d\s]{12,22}[\dXx]?/.exec(digits)?.[0];
  if (!run) return readBrokenNumber(digits);
  const plain = run.replace(/\s/g, '').toUpperCase();
  const written = plain.length > 18 ? plain.slice(0, 18) : plain;
  const normal = normaliseIdNumber(written);
  if (isIdNumber(normal)) return { value: normal, fit01: plain.length === written.length ? 1 : 0.8, flags: [] };
  return { value: written, fit01: 0.4, flags: ['check_digit'] };
}

/** A number in which a character or two was read as no digit: kept as read, for mending or a person. */
function readBrokenNumber(text: string): ReadValue | null {
  const plain = text.replace(/\s/g, '').toUpperCase();
  const isNumber = plain.length >= 15 && plain.length <= 18 && plain.replace(/[^\dX]/g, '').length >= plain.length - 2;
  return isNumber ? { value: plain, fit01: 0.3, flags: ['check_digit'] } : null;
}

function readNumber(text: string): ReadValue | null {
  const found = /[\d,]+(?:\.\d+)?|[〇零一二两三四五六七八九十百千]+/u.exec(text);
  if (!found) return null;
  const digits = found[0].replaceAll(',', '');
  const n = /^\d/.test(digits) ? Number(digits) : findNumeral(digits);
  return n === null || !Number.isFinite(n) ? null : { value: String(n), fit01: 1, flags: [] };
}

function readCode(text: string): ReadValue | null {
  const value = text.replace(/\s/g, '').replace(/[。，,;；:：.]+$/u, '');
  const good = /^[\p{L}\p{N}（）()〔〕[\]【】\-—第号字.]{4,40}$/u.test(value) && /\d{2}/.test(value);
  return good ? { value, fit01: 1, flags: [] } : null;
}

function readText(text: string, { book }: Readers): ReadValue | null {
  const value = text.replace(/^[\s:：、，]+|[\s:：、，。.;；]+$/gu, '').replace(/\s+/g, ' ');
  if (!value || [...value].length > 40 || book.isLabel(foldLabel(value))) return null;
  return { value, fit01: [...value].length <= 20 ? 1 : 0.7, flags: [] };
}
