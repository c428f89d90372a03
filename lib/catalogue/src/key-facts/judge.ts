import { comparePartialDates, findPartialDate } from '@lantai/values';
import { assertionsOf, DATE_FACTS, type FieldFact } from './assertions.ts';
import { checkBirth, checkNewestForm } from './check-birth.ts';
import { checkIdentity, identityProofs } from './check-identity.ts';
import { checkParty } from './check-party.ts';
import { checkStudy } from './check-study.ts';
import { checkExperience, checkWorkStart } from './check-work.ts';
import { type Compared, compareAssertions } from './conflicts.ts';
import type { EvidenceWords } from './evidence-words.ts';
import type { Assertion, Determined, KeyFact, KeyFactCode, KeyFactMaterial, KeyFactNote, KeyFactResult } from './model.ts';
import { formatMonth, spanOfDate } from './months.ts';
import { type CheckedDossier, note } from './note.ts';

/** What is judged. */
export interface KeyFactsInput {
  /** In filed order. */
  readonly materials: readonly KeyFactMaterial[];
  readonly determinations: readonly Determined[];
  readonly words: EvidenceWords;
  /** That the subject is a cadre, as a person said; null: nobody did. */
  readonly isCadre: boolean | null;
}

const FIELD_FACTS: readonly FieldFact[] = ['name', 'idNumber', 'birthDate', 'workStart', 'partyDate', 'education'];

/**
 * Judges the key facts of a dossier (三龄两历一身份): what each material says, what disagrees with what and why it may, and what the rules ask to
 * be looked at. Pure and deterministic; decides nothing: a person does. Rules: domain rules §3 and §8.1, named in each note.
 */
export function judgeKeyFacts({ materials, determinations, words, isCadre }: KeyFactsInput): KeyFact[] {
  const assertions: Partial<Record<KeyFactCode, readonly Assertion[]>> = {};
  const compared: Partial<Record<KeyFactCode, Compared>> = {};
  const holds: Partial<Record<KeyFactCode, { value: string; materialId: string | null }>> = {};
  for (const fact of FIELD_FACTS) {
    const said = assertionsOf(materials, fact, words);
    const outcome = compareAssertions(fact, said, materials, words);
    assertions[fact] = said;
    compared[fact] = outcome;
    const determined = latestOf(determinations, fact);
    if (determined) holds[fact] = { value: comparableOf(fact, determined.value), materialId: null };
    else if (outcome.basis?.value) holds[fact] = { value: outcome.basis.value, materialId: outcome.basis.materialId };
  }
  const dossier: CheckedDossier = { materials, words, holds, assertions, isCadre };
  const notes = notesOf(dossier, compared, determinations);
  const fieldFacts = FIELD_FACTS.map((code): KeyFact => {
    const own = { basis: null, isEarliestAlone: false, conflicts: [], ...compared[code] };
    const said = assertions[code] ?? [];
    const determined = latestOf(determinations, code);
    return {
      code,
      result: determined ? 'determined' : resultOf(said, own),
      value: holds[code]?.value ?? null,
      basis: own.basis?.materialId ?? null,
      assertions: said,
      conflicts: own.conflicts,
      notes: notes.filter((n) => n.fact === code),
    };
  });
  return [...fieldFacts, wholeFact('experience', dossier, determinations, notes), wholeFact('identity', dossier, determinations, notes)];
}

/** A fact that whole materials assert. */
function wholeFact(
  code: 'experience' | 'identity',
  dossier: CheckedDossier,
  determinations: readonly Determined[],
  all: readonly KeyFactNote[],
): KeyFact {
  const determined = latestOf(determinations, code);
  const notes = all.filter((n) => n.fact === code);
  const hasProblem = notes.some((n) => n.severity === 'warning');
  const isMissing = code === 'identity' ? identityProofs(dossier).length === 0 : dossier.materials.length === 0;
  const result = determined ? 'determined' : isMissing ? 'missing' : hasProblem ? 'inconsistent' : 'consistent';
  return { code, result, value: determined?.value ?? null, basis: null, assertions: [], conflicts: [], notes };
}

function notesOf(
  dossier: CheckedDossier,
  compared: Partial<Record<KeyFactCode, Compared>>,
  determinations: readonly Determined[],
): KeyFactNote[] {
  const general = FIELD_FACTS.flatMap((fact): KeyFactNote[] => {
    const said = dossier.assertions[fact] ?? [];
    const [first] = said;
    const alone = said.find((a) => a.weighs);
    return [
      ...(first?.mark ? [note(fact, 'earliest-marked', '§3.1', { materialIds: [first.materialId] })] : []),
      ...(compared[fact]?.isEarliestAlone && alone ? [note(fact, 'earliest-alone', 'K-01', { materialIds: [alone.materialId] })] : []),
      ...said.filter((a) => a.flags.includes('not_a_date')).map((a) => note(fact, 'not-a-date', '§9.13', { materialIds: [a.materialId] })),
      ...said.filter((a) => a.flags.includes('check_digit')).map((a) => note(fact, 'check-digit', 'K-10', { materialIds: [a.materialId] })),
    ];
  });
  return [
    ...general,
    ...DATE_FACTS.flatMap((fact) => checkNewestForm(dossier, fact as 'birthDate', latestOf(determinations, fact) !== null)),
    ...checkBirth(dossier),
    ...checkWorkStart(dossier),
    ...checkParty(dossier),
    ...checkStudy(dossier),
    ...checkExperience(dossier),
    ...checkIdentity(dossier),
  ];
}

/** Source: domain rules §3.7. */
function resultOf(said: readonly Assertion[], { conflicts }: Compared): Exclude<KeyFactResult, 'determined'> {
  if (!said.length) return 'missing';
  if (conflicts.some((c) => c.explanation === null)) return 'inconsistent';
  if (said.some((a) => a.mark)) return 'altered';
  if (conflicts.length) return 'explained';
  return said.every((a) => a.madeOn === null) ? 'undated' : 'consistent';
}

/** The latest determination of a fact; of one day the last given. */
function latestOf(determinations: readonly Determined[], fact: KeyFactCode): Determined | null {
  const own = determinations.filter((d) => d.fact === fact);
  return own.reduce<Determined | null>((best, d) => (best && comparePartialDates(d.decidedOn, best.decidedOn) < 0 ? best : d), null);
}

/** A determined date counts to the month, as the assertions do. */
function comparableOf(fact: KeyFactCode, value: string): string {
  const date = (DATE_FACTS as readonly KeyFactCode[]).includes(fact) ? findPartialDate(value) : null;
  return date?.month === undefined ? value : formatMonth(spanOfDate(date).from);
}
