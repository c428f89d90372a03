import { type CodeForm, findCodeParts, formatCode, getCodeForm } from '@lantai/catalogue';
import { assert } from '@lantai/values';
import type { CatalogueState } from './catalogue-state.ts';

/*
 * A material's archival code is its dossier's code with what the scheme puts around it: `Z109-RS·GB-000123` + `-4-1-003`.
 * What stands around is compiled alone, so that a dossier with a free code has coded materials too.
 */

interface MaterialForm {
  /** What stands before the dossier's code. */
  readonly before: string;
  readonly form: CodeForm;
  /** Suffixes written so far by class, number 1 first: a dossier asks for the same ones again and again. */
  readonly written: Map<string, string[]>;
}

/** A scheme does not change while the program runs, and compiling its template costs more than using it. */
const forms = new WeakMap<CatalogueState['scheme'], MaterialForm>();

/** The part of a scheme's material template behind the dossier's code, and what stands before it. */
function partsAround({ scheme }: Pick<CatalogueState, 'scheme'>): MaterialForm {
  const known = forms.get(scheme);
  if (known) return known;
  const [before, after, more] = scheme.codes.material.split('{dossier}');
  assert(before !== undefined && after !== undefined && more === undefined, "a scheme's material code holds its dossier's code once");
  const made = { before, form: getCodeForm(after), written: new Map() };
  forms.set(scheme, made);
  return made;
}

function suffixOf({ form, written }: MaterialForm, classCode: string, number: number): string {
  const list = written.get(classCode) ?? [];
  written.set(classCode, list);
  while (list.length < number) list.push(formatCode(form, { class: classCode, seq: String(list.length + 1) }));
  return list[number - 1]!;
}

/** What the given codes say behind the dossier's, with the form to check them by. A code that does not begin with the dossier's is kept whole, and so is malformed. */
export function codeSuffixes(state: CatalogueState): { readonly form: CodeForm; readonly suffixes: readonly string[] } {
  const codes = [...state.marks.values()].flatMap(({ code }) => (code === null ? [] : [code]));
  return suffixesOf(state.scheme, state.head.code, codes);
}

/** Like {@link codeSuffixes}, of codes as their rows have them. */
export function suffixesOf(
  scheme: CatalogueState['scheme'],
  dossierCode: string,
  codes: readonly string[],
): { readonly form: CodeForm; readonly suffixes: readonly string[] } {
  const { before, form } = partsAround({ scheme });
  const head = before + dossierCode;
  return { form, suffixes: codes.map((code) => (code.startsWith(head) ? code.slice(head.length) : code)) };
}

/**
 * The code for a material of a class: the lowest number that no other material of the class holds, so that a series closes its gaps.
 * INVARIANT: asked under the dossier's lock; the table's own constraint holds it besides.
 */
export function nextMaterialCode(state: CatalogueState, classCode: string): string {
  const around = partsAround(state);
  const head = around.before + state.head.code;
  const taken = new Set([...state.marks.values()].map((mark) => mark.code));
  for (let number = 1; ; number++) {
    const code = head + suffixOf(around, classCode, number);
    if (!taken.has(code)) return code;
  }
}

/** The class that a code names; null when it is not of the scheme's form. */
export function findClassOfCode(state: CatalogueState, code: string): string | null {
  const { before, form } = partsAround(state);
  const head = before + state.head.code;
  return code.startsWith(head) ? (findCodeParts([form], code.slice(head.length))?.parts.class ?? null) : null;
}
