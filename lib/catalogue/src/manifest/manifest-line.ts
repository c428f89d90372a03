import type { PartialDate } from '@lantai/values';
import { findClass } from '../class-name.ts';
import { findNumeral } from '../numerals.ts';
import type { Scheme, SchemeClass } from '../scheme.ts';
import { suggestTitle, type TitleIndex } from '../titles.ts';
import type { ManifestField, ManifestFinding } from './fields.ts';
import { readDateParts, readManifestDate } from './manifest-date.ts';
import type { ManifestRow } from './sheet-rows.ts';

/** A material as a row of the list describes it. */
export interface ManifestLine {
  readonly row: number;
  readonly classCode: string;
  /** Number in its class as the list gives it; null: it counts by its place. */
  readonly number: number | null;
  /** As written. */
  readonly title: string;
  readonly date: PartialDate | null;
  readonly copies: number;
  /** 页数: faces with content; null when the list does not say. */
  readonly pages: number | null;
  readonly remarks: string;
  /** Names of its images, in order, where the list names them. */
  readonly images: readonly string[];
}

/** A scheme with its titles ready for look-up. */
export interface ManifestScheme {
  readonly scheme: Scheme;
  readonly titles: TitleIndex;
}

type Say = (field: ManifestField | null, code: string, severity: ManifestFinding['severity'], params?: ManifestFinding['params']) => void;

/** Units of text of one title or remark, as the catalogue takes them. */
const TITLE_UNITS_MAX = 500;
const REMARKS_UNITS_MAX = 1000;
const PAGES_MAX = 9999;
const COPIES_MAX = 999;

/**
 * Reads the material of a row.
 * @returns null when the row cannot be taken; findings say why
 */
export function readManifestLine(
  { scheme, titles }: ManifestScheme,
  given: ManifestRow,
): { line: ManifestLine | null; findings: ManifestFinding[] } {
  const findings: ManifestFinding[] = [...given.findings];
  const { row, text } = given;
  const say: Say = (field, code, severity, params = {}) => findings.push({ row, field, code: `manifest/${code}`, severity, params });
  const title = readTitle(text.title, say);
  const classCode = readClass(scheme, titles, text, say);
  const date = readDate(text, say);
  const number = readCount('number', text.number, 1, PAGES_MAX, 'number-wrong', say);
  const copies = readCount('copies', text.copies, 1, COPIES_MAX, 'copies-wrong', say) ?? 1;
  const pages = readCount('pages', text.pages, 0, PAGES_MAX, 'pages-wrong', say);
  const remarks = text.remarks ?? '';
  if (remarks.length > REMARKS_UNITS_MAX) say('remarks', 'remarks-too-long', 'error', { max: REMARKS_UNITS_MAX });
  const images = (text.image ?? '').split(/[;；|\n]/u).flatMap((name) => name.trim() || []);
  if (title === null || classCode === null || findings.some((f) => f.severity === 'error')) return { line: null, findings };
  const usual = suggestTitle(titles, title)?.title.classCode;
  if (usual !== undefined && usual !== classCode) say('title', 'title-of-other-class', 'warning', { class: classCode, usual });
  return { line: { row, classCode, number, title, date, copies, pages, remarks, images }, findings };
}

function readTitle(text: string | undefined, say: Say): string | null {
  if (text === undefined) say('title', 'title-missing', 'error');
  else if (text.length > TITLE_UNITS_MAX) say('title', 'title-too-long', 'error', { max: TITLE_UNITS_MAX });
  else return text;
  return null;
}

/** The class by code, printed numeral, older code or name. Where none is given, that of the title, if it has one, with a word. */
function readClass(scheme: Scheme, titles: TitleIndex, text: ManifestRow['text'], say: Say): string | null {
  const named = text.classCode === undefined ? null : findClass(scheme, text.classCode);
  const coded = text.legacyClass === undefined ? null : findClass(scheme, text.legacyClass);
  if (text.classCode !== undefined && !named) return nothing(say, 'classCode', 'class-unknown');
  if (text.legacyClass !== undefined && !coded) return nothing(say, 'legacyClass', 'class-unknown');
  if (named && coded && named !== coded && coded.parent !== named.code) return nothing(say, 'legacyClass', 'class-twofold');
  // The older code may be the finer one: 四 beside 41.
  const found: SchemeClass | null = coded && (!named || coded.parent === named.code) ? coded : named;
  if (found) return found.holdsMaterials ? found.code : nothing(say, 'classCode', 'class-holds-none', { class: found.code });
  const usual = text.title === undefined ? undefined : suggestTitle(titles, text.title)?.title.classCode;
  if (usual === undefined) return nothing(say, 'classCode', 'class-missing');
  say('classCode', 'class-of-title', 'warning', { class: usual });
  return usual;
}

function nothing(say: Say, field: ManifestField, code: string, params: ManifestFinding['params'] = {}): null {
  say(field, code, 'error', params);
  return null;
}

function readDate(text: ManifestRow['text'], say: Say): PartialDate | null {
  const parts = text.year !== undefined || text.month !== undefined || text.day !== undefined;
  const date =
    text.date === undefined && parts ? readDateParts(text.year ?? '', text.month ?? '', text.day ?? '') : readManifestDate(text.date ?? '');
  const field = text.date === undefined && parts ? 'year' : 'date';
  if (date === 'none') say(field, 'date-missing', 'info');
  // A day that no calendar has is never bent into one: what is certain, and the paper's wording as a remark, is for a person to write.
  else if (date === 'impossible') say(field, 'date-impossible', 'error');
  else if (date === 'unreadable') say(field, 'date-unreadable', 'error');
  return typeof date === 'string' ? null : date;
}

function readCount(field: ManifestField, text: string | undefined, least: number, most: number, code: string, say: Say): number | null {
  if (text === undefined) return null;
  const number = findNumeral(text.normalize('NFKC').replace(/\s|[页份张]$/gu, ''));
  if (number !== null && number >= least && number <= most) return number;
  say(field, code, 'error', { least, most });
  return null;
}
