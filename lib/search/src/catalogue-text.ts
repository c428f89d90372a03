import { normaliseIdNumber } from '@lantai/values';
import { foldText } from './fold.ts';
import { addGrams, NO_OPTIONS } from './grams.ts';
import { pointsOf } from './page-text.ts';
import { matchesPinyin, pinyinForms } from './pinyin.ts';
import type { Query, Term } from './query.ts';
import { type IndexCipher, TAG, TokenBatch } from './tokens.ts';

/** How a field is found: a name also by single characters, pinyin and initials; a number, phone or address only whole; the rest as text. */
export type FieldKind = 'name' | 'text' | 'id_number' | 'phone' | 'address';

/** One field of a catalogue line: a person's name, a material's title, an archival code … */
export interface CatalogueField {
  /** Code of the field, for showing which one was hit. */
  readonly field: string;
  readonly kind: FieldKind;
  readonly value: string;
}

/** Middle dots part the names of many peoples (阿卜杜拉·买买提) and are typed or not. */
const foldName = (value: string): string => foldText(value).text.replaceAll('·', '');

const phoneDigits = (value: string): string => {
  const number = foldText(value).numbers[0];
  return number?.kind === 'phone' ? number.value : foldText(value).text.replaceAll(/\D/g, '');
};

function addText(batch: TokenBatch, folded: string): void {
  const { points } = pointsOf(folded);
  addGrams(batch, points, NO_OPTIONS);
  for (const point of points) batch.single(point);
}

/** The tokens of a catalogue line's fields, sorted and each once. Fields may be matched across: a query's terms need not stand in one. */
export function tokensOfCatalogue(cipher: IndexCipher, fields: readonly CatalogueField[]): Int32Array {
  const batch = new TokenBatch();
  for (const { kind, value } of fields) {
    if (kind === 'id_number') batch.value(TAG.idNumber, normaliseIdNumber(value), cipher);
    else if (kind === 'phone') batch.value(TAG.phone, phoneDigits(value), cipher);
    else if (kind === 'address') batch.value(TAG.address, foldText(value).text, cipher);
    else {
      const { text, numbers } = foldText(value);
      addText(batch, text);
      for (const number of numbers) batch.value(number.kind === 'id' ? TAG.idNumber : TAG.phone, number.value, cipher);
    }
    if (kind === 'name') {
      addText(batch, foldName(value));
      for (const form of pinyinForms(value)) batch.value(TAG.pinyin, form, cipher);
    }
  }
  return batch.tokenSet(cipher);
}

function fieldHolds({ kind, value }: CatalogueField, term: Term): boolean {
  if (kind === 'id_number') return term.number?.kind === 'id' && term.number.value === normaliseIdNumber(value);
  if (kind === 'phone') return term.number?.kind === 'phone' && term.number.value === phoneDigits(value);
  if (kind === 'address') return false;
  if (foldText(value).text.includes(term.text)) return true;
  if (kind !== 'name') return false;
  return foldName(value).includes(term.text) || (term.letters !== null && matchesPinyin(value, term.letters));
}

/**
 * Checks the unsealed fields of a candidate. Every term must be in some field, or the whole query must be an address.
 * @returns codes of the fields that were hit, or null when it is no hit
 */
export function matchCatalogue(fields: readonly CatalogueField[], query: Query): string[] | null {
  const address = fields.filter((f) => f.kind === 'address' && foldText(f.value).text === query.whole);
  if (address.length) return address.map((f) => f.field);
  const hit = new Set<string>();
  for (const term of query.terms) {
    const holding = fields.filter((f) => fieldHolds(f, term));
    if (!holding.length) return null;
    for (const { field } of holding) hit.add(field);
  }
  return [...hit];
}
