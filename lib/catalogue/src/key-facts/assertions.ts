import { comparePartialDates, findPartialDate, normaliseIdNumber } from '@lantai/values';
import type { EvidenceWords } from './evidence-words.ts';
import { monthsOfLunar, readLunarDate } from './lunar.ts';
import type { Assertion, KeyFactCode, KeyFactField, KeyFactMaterial } from './model.ts';
import { formatMonth, spanOfDate } from './months.ts';

/** A word less sure than this is no ground for a conflict. */
const LEAST_CONFIDENCE_01 = 0.75;

/** Facts that single fields assert. */
export type FieldFact = Exclude<KeyFactCode, 'experience' | 'identity'>;
/** Those that are dates. */
export const DATE_FACTS: readonly FieldFact[] = ['birthDate', 'workStart', 'partyDate'];

/** What the materials say of one fact, in order of the days on which they were made, undated last; of one day in filed order. */
export function assertionsOf(materials: readonly KeyFactMaterial[], fact: FieldFact, words: EvidenceWords): Assertion[] {
  const said = materials.flatMap((material): Assertion[] => {
    const field = material.fields[fact];
    if (!field || (field.value === null && !field.written)) return [];
    const value = comparable(fact, field);
    const mark = material.marks[fact] ?? null;
    return [
      {
        materialId: material.id,
        value,
        written: field.written ?? field.value ?? '',
        madeOn: material.date,
        pageId: field.pageId,
        box: field.box,
        confidence01: field.confidence01,
        flags: field.flags,
        mark,
        weighs: mark === null && value !== null && isSure(field) && (fact !== 'education' || words.levels.has(value)),
      },
    ];
  });
  return said.sort((a, b) => comparePartialDates(a.madeOn, b.madeOn));
}

/** Read surely enough, or said by a person, who has seen what is odd about it. */
const isSure = ({ confidence01, flags }: KeyFactField): boolean =>
  confidence01 === null || (confidence01 >= LEAST_CONFIDENCE_01 && flags.every((flag) => flag === 'repaired'));

/** Dates count to the month: what is known to the year alone cannot be compared (§3.1: month is what matters). */
function comparable(fact: FieldFact, { value, written, flags }: KeyFactField): string | null {
  if (fact === 'idNumber') return value === null ? null : normaliseIdNumber(value);
  if (!DATE_FACTS.includes(fact)) return value;
  const date = value === null ? null : findPartialDate(value);
  if (date) return date.month === undefined ? null : formatMonth(spanOfDate(date).from);
  const lunar = flags.includes('lunar') && written ? readLunarDate(written) : null;
  const months = lunar && monthsOfLunar(lunar);
  return months && months.from === months.to ? formatMonth(months.from) : null;
}
