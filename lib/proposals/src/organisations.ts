import { editDistance } from './fold.ts';
import type { UnderstoodPage } from './page-judgement.ts';
import type { PageWords } from './page-words.ts';
import type { Proposal, ProposedField } from './proposal.ts';
import { organisationEnd } from './values.ts';

/** Fields that name an organisation. */
const isOrganisation = (words: PageWords, code: string): boolean => words.fields.get(code)?.kind === 'organisation';

/** Organisations that a dossier names whole: lines and cells that are nothing else, with how often. */
export function listOrganisations(pages: readonly UnderstoodPage[], words: PageWords): Map<string, number> {
  const out = new Map<string, number>();
  const add = (text: string) => {
    const name = text.replace(/\s/g, '');
    const end = organisationEnd(name, words);
    if (name.length >= 4 && end === name.length && !/[，。：:；]/u.test(name)) out.set(name, (out.get(name) ?? 0) + 1);
  };
  for (const page of pages) {
    for (const line of page.labelled.page.lines) add(line.text);
    for (const pair of page.pairs) add(pair.text);
  }
  return out;
}

/** A name that stands this often is no misreading. */
const WITNESSES = 3;
/** Numbers and quarters make different organisations of like names: 第一中学 is not 第二中学. */
const TELLS_APART = /^[\d一二三四五六七八九十东南西北上下新老大小]$/u;

/**
 * Names of organisations that end as none does (红星仪表丁), or that lack or change a character of one standing often in the dossier, are read again
 * by its other pages. What tells organisations apart is never changed; every mended name is flagged and keeps what was written.
 */
export function mendOrganisations(proposals: readonly Proposal[], known: ReadonlyMap<string, number>, words: PageWords): Proposal[] {
  return proposals.map((p) => {
    const fields: Record<string, ProposedField> = {};
    for (const [code, field] of Object.entries(p.fields)) fields[code] = isOrganisation(words, code) ? mend(field, known, words) : field;
    return { ...p, fields };
  });
}

function mend(field: ProposedField, known: ReadonlyMap<string, number>, words: PageWords): ProposedField {
  const { value } = field;
  const isWhole = organisationEnd(value, words) === value.length && !field.flags.length;
  const near = [...known].filter(([name, times]) =>
    isWhole
      ? times >= WITNESSES && (known.get(value) ?? 0) <= 1 && name.length >= 6 && isMisreading(value, name)
      : name !== value &&
        (editDistance(name, value) <= 1 || (value.length >= 4 && name.length - value.length <= 2 && name.startsWith(value))),
  );
  const [only] = near;
  if (near.length !== 1 || !only || (!isWhole && known.has(value))) return field;
  return { ...field, value: only[0], flags: ['repaired'], confidence01: isWhole ? 0.9 : 0.93 };
}

/** One character away, and not by one that tells organisations apart. */
function isMisreading(read: string, name: string): boolean {
  if (editDistance(read, name) !== 1) return false;
  const at = [...name].findIndex((c, i) => c !== read[i]);
  return ![name[at], read.length >= name.length ? read[at] : undefined].some((c) => c !== undefined && TELLS_APART.test(c));
}
