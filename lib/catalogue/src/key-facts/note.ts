import { findPartialDate, type PartialDate } from '@lantai/values';
import type { EvidenceRole, EvidenceWords } from './evidence-words.ts';
import { hasRole } from './evidence-words.ts';
import type { Assertion, KeyFactCode, KeyFactMaterial, KeyFactNote } from './model.ts';

/** What the checks look at, once for a dossier. */
export interface CheckedDossier {
  readonly materials: readonly KeyFactMaterial[];
  readonly words: EvidenceWords;
  /** What holds of each fact that is a single value: the determination, else the basis; absent when there is neither. */
  readonly holds: Readonly<Partial<Record<KeyFactCode, { readonly value: string; readonly materialId: string | null }>>>;
  readonly assertions: Readonly<Partial<Record<KeyFactCode, readonly Assertion[]>>>;
  /** That the subject is a cadre, as a person said; null: nobody did. */
  readonly isCadre: boolean | null;
}

/** Makes a note; `info` where nothing is wrong. */
export const note = (
  fact: KeyFactCode,
  code: string,
  rule: string,
  more: { severity?: KeyFactNote['severity']; params?: KeyFactNote['params']; materialIds?: readonly (string | null)[] } = {},
): KeyFactNote => ({
  fact,
  code: `keyfact/${code}`,
  severity: more.severity ?? 'warning',
  params: more.params ?? {},
  materialIds: (more.materialIds ?? []).filter((id) => id !== null),
  rule,
});

/** The materials whose title proves something. */
export const withRole = ({ materials, words }: CheckedDossier, role: EvidenceRole): KeyFactMaterial[] =>
  materials.filter((m) => hasRole(words, m.title, role));

/** What holds of a fact that is a date. */
export function heldDate({ holds }: CheckedDossier, fact: KeyFactCode): PartialDate | null {
  const held = holds[fact];
  return held ? findPartialDate(held.value) : null;
}

/** A date that a material gives. */
export const fieldDate = (material: KeyFactMaterial, code: string): PartialDate | null => {
  const value = material.fields[code]?.value;
  return value ? findPartialDate(value) : null;
};
