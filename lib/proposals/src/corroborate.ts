import type { Proposal, ProposedField } from './proposal.ts';

/** Facts of a person that do not change from one material to the next, or seldom. */
const STEADY = ['name', 'sex', 'birthDate', 'ethnicity', 'nativePlace', 'idNumber', 'workStart', 'school', 'major', 'unit'] as const;

/** Above it a value is meant to be right in 99 of 100 cases. */
const SURE = 0.95;

/**
 * Raises confidence where materials of one dossier agree, and lowers it where one stands alone against several: a value read alike from two
 * sheets is seldom misread twice. Values stay as each page has them.
 */
export function corroborate(proposals: readonly Proposal[]): Proposal[] {
  const counts = new Map<string, Map<string, number>>();
  for (const p of proposals)
    for (const code of STEADY) {
      const value = p.fields[code]?.value;
      if (value === undefined) continue;
      const of = counts.get(code) ?? new Map<string, number>();
      const key = keyOf(value);
      of.set(key, (of.get(key) ?? 0) + 1);
      counts.set(code, of);
    }
  return proposals.map((p) => {
    const fields: Record<string, ProposedField> = {};
    for (const [code, field] of Object.entries(p.fields)) fields[code] = weigh(field, counts.get(code), code);
    return { ...p, fields };
  });
}

/** Dates count to the month. */
const keyOf = (value: string): string => (/^\d{4}-\d{2}/.test(value) ? value.slice(0, 7) : value);

function weigh(field: ProposedField, counts: ReadonlyMap<string, number> | undefined, code: string): ProposedField {
  if (!counts) return field;
  const same = counts.get(keyOf(field.value)) ?? 0;
  const most = Math.max(...counts.values());
  const c = field.confidence01;
  // One hand is misread alike on every sheet: what a page itself leaves in doubt other sheets do not make sure.
  if (same > 1) return { ...field, confidence01: round(Math.min(c > SURE ? 0.997 : Math.max(c, SURE), 1 - (1 - c) * 0.45)) };
  // A date that differs in one figure from what three others say may be misread; a real difference is a key fact for a person anyway.
  if (['birthDate', 'workStart'].includes(code) && most >= 3) return { ...field, confidence01: round(c * 0.96) };
  // A unit or a school may well stand once; a name, a sex or a number may not.
  const lone = most >= 3 && ['name', 'sex', 'ethnicity', 'nativePlace', 'idNumber'].includes(code);
  return lone ? { ...field, confidence01: round(c * 0.93) } : field;
}

const round = (n: number): number => Math.round(n * 1000) / 1000;
