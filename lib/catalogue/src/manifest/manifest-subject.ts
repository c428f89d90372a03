import { isIdNumber, normaliseIdNumber } from '@lantai/values';
import { findCodeParts, normaliseCode, type SchemeCodes } from '../archival-code.ts';
import type { ManifestField, ManifestFinding } from './fields.ts';
import { readManifestDate } from './manifest-date.ts';
import type { ManifestRow } from './sheet-rows.ts';

/** Whom a dossier of the list is about, put together from its rows. */
export interface ManifestSubject {
  readonly name: string;
  /** As written but for width, case and spaces; null when the list has none. */
  readonly idNumber: string | null;
  /** False: eighteen characters whose check digit does not fit. Such a number is kept as it stands, and flagged. */
  readonly idNumberFits: boolean;
  readonly birthYear: number | null;
  readonly sex: 'male' | 'female' | null;
  readonly copySet: 'original' | 'duplicate';
  readonly unitCode: string | null;
}

const FREE_CODE = /^[\p{L}\p{N}][\p{L}\p{N}._·/-]{0,63}$/u;
export const NAME_CHARS_MAX = 200;

/**
 * The dossier code of a row: 档号, or else the person's code of an older system. One of the scheme's forms is written as the standard writes it.
 * @returns null when there is none or it is no code
 */
export function readDossierCode(
  codes: SchemeCodes,
  { text }: Pick<ManifestRow, 'text'>,
): { code: string | null; problem: 'missing' | 'malformed' | null } {
  const typed = text.dossierCode ?? text.personCode;
  if (typed === undefined) return { code: null, problem: 'missing' };
  const code = findCodeParts(codes.dossier, typed) ? normaliseCode(typed) : typed.replace(/\s/gu, '');
  return FREE_CODE.test(code) ? { code, problem: null } : { code: null, problem: 'malformed' };
}

const SEXES: Readonly<Record<string, 'male' | 'female'>> = {
  男: 'male',
  女: 'female',
  male: 'male',
  female: 'female',
  m: 'male',
  f: 'female',
  '1': 'male',
  '2': 'female',
};
const SETS: Readonly<Record<string, 'original' | 'duplicate'>> = {
  正本: 'original',
  副本: 'duplicate',
  original: 'original',
  duplicate: 'duplicate',
  正: 'original',
  副: 'duplicate',
};

/** Names are compared without spaces and with one form of the dot inside; they are kept as written. */
const foldName = (name: string) =>
  name
    .normalize('NFKC')
    .replace(/\s/gu, '')
    .replace(/[.•・‧∙⋅●]/gu, '·');

/**
 * Puts together what the rows of one dossier say of its subject. The first row that says a thing counts; another that contradicts it is an error.
 * @param rows of one dossier, at least one
 */
export function readSubject(rows: readonly ManifestRow[]): { subject: ManifestSubject; findings: ManifestFinding[] } {
  const findings: ManifestFinding[] = [];
  const say = (
    row: number,
    field: ManifestField,
    code: string,
    severity: ManifestFinding['severity'],
    params: ManifestFinding['params'] = {},
  ) => findings.push({ row, field, code: `manifest/${code}`, severity, params });
  const first = rows[0]!;
  const one = (field: ManifestField, fold: (text: string) => string): { text: string; row: number } | null => {
    const said = rows.flatMap((r) => (r.text[field] === undefined ? [] : [{ text: r.text[field], row: r.row }]));
    const other = said.find((s) => fold(s.text) !== fold(said[0]!.text));
    if (other) say(other.row, field, 'subject-differs', 'error', { first: said[0]!.row });
    return said[0] ?? null;
  };
  const name = one('name', foldName);
  if (!name) say(first.row, 'name', 'name-missing', 'error');
  else if ([...name.text].length > NAME_CHARS_MAX) say(name.row, 'name', 'name-too-long', 'error', { max: NAME_CHARS_MAX });
  const number = one('idNumber', normaliseIdNumber);
  const idNumber = number && normaliseIdNumber(number.text);
  if (number && idNumber && !/^\d{17}[\dX]$/.test(idNumber)) say(number.row, 'idNumber', 'id-number-malformed', 'error');
  const fits = idNumber !== null && isIdNumber(idNumber);
  if (number && idNumber && !fits && /^\d{17}[\dX]$/.test(idNumber)) say(number.row, 'idNumber', 'id-number-check', 'warning');
  const sex = one('sex', (t) => t.toLowerCase());
  const sexCode = sex && SEXES[sex.text.toLowerCase()];
  if (sex && !sexCode) say(sex.row, 'sex', 'sex-unknown', 'error');
  const inNumber = fits ? (Number(idNumber[16]) % 2 ? 'male' : 'female') : null;
  if (sex && sexCode && inNumber && sexCode !== inNumber) say(sex.row, 'sex', 'sex-differs-from-number', 'warning');
  const set = one('copySet', (t) => t.toLowerCase());
  const copySet = set ? SETS[set.text.toLowerCase()] : 'original';
  if (set && !copySet) say(set.row, 'copySet', 'set-unknown', 'error');
  return {
    subject: {
      name: name?.text ?? '',
      idNumber,
      idNumberFits: fits,
      birthYear:
        readBirthYear(
          one('birth', (t) => t),
          fits ? idNumber : null,
          say,
        ) ?? (fits ? Number(idNumber.slice(6, 10)) : null),
      sex: sexCode ?? inNumber,
      copySet: copySet ?? 'original',
      unitCode: one('unit', (t) => t)?.text ?? null,
    },
    findings,
  };
}

function readBirthYear(
  birth: { readonly text: string; readonly row: number } | null,
  idNumber: string | null,
  say: (row: number, field: ManifestField, code: string, severity: 'error' | 'warning') => void,
): number | null {
  if (!birth) return null;
  const date = readManifestDate(birth.text);
  if (date === 'none') return null;
  if (typeof date === 'string') {
    say(birth.row, 'birth', `date-${date}`, 'error');
    return null;
  }
  const two = (n: number | undefined) => (n === undefined ? '' : String(n).padStart(2, '0'));
  // Which of two dates of birth is right is for the key facts to settle, not for an import.
  if (idNumber && !idNumber.slice(6, 14).startsWith(`${date.year}${two(date.month)}${two(date.day)}`))
    say(birth.row, 'birth', 'birth-differs-from-number', 'warning');
  return date.year;
}

export { foldName };
