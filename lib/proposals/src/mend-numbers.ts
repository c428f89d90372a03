import { isIdNumber } from '@lantai/values';
import { editDistance } from './fold.ts';
import type { Proposal } from './proposal.ts';

/** A whole number of the right length is mended only when it stood on at least as many other materials. */
const WITNESSES = 2;

/**
 * Mends identity numbers that fail their check by those of the dossier's other materials that pass it. One that lacks a digit was surely read
 * so; one of 18 characters may be wrong on the paper: it stays as it stands, flagged, since the paper is the evidence.
 */
export function mendNumbers(proposals: readonly Proposal[]): Proposal[] {
  const good = new Map<string, number>();
  for (const p of proposals) {
    const value = p.fields.idNumber?.value;
    if (value !== undefined && isIdNumber(value)) good.set(value, (good.get(value) ?? 0) + 1);
  }
  return proposals.map((p) => {
    const field = p.fields.idNumber;
    if (!field?.flags.includes('check_digit') || /^\d{17}[\dX]$/.test(field.value)) return p;
    const near = [...good].filter(
      ([number, times]) => editDistance(number, field.value) <= 2 && times >= Math.min(WITNESSES, good.size === 1 ? 1 : WITNESSES),
    );
    const [only] = near;
    if (near.length !== 1 || !only) return p;
    const mended = { ...field, value: only[0], flags: ['repaired'], confidence01: 0.94 };
    return { ...p, fields: { ...p.fields, idNumber: mended }, findings: p.findings.filter((f) => f.code !== 'proposal/check-digit') };
  });
}
