import type { KeyFactConflict, Proposal } from './proposal.ts';

/** One material's word on one key fact. */
interface Assertion {
  readonly material: Proposal;
  readonly value: string;
  /** `1998-12` or `1998-12-25`; undated materials come last. */
  readonly dated: string;
  readonly confidence01: number;
}

/** A word less sure than this is no ground for a conflict. */
const LEAST_CONFIDENCE = 0.75;

const EDUCATION_RANK = [
  '文盲',
  '小学',
  '高小',
  '初中',
  '中技',
  '职业高中',
  '高中',
  '中专',
  '大学专科',
  '大学',
  '大学本科',
  '研究生',
  '硕士研究生',
  '博士研究生',
];

/**
 * Finds materials that disagree on a key fact (三龄两历一身份). The earliest material's word is the measure, since it was written before anyone
 * could gain by changing it; when it stands alone against three or more that agree, it is itself the deviating one.
 * Dates compare to the month. Education may rise with time: only a later material that says less is a conflict.
 * Source: 组通字〔2006〕41号, by which the date first written in the dossier counts.
 */
export function findConflicts(proposals: readonly Proposal[], keyFacts: readonly string[]): KeyFactConflict[] {
  return keyFacts.flatMap((field) => {
    const assertions = assertionsOf(proposals, field);
    return field === 'education' ? educationConflicts(assertions) : valueConflicts(field, assertions);
  });
}

function assertionsOf(proposals: readonly Proposal[], code: string): Assertion[] {
  const out = proposals.flatMap((material): Assertion[] => {
    const field = material.fields[code];
    if (!field || field.confidence01 < LEAST_CONFIDENCE || field.flags.some((f) => f !== 'repaired')) return [];
    const date = material.date?.value;
    const two = (n: number | undefined) => String(n ?? 0).padStart(2, '0');
    const dated = date ? `${date.year}-${two(date.month)}-${two(date.day)}` : '9999';
    const value = /^\d{4}-\d{2}/.test(field.value) ? field.value.slice(0, 7) : field.value;
    return [{ material, value, dated, confidence01: field.confidence01 }];
  });
  return out.sort((a, b) => (a.dated < b.dated ? -1 : a.dated > b.dated ? 1 : 0));
}

const conflictOf = (field: string, a: Assertion, against: Assertion): KeyFactConflict => ({
  field,
  pages: a.material.pages,
  against: against.material.pages,
  value: a.value,
  confidence01: Math.round(a.confidence01 * against.confidence01 * 1000) / 1000,
});

function valueConflicts(field: string, assertions: readonly Assertion[]): KeyFactConflict[] {
  const comparable = assertions.filter((a) => !/^\d{4}$/.test(a.value));
  const first = comparable[0];
  if (!first) return [];
  const counts = new Map<string, number>();
  for (const a of comparable) counts.set(a.value, (counts.get(a.value) ?? 0) + 1);
  const [common, times] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? ['', 0];
  const isLone = counts.get(first.value) === 1 && times >= 3;
  const measure = isLone ? common : first.value;
  const against = comparable.find((a) => a.value === measure) ?? first;
  return comparable.filter((a) => a.value !== measure).map((a) => conflictOf(field, a, against));
}

function educationConflicts(assertions: readonly Assertion[]): KeyFactConflict[] {
  const out: KeyFactConflict[] = [];
  let highest: Assertion | null = null;
  for (const a of assertions) {
    const rank = EDUCATION_RANK.indexOf(a.value);
    if (rank < 0) continue;
    if (highest && rank < EDUCATION_RANK.indexOf(highest.value)) out.push(conflictOf('education', a, highest));
    else highest = a;
  }
  return out;
}
