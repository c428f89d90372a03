import { comparePartialDates, findPartialDate } from '@lantai/values';
import { DATE_FACTS, type FieldFact } from './assertions.ts';
import { type EvidenceWords, hasRole } from './evidence-words.ts';
import { differByCalendar } from './lunar.ts';
import type { Assertion, Explanation, KeyFactConflict, KeyFactMaterial } from './model.ts';

/** The basis of a fact and what deviates from it. */
export interface Compared {
  readonly basis: Assertion | null;
  /** That the earliest word stood alone against three that agree, so that they are the basis (docs/adr/0262). */
  readonly isEarliestAlone: boolean;
  readonly conflicts: readonly KeyFactConflict[];
}

/** How many later materials must agree to outweigh the earliest one. */
const AGREEING_LEAST = 3;

/**
 * Compares what materials say of one fact. The earliest that was not altered is the measure, since it was written before anyone could gain by
 * changing it (组通字〔2006〕41号; domain rules §3.1, K-01); alone against three that agree it is itself the deviating one. Education may rise with
 * time: only a later material that says less is a conflict.
 */
export function compareAssertions(
  fact: FieldFact,
  assertions: readonly Assertion[],
  materials: readonly KeyFactMaterial[],
  words: EvidenceWords,
): Compared {
  const weighing = assertions.filter((a) => a.weighs);
  const conflictOf = (a: Assertion, against: Assertion): KeyFactConflict => ({
    fact,
    materialId: a.materialId,
    against: against.materialId,
    value: a.value ?? '',
    confidence01: Math.round((a.confidence01 ?? 1) * (against.confidence01 ?? 1) * 1000) / 1000,
    explanation: explain(fact, a, against, materials, words),
  });
  if (fact === 'education') return compareLevels(weighing, words, conflictOf);
  const [first] = weighing;
  if (!first) return { basis: null, isEarliestAlone: false, conflicts: [] };
  const counts = new Map<string | null, number>();
  for (const { value } of weighing) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [common, times] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [first.value, 1];
  const isEarliestAlone = counts.get(first.value) === 1 && times >= AGREEING_LEAST;
  const measure = isEarliestAlone ? common : first.value;
  const basis = weighing.find((a) => a.value === measure) ?? first;
  return { basis, isEarliestAlone, conflicts: weighing.filter((a) => a.value !== measure).map((a) => conflictOf(a, basis)) };
}

function compareLevels(
  weighing: readonly Assertion[],
  words: EvidenceWords,
  conflictOf: (a: Assertion, against: Assertion) => KeyFactConflict,
): Compared {
  const levelOf = (a: Assertion) => words.levels.get(a.value ?? '') ?? 0;
  const conflicts: KeyFactConflict[] = [];
  let highest: Assertion | null = null;
  for (const a of weighing) {
    if (highest && levelOf(a) < levelOf(highest)) conflicts.push(conflictOf(a, highest));
    else if (!highest || levelOf(a) > levelOf(highest)) highest = a;
  }
  return { basis: highest, isEarliestAlone: false, conflicts };
}

function explain(
  fact: FieldFact,
  a: Assertion,
  against: Assertion,
  materials: readonly KeyFactMaterial[],
  words: EvidenceWords,
): Explanation | null {
  const role = fact === 'name' ? 'name_changes' : DATE_FACTS.includes(fact) ? 'date_changes' : null;
  const later = comparePartialDates(a.madeOn, against.madeOn) < 0 ? against : a;
  const isApproved =
    role !== null &&
    materials.some(
      (m) => hasRole(words, m.title, role) && m.date !== null && later.madeOn !== null && comparePartialDates(m.date, later.madeOn) <= 0,
    );
  if (isApproved) return 'approved-change';
  if (fact !== 'birthDate') return null;
  const [one, other] = [dateOf(a, materials), dateOf(against, materials)];
  return one && other && differByCalendar(one, other) ? 'lunar-solar' : null;
}

/** The date with its day, where the material gives one. */
const dateOf = ({ materialId, value }: Assertion, materials: readonly KeyFactMaterial[]) =>
  findPartialDate(materials.find((m) => m.id === materialId)?.fields.birthDate?.value ?? value ?? '') ?? findPartialDate(value ?? '');
