import { comparePartialDates } from '@lantai/values';
import { monthsOfLunar, readLunarDate } from './lunar.ts';
import type { Assertion, KeyFactNote } from './model.ts';
import { birthsOfAge, formatMonth, spanOfDate, spansMeet } from './months.ts';
import { type CheckedDossier, heldDate, note, withRole } from './note.ts';

/** Born before this day: the earliest original household book after the place was liberated counts (§3.1). */
const FOUNDING = { year: 1949, month: 10, day: 1 };
const OLDEST_YEARS = 120;

/** What is to be known of the birth date beside its conflicts. Source: domain rules §3.1, K-02, K-03, K-10. */
export function checkBirth(dossier: CheckedDossier): KeyFactNote[] {
  const birth = heldDate(dossier, 'birthDate');
  const said = dossier.assertions.birthDate ?? [];
  return [
    ...lunarNotes(said),
    ...ageNotes(dossier),
    ...(birth ? numberNotes(dossier, spanOfDate(birth).from) : []),
    ...(birth && comparePartialDates(birth, FOUNDING) < 0 ? [note('birthDate', 'born-before-founding', '§3.1', { severity: 'info' })] : []),
  ];
}

/** A date written in the lunar calendar is told with the solar months it may be. */
function lunarNotes(said: readonly Assertion[]): KeyFactNote[] {
  return said.flatMap((a) => {
    const lunar = a.flags.includes('lunar') ? readLunarDate(a.written) : null;
    if (!lunar) return [];
    const months = monthsOfLunar(lunar);
    if (!months) return [note('birthDate', 'lunar-unknown', '§3.1', { materialIds: [a.materialId] })];
    const params = { from: formatMonth(months.from), to: formatMonth(months.to) };
    return [note('birthDate', 'lunar-converted', '§3.1', { severity: 'info', params, materialIds: [a.materialId] })];
  });
}

/** An age in years is weak evidence: it gives a span of months, by birthdays or by new years. */
function ageNotes(dossier: CheckedDossier): KeyFactNote[] {
  const birth = heldDate(dossier, 'birthDate');
  return dossier.materials.flatMap((m) => {
    const ageYears = ageOf(m.fields.age?.value) ?? ageOf(/(\d{1,3})\s*周?岁/u.exec(m.fields.birthDate?.written ?? '')?.[1]);
    if (ageYears === null || !m.date) return [];
    const [byBirthdays, byNewYears] = birthsOfAge(ageYears, m.date);
    const params = { years: ageYears, from: formatMonth(byBirthdays.from), to: formatMonth(byBirthdays.to) };
    if (!birth || spansMeet(byBirthdays, spanOfDate(birth)))
      return [note('birthDate', 'age-fits', '§3.1', { severity: 'info', params, materialIds: [m.id] })];
    if (spansMeet(byNewYears, spanOfDate(birth)))
      return [note('birthDate', 'age-nominal', '§3.1', { severity: 'info', params: { years: ageYears }, materialIds: [m.id] })];
    return [note('birthDate', 'age-differs', '§3.1', { params, materialIds: [m.id] })];
  });
}

const ageOf = (text: string | null | undefined): number | null =>
  text && /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= OLDEST_YEARS ? Number(text) : null;

/** The birth inside an identity number may differ and is shown: it is not decisive for a cadre (劳社部发〔1999〕8号). */
function numberNotes({ assertions, holds }: CheckedDossier, birthMonth: number): KeyFactNote[] {
  const number = holds.idNumber;
  if (!number || !/^\d{17}[\dX]$/.test(number.value)) return [];
  const inside = { year: Number(number.value.slice(6, 10)), month: Number(number.value.slice(10, 12)) };
  if (inside.month < 1 || inside.month > 12 || spanOfDate(inside).from === birthMonth) return [];
  const materialIds = (assertions.idNumber ?? []).filter((a) => a.value === number.value).map((a) => a.materialId);
  return [note('birthDate', 'number-differs', 'K-10', { severity: 'info', materialIds })];
}

/**
 * The newest form that an appointment goes by says something else than what holds, and nothing approved the change.
 * Source: domain rules §3.1 (判断一致性), K-02, K-03; for every fact that is a date.
 */
export function checkNewestForm(
  dossier: CheckedDossier,
  fact: 'birthDate' | 'workStart' | 'partyDate',
  isDetermined: boolean,
): KeyFactNote[] {
  const forms = withRole(dossier, 'appointment_forms').map((m) => m.id);
  const newest = (dossier.assertions[fact] ?? []).filter((a) => a.weighs && a.madeOn && forms.includes(a.materialId)).at(-1);
  const held = dossier.holds[fact];
  if (!newest || !held || newest.value === held.value) return [];
  const materialIds = [newest.materialId, held.materialId];
  if (isDetermined) return [note(fact, 'form-not-updated', '§3.7', { materialIds })];
  const isApproved = withRole(dossier, 'date_changes').length > 0;
  return [
    note(fact, isApproved ? 'newest-form-approved' : 'newest-form-differs', isApproved ? '§3.1' : 'K-02', {
      severity: isApproved ? 'info' : 'warning',
      materialIds,
    }),
  ];
}
