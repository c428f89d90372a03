import { comparePartialDates, type PartialDate } from '@lantai/values';
import type { KeyFactNote } from './model.ts';
import { formatMonth, spanOfDate, yearsAtMost } from './months.ts';
import { type CheckedDossier, fieldDate, heldDate, note, withRole } from './note.ts';
import { PARTY_PERIODS, partyPeriodsOf } from './party-periods.ts';

const PARTY_AGE_YEARS = 18;
/** A probationer asks to be confirmed about when the probation ends. */
const CONFIRMED_WITHIN_MONTHS = 6;
const EXTENDED_MONTHS_MAX = 12;

/** What is to be known of the Party date and of what 党龄 counts from. Source: domain rules §3.3, K-04, K-05. */
export function checkParty(dossier: CheckedDossier): KeyFactNote[] {
  const resolutions = withRole(dossier, 'party_resolutions');
  const date = heldDate(dossier, 'partyDate');
  const own = dossier.holds.partyDate?.materialId ?? null;
  const notes: KeyFactNote[] = [];
  for (const form of resolutions) {
    const resolved = fieldDate(form, 'partyDate');
    if (date && resolved?.month && spanOfDate(resolved).from !== spanOfDate(date).from)
      notes.push(note('partyDate', 'resolution-differs', 'K-05', { materialIds: [form.id, own] }));
    for (const asked of withRole(dossier, 'party_applications'))
      if (resolved && asked.date && spanOfDate(asked.date).from > spanOfDate(resolved).to)
        notes.push(note('partyDate', 'application-late', '§3.3', { materialIds: [asked.id, form.id] }));
  }
  if (!date) return notes;
  const birth = heldDate(dossier, 'birthDate');
  if (birth && yearsAtMost(birth, date) < PARTY_AGE_YEARS)
    notes.push(
      note('partyDate', 'party-too-young', 'K-04', {
        params: { years: yearsAtMost(birth, date), least: PARTY_AGE_YEARS },
        materialIds: [own],
      }),
    );
  if (!resolutions.length) notes.push(note('partyDate', 'resolution-missing', '§3.3'));
  return [...notes, ...periodNotes(date), ...confirmationNotes(dossier, date)];
}

/** The period, what its date is, and the months from which membership counts. */
function periodNotes(date: PartialDate): KeyFactNote[] {
  const periods = partyPeriodsOf(date);
  if (!periods.length) return [note('partyDate', 'before-the-party', '§3.3')];
  return periods.map((number) => {
    const period = PARTY_PERIODS[number - 1];
    const { from, to } = spanOfDate(date);
    const months = period?.probationMonths ?? [];
    const counts = { from: formatMonth(from + (months[0] ?? 0)), to: formatMonth(to + Math.max(0, ...months)) };
    const code = `party-by-${period?.dateIs ?? 'approval'}-${months.length ? 'probation' : 'at-once'}`;
    return note('partyDate', code, '§3.3', { severity: 'info', params: { period: number, ...counts } });
  });
}

function confirmationNotes(dossier: CheckedDossier, date: PartialDate): KeyFactNote[] {
  const months = Math.max(0, ...partyPeriodsOf(date).flatMap((number) => PARTY_PERIODS[number - 1]?.probationMonths ?? []));
  if (!months) return [];
  const asked = withRole(dossier, 'party_confirmations').filter((m) => m.date !== null);
  return asked.flatMap((m) => {
    const at = m.date ? spanOfDate(m.date) : null;
    const due = spanOfDate(date).from + months;
    const isNear = at !== null && at.to >= due - CONFIRMED_WITHIN_MONTHS && at.from <= due + EXTENDED_MONTHS_MAX + CONFIRMED_WITHIN_MONTHS;
    const isBefore = m.date !== null && comparePartialDates(m.date, date) < 0;
    return isNear ? [] : [note('partyDate', isBefore ? 'confirmation-early' : 'confirmation-far', '§3.3', { materialIds: [m.id] })];
  });
}
