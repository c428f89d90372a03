import { ArchiveError, type Finding, findPartialDate, formatPartialDate } from '@lantai/values';
import type { Words } from './scheme.ts';

/** A field that an archive defined for itself (自定义字段), for dossiers or materials. */
export interface FieldDefinition {
  readonly code: string;
  readonly name: Words;
  readonly place: 'dossier' | 'material';
  /** Classes that carry the field; empty for all. Only for fields of materials. */
  readonly classCodes: readonly string[];
  readonly required: boolean;
  readonly form: FieldForm;
}

/** What a value may be. */
export type FieldForm =
  | { readonly kind: 'text' /** Characters. */; readonly longest: number }
  | { readonly kind: 'number'; readonly least: number | null; readonly most: number | null; readonly decimals: number }
  | { readonly kind: 'date' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] };

/** Longest text a field takes, in characters. */
export const LONGEST_FIELD_TEXT = 500;

/** Characters of the longest choice, and how many there may be. */
export const LONGEST_CHOICE = 80;
export const MOST_CHOICES = 200;

const CODE = /^[a-z][a-zA-Z0-9_]{0,39}$/;
const error = (code: string, params: Record<string, string | number>): Finding => ({ code, severity: 'error', params });
const hasControls = (text: string) => /[\p{Cc}\p{Cs}]/u.test(text);

/** Problems of a definition, none when it can be used. */
export function checkFieldDefinition(field: FieldDefinition): Finding[] {
  const findings: Finding[] = [];
  const say = (code: string) => findings.push(error(code, { field: CODE.test(field.code) ? field.code : '' }));
  if (!CODE.test(field.code)) say('field/code');
  if (!field.name.zh.trim() || !field.name.en.trim()) say('field/name');
  if (field.place === 'dossier' && field.classCodes.length) say('field/classes-of-dossier');
  const { form } = field;
  if (form.kind === 'text' && !(Number.isInteger(form.longest) && form.longest >= 1 && form.longest <= LONGEST_FIELD_TEXT))
    say('field/longest');
  if (form.kind === 'number') {
    if (!Number.isInteger(form.decimals) || form.decimals < 0 || form.decimals > 6) say('field/decimal-places');
    if (form.least !== null && form.most !== null && form.least > form.most) say('field/limits');
  }
  if (form.kind === 'choice') {
    const { choices } = form;
    const good = (c: string) => c !== '' && c === c.normalize('NFC').trim() && [...c].length <= LONGEST_CHOICE && !hasControls(c);
    if (!choices.length || choices.length > MOST_CHOICES || new Set(choices).size !== choices.length || !choices.every(good))
      say('field/choices');
  }
  return findings;
}

/**
 * A typed value in its one written form: text NFC and trimmed, a number in plain decimals, a partial date, one of the choices.
 * Reading a written form again gives the same text.
 * @returns the written form, null for an empty value of a field that may be empty, or what is wrong; never the value itself
 */
export function readField(field: FieldDefinition, typed: string): { readonly value: string | null } | { readonly finding: Finding } {
  const text = typed.normalize('NFC').trim();
  const wrong = (code: string, params: Record<string, string | number> = {}) => ({
    finding: error(code, { field: field.code, ...params }),
  });
  if (!text) return field.required ? wrong('field/required') : { value: null };
  const { form } = field;
  switch (form.kind) {
    case 'text':
      if (hasControls(text.replace(/[\n\t]/g, ''))) return wrong('field/control-characters');
      return [...text].length > form.longest ? wrong('field/too-long', { longest: form.longest }) : { value: text };
    case 'number':
      return readNumber(text, form, wrong);
    case 'date': {
      const date = findPartialDate(
        text
          .normalize('NFKC')
          .replace(/[./年月]/g, '-')
          .replace(/日$|-$/, '')
          .replace(/-(\d)(?=-|$)/g, '-0$1'),
      );
      return date ? { value: formatPartialDate(date) } : wrong('field/date');
    }
    case 'choice':
      return form.choices.includes(text) ? { value: text } : wrong('field/choice');
  }
}

function readNumber<W>(
  text: string,
  form: FieldForm & { kind: 'number' },
  wrong: (code: string, params?: Record<string, string | number>) => W,
): { value: string } | W {
  const plain = text.normalize('NFKC').replaceAll(',', '');
  // Twelve digits before the point stay exact in a double with six after it.
  const match = /^(-?)0*(\d{1,12})(?:\.(\d*?)0*)?$/.exec(plain);
  if (!match) return wrong('field/number');
  const [, sign, whole, fraction = ''] = match;
  if (fraction.length > form.decimals) return wrong('field/decimals', { decimals: form.decimals });
  const digits = `${whole}${fraction ? `.${fraction}` : ''}`;
  const value = sign && Number(digits) !== 0 ? `-${digits}` : digits;
  const n = Number(value);
  if ((form.least !== null && n < form.least) || (form.most !== null && n > form.most))
    return wrong('field/out-of-range', {
      ...(form.least === null ? {} : { least: form.least }),
      ...(form.most === null ? {} : { most: form.most }),
    });
  return { value };
}

/** Checks all fields of one thing: values typed, fields required and missing, values of fields that are not defined. */
export function readFields(
  definitions: readonly FieldDefinition[],
  place: 'dossier' | 'material',
  classCode: string | null,
  typed: Readonly<Record<string, string>>,
): { readonly values: Record<string, string>; readonly findings: Finding[] } {
  const values: Record<string, string> = {};
  const findings: Finding[] = [];
  const wanted = definitions.filter(
    (d) => d.place === place && (!d.classCodes.length || (classCode !== null && d.classCodes.includes(classCode))),
  );
  for (const field of wanted) {
    const outcome = readField(field, typed[field.code] ?? '');
    if ('finding' in outcome) findings.push(outcome.finding);
    else if (outcome.value !== null) values[field.code] = outcome.value;
  }
  const known = new Set(wanted.map((d) => d.code));
  const unknown = Object.keys(typed).filter((code) => !known.has(code)).length;
  if (unknown) findings.push(error('field/unknown', { count: unknown }));
  return { values, findings };
}

/** Most tags on one thing, and characters of the longest. */
export const MOST_TAGS = 50;
export const LONGEST_TAG = 80;

/** A tag as kept: NFC, trimmed, inner spaces single. @throws ArchiveError `tag/malformed` (caller). */
export function parseTag(typed: string): string {
  const tag = typed.normalize('NFC').trim().replace(/\s+/gu, ' ');
  if (!tag || [...tag].length > LONGEST_TAG || hasControls(tag))
    throw new ArchiveError('tag/malformed', 'caller', { longest: LONGEST_TAG });
  return tag;
}

/** Tags as kept: each once whatever its case and width, in the order given. @throws ArchiveError `tag/malformed`, `tag/too-many` (caller). */
export function parseTags(typed: readonly string[]): string[] {
  const tags = new Map<string, string>();
  for (const tag of typed.map(parseTag)) if (!tags.has(foldTag(tag))) tags.set(foldTag(tag), tag);
  if (tags.size > MOST_TAGS) throw new ArchiveError('tag/too-many', 'caller', { most: MOST_TAGS });
  return [...tags.values()];
}

/** The form in which tags are compared. */
export const foldTag = (tag: string): string => tag.normalize('NFKC').toLowerCase();
