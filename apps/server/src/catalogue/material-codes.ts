import { type CodeForm, findCodeParts, formatCode, getCodeForm } from '@lantai/catalogue';
import { assert } from '@lantai/values';
import type { CatalogueState } from './catalogue-state.ts';

/*
 * A material's archival code is its dossier's code with what the scheme puts around it: `Z109-RS·GB-000123` + `-4-1-003`.
 * What stands around is compiled alone, so that a dossier with a free code has coded materials too.
 */

/** The part of a scheme's material template behind the dossier's code, and what stands before it. */
function partsAround(state: Pick<CatalogueState, 'scheme'>): { before: string; form: CodeForm } {
  const [before, after, more] = state.scheme.codes.material.split('{dossier}');
  assert(before !== undefined && after !== undefined && more === undefined, "a scheme's material code holds its dossier's code once");
  return { before, form: getCodeForm(after) };
}

/** What the given codes say behind the dossier's, with the form to check them by. A code that does not begin with the dossier's is kept whole, and so is malformed. */
export function codeSuffixes(state: CatalogueState): { readonly form: CodeForm; readonly suffixes: readonly string[] } {
  const { before, form } = partsAround(state);
  const head = before + state.head.code;
  const codes = [...state.marks.values()].flatMap(({ code }) => (code === null ? [] : [code]));
  return { form, suffixes: codes.map((code) => (code.startsWith(head) ? code.slice(head.length) : code)) };
}

/**
 * The code for a material of a class: the lowest number that no other material of the class holds, so that a series closes its gaps.
 * INVARIANT: asked under the dossier's lock; the table's own constraint holds it besides.
 */
export function nextMaterialCode(state: CatalogueState, classCode: string): string {
  const { before, form } = partsAround(state);
  const head = before + state.head.code;
  const taken = new Set([...state.marks.values()].map((mark) => mark.code));
  for (let number = 1; ; number++) {
    const code = head + formatCode(form, { class: classCode, seq: String(number) });
    if (!taken.has(code)) return code;
  }
}

/** The class that a code names; null when it is not of the scheme's form. */
export function findClassOfCode(state: CatalogueState, code: string): string | null {
  const { before, form } = partsAround(state);
  const head = before + state.head.code;
  return code.startsWith(head) ? (findCodeParts([form], code.slice(head.length))?.parts.class ?? null) : null;
}
