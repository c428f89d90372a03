import { ArchiveError, type Finding } from '@lantai/values';

/**
 * Archival codes (档号) by template. Sources: DA/T 13-2022 and DA/T 22-2015, both forms of separator, as told in docs/spec/catalogue.md.
 * A template is fixed text with `{part}` or `{part:width}` and at most one optional stretch in `[ ]`:
 * `{fonds}-RS·{category}-{volume:6}`, `{fonds}-WS·{year}·{retention}[·{office}]-{item:4}`.
 */
export type CodeParts = Readonly<Record<string, string>>;

/** A template ready for use. */
export interface CodeForm {
  readonly template: string;
  /** Names of its parts, in order. */
  readonly parts: readonly string[];
  /** Parts that count: written with leading zeros to a width. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly pieces: readonly Piece[];
  readonly pattern: RegExp;
}

type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly optional: boolean }
  | { readonly kind: 'part'; readonly name: string; readonly width: number; readonly optional: boolean };

/** The form of a class code, so that it can be told apart inside an archival code. */
export const CLASS_CODE_FORM = '(?:\\d{1,2}|[A-Z]{1,4})(?:-\\d{1,2})?';

/** What each part may be. A part not named here is capital letters and digits. */
const PART_FORMS: Readonly<Record<string, string>> = {
  fonds: '[A-Z0-9]{1,12}',
  year: '[12]\\d{3}',
  retention: 'Y|D[1-9]\\d{0,2}',
  office: '[\\p{Script=Han}A-Z0-9]{1,20}',
  class: CLASS_CODE_FORM,
};
const OTHER_FORM = '[A-Z0-9]{1,12}';

const PIECE = /\{([a-z_]+)(?::([1-9]))?\}|\[|\]|[^{}[\]]+|[{}]/gu;

/**
 * Compiles a template. `problem` is null, or says why the template cannot be told apart again when read:
 * `syntax`, `twice` (a part named twice), `adjacent` (two parts with nothing between), `empty`, or `missing-<part>`.
 * @param needed parts that must be there
 */
export function compileCode(template: string, needed: readonly string[] = []): { form: CodeForm | null; problem: string | null } {
  const pieces: Piece[] = [];
  let optional = false;
  let brackets = 0;
  for (const match of template.matchAll(PIECE)) {
    const [whole, name, width] = match;
    if (whole === '[' || whole === ']') {
      if ((whole === '[') === optional) return { form: null, problem: 'syntax' };
      optional = whole === '[';
      brackets++;
    } else if (name !== undefined) pieces.push({ kind: 'part', name, width: Number(width ?? 0), optional });
    else if (whole === '{' || whole === '}') return { form: null, problem: 'syntax' };
    else if (normaliseCode(whole) !== whole) return { form: null, problem: 'syntax' };
    else pieces.push({ kind: 'text', text: whole, optional });
  }
  const problem = findTemplateProblem(pieces, optional, brackets, needed);
  return problem === null ? { form: buildForm(template, pieces), problem } : { form: null, problem };
}

function findTemplateProblem(pieces: readonly Piece[], open: boolean, brackets: number, needed: readonly string[]): string | null {
  const names = pieces.flatMap((p) => (p.kind === 'part' ? [p.name] : []));
  if (open || brackets > 2) return 'syntax';
  if (!names.length) return 'empty';
  if (new Set(names).size !== names.length) return 'twice';
  const adjacent = (list: readonly Piece[]) => list.some((p, i) => p.kind === 'part' && list[i + 1]?.kind === 'part');
  if (adjacent(pieces) || adjacent(pieces.filter((p) => !p.optional))) return 'adjacent';
  if (pieces.some((p) => p.optional) && pieces.filter((p) => p.optional).every((p) => p.kind === 'text')) return 'syntax';
  const missing = needed.find((name) => !names.includes(name));
  return missing === undefined ? null : `missing-${missing}`;
}

const literal = (text: string) => text.replace(/[$^+?.()|[\]{}\\*]/g, '\\$&');

function partForm(piece: Piece & { kind: 'part' }): string {
  const { name, width } = piece;
  // A number has its width, or more digits and then no leading zero: so every number from 1 has one written form.
  const form = width ? `(?!0{${width}})\\d{${width}}|[1-9]\\d{${width},11}` : (PART_FORMS[name] ?? OTHER_FORM);
  return `(?<${name}>${form})`;
}

function buildForm(template: string, pieces: readonly Piece[]): CodeForm {
  const one = (p: Piece) => (p.kind === 'text' ? literal(p.text) : partForm(p));
  const first = pieces.findIndex((p) => p.optional);
  const inside = pieces.filter((p) => p.optional);
  const source =
    first < 0
      ? pieces.map(one).join('')
      : `${pieces.slice(0, first).map(one).join('')}(?:${inside.map(one).join('')})?${pieces
          .slice(first + inside.length)
          .map(one)
          .join('')}`;
  const parts = pieces.flatMap((p) => (p.kind === 'part' ? [p] : []));
  return {
    template,
    parts: parts.map((p) => p.name),
    numbers: new Map(parts.filter((p) => p.width).map((p) => [p.name, p.width])),
    pieces,
    pattern: new RegExp(`^${source}$`, 'u'),
  };
}

/** The form of a template known to be right. @throws ArchiveError `code/template` (caller). */
export function getCodeForm(template: string): CodeForm {
  const { form, problem } = compileCode(template);
  if (!form) throw new ArchiveError('code/template', 'caller', { problem: problem ?? '' });
  return form;
}

/** A code as typed, with the separators of the standard: `-` between levels, `·` (U+00B7) inside the category, no spaces, capitals. */
export function normaliseCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/\s/gu, '')
    .replace(/[.•・‧∙⋅●]/gu, '·')
    .replace(/[‐‑‒–—―−﹣ー_]/gu, '-')
    .toUpperCase();
}

/**
 * The parts of a code, typed with any separator, or null when none of the forms fits.
 * INVARIANT: for parts it returns, {@link formatCode} with the same form gives the normalised code back.
 */
export function findCodeParts(forms: readonly CodeForm[], typed: string): { readonly form: CodeForm; readonly parts: CodeParts } | null {
  if (typed.length > 120) return null;
  const code = normaliseCode(typed);
  for (const form of forms) {
    const groups = form.pattern.exec(code)?.groups;
    if (!groups) continue;
    const parts = Object.fromEntries(form.parts.flatMap((name) => (groups[name] === undefined ? [] : [[name, groups[name]]])));
    return { form, parts };
  }
  return null;
}

/** Like {@link findCodeParts} for one form. @throws ArchiveError `code/malformed` (caller). */
export function parseCode(form: CodeForm, typed: string): CodeParts {
  const found = findCodeParts([form], typed);
  if (!found) throw new ArchiveError('code/malformed', 'caller', { template: form.template });
  return found.parts;
}

/**
 * Writes a code. A number may be given without its zeros (`{ volume: '12' }` → `000012`).
 * @throws ArchiveError `code/part-missing` or `code/part-malformed` (caller) with the part's name, never its value
 */
export function formatCode(form: CodeForm, parts: CodeParts): string {
  const withOptional = form.pieces.some((p) => p.kind === 'part' && p.optional && parts[p.name] !== undefined);
  const code = form.pieces
    .filter((p) => withOptional || !p.optional)
    .map((p) => {
      if (p.kind === 'text') return p.text;
      const value = parts[p.name];
      if (value === undefined) throw new ArchiveError('code/part-missing', 'caller', { part: p.name });
      const written = p.width ? value.padStart(p.width, '0') : value;
      if (!new RegExp(`^(?:${partForm(p)})$`, 'u').test(written)) throw new ArchiveError('code/part-malformed', 'caller', { part: p.name });
      return written;
    })
    .join('');
  // The whole must read back to the same parts, or two sets of parts could share a code.
  const back = form.pattern.exec(code)?.groups;
  if (!back || form.parts.some((name) => (back[name] ?? '') !== writtenPart(form, parts, name, withOptional)))
    throw new ArchiveError('code/malformed', 'caller', { template: form.template });
  return code;
}

function writtenPart(form: CodeForm, parts: CodeParts, name: string, withOptional: boolean): string {
  const optional = form.pieces.some((p) => p.kind === 'part' && p.name === name && p.optional);
  return optional && !withOptional ? '' : (parts[name] ?? '').padStart(form.numbers.get(name) ?? 0, '0');
}

/** The forms of a scheme's codes: the first is written, the others are only read. A material's code holds its dossier's. */
export interface SchemeCodes {
  readonly dossier: readonly CodeForm[];
  readonly material: readonly CodeForm[];
}

/** Template of a material's code with the dossier's in place of `{dossier}`. */
export const materialTemplate = (material: string, dossier: string): string => material.replace('{dossier}', dossier);

/** Compiles the codes of a loaded scheme. */
export function schemeCodes(codes: {
  readonly dossier: string;
  readonly material: string;
  readonly accepted: readonly string[];
  readonly standards?: Readonly<Record<string, string>>;
}): SchemeCodes {
  const dossier = [...new Set([codes.dossier, ...codes.accepted, ...Object.values(codes.standards ?? {})])];
  return { dossier: dossier.map(getCodeForm), material: dossier.map((d) => getCodeForm(materialTemplate(codes.material, d))) };
}

/** The part of a dossier's code that counts (`volume`, `item`): the last that has a width. @throws ArchiveError `code/template` (caller) when none has */
export function numberPartOf(form: CodeForm): string {
  const last = [...form.numbers.keys()].at(-1);
  if (last === undefined) throw new ArchiveError('code/template', 'caller', { problem: 'no-number' });
  return last;
}

/** A series of codes, alike in all but the number: what stands before the number and behind it. */
export interface CodeSeries {
  readonly before: string;
  readonly after: string;
  /** The code with this number, from 1. */
  of(number: number): string;
}

/**
 * The series to which a code of these parts belongs. An optional part that is not known is left out with its stretch.
 * @param parts all but the number
 * @throws ArchiveError `code/part-missing`, `code/part-malformed` (caller) with the part's name, never its value
 */
export function seriesOf(form: CodeForm, parts: CodeParts): CodeSeries {
  const part = numberPartOf(form);
  const of = (number: number) => formatCode(form, { ...parts, [part]: String(number) });
  const first = of(1);
  const width = form.numbers.get(part) ?? 1;
  const written = '1'.padStart(width, '0');
  // The number is the only thing in which two codes of a series differ, so it stands where the first difference of 1 and 2 ends.
  const second = of(2);
  let at = 0;
  while (first[at] === second[at]) at++;
  const from = at + 1 - width;
  return { before: first.slice(0, from), after: first.slice(from + written.length), of };
}

/** True when a fonds number has the form of DA/T 13-2022, a capital letter and three digits. Others are accepted, with a look. */
export function isStandardFondsCode(code: string): boolean {
  return /^[A-Z]\d{3}$/.test(code);
}

/**
 * Looks for codes given twice and for gaps in the numbering (四性检测 GD-2-6), each series by itself: codes alike in all but the number.
 * @param numberPart the part that counts (`volume`, `seq`, `item`)
 * @returns `code/duplicate` (error) and `code/gap` (warning, with the first and last missing number), and `code/malformed` (error, with how many)
 */
export function checkCodeSeries(form: CodeForm, codes: Iterable<string>, numberPart: string): Finding[] {
  const series = new Map<string, Map<number, number>>();
  let malformed = 0;
  for (const code of codes) {
    const parts = findCodeParts([form], code)?.parts;
    const number = parts?.[numberPart];
    if (!parts || number === undefined) {
      malformed++;
      continue;
    }
    const name = form.parts.map((p) => (p === numberPart ? '*' : (parts[p] ?? ''))).join('|');
    const seen = series.get(name) ?? new Map<number, number>();
    seen.set(Number(number), (seen.get(Number(number)) ?? 0) + 1);
    series.set(name, seen);
  }
  const findings: Finding[] = malformed ? [{ code: 'code/malformed', severity: 'error', params: { count: malformed } }] : [];
  for (const [name, seen] of series) findings.push(...checkNumbers(name.replaceAll('|', ' ').trim(), seen));
  return findings;
}

function checkNumbers(series: string, seen: ReadonlyMap<number, number>): Finding[] {
  const findings: Finding[] = [];
  let expected = 1;
  for (const number of [...seen.keys()].sort((a, b) => a - b)) {
    if (number > expected) findings.push({ code: 'code/gap', severity: 'warning', params: { series, first: expected, last: number - 1 } });
    const times = seen.get(number) ?? 0;
    if (times > 1) findings.push({ code: 'code/duplicate', severity: 'error', params: { series, number, times } });
    expected = number + 1;
  }
  return findings;
}
