import type { Finding, PartialDate } from '@lantai/values';
import { findSchemeClass, type Scheme, type SchemeTitle } from './scheme.ts';
import { indexTitles, suggestTitle, type TitleIndex } from './titles.ts';

/** What the check looks at in a material. */
export interface CheckedMaterial {
  readonly id: string;
  readonly classCode: string | null;
  readonly title: string | null;
  readonly date: PartialDate | null;
  readonly pages: number;
  /** A record typed into a form; has no pages by nature. */
  readonly record: boolean;
}

/** What is known of the subject. A condition not named is unknown, and then a person is asked to look. */
export interface SubjectFacts {
  readonly conditions: Readonly<Record<string, boolean>>;
  /** First and last year of service, for materials expected each year; null when not determined. */
  readonly service: { readonly firstYear: number; readonly lastYear: number } | null;
  /** Points that a person took off by items of a quality standard that no machine can tell; an item not named was not looked at. */
  readonly judged?: Readonly<Record<string, number>>;
}

/**
 * Whether a dossier holds what its scheme asks for.
 * - `completeness/missing` (error): a title is required, or its condition holds, and neither it nor one of its group is there.
 * - `completeness/key-missing` (error): the same for a key material (关键材料).
 * - `completeness/condition-unknown` (info): a key material is absent and its condition was not determined.
 * - `completeness/year-missing` (warning): no material for a year of service.
 * - `material/…`: untitled, undated, unclassed, without pages, title unknown to the scheme, class that holds none, class that the title contradicts.
 * Findings name the scheme's titles and classes only, never what somebody typed.
 */
export function checkCompleteness(
  scheme: Scheme,
  materials: readonly CheckedMaterial[],
  facts: SubjectFacts,
  index: TitleIndex = indexTitles(scheme),
): Finding[] {
  const matches = materials.map((m) => (m.title === null ? null : suggestTitle(index, m.title)));
  const held = new Set(matches.flatMap((m) => (m ? [m.title] : [])));
  const groups = new Set([...held].flatMap((t) => (t.oneOf === null ? [] : [`${t.oneOf}`])));
  const findings = materials.flatMap((m, i) => checkMaterial(scheme, m, matches[i]?.title ?? null));
  const seen = new Set<string>();
  for (const title of scheme.classes.flatMap((c) => c.titles)) {
    if (held.has(title) || (title.oneOf !== null && groups.has(title.oneOf))) continue;
    const finding = checkMissing(title, facts);
    const once = title.oneOf === null ? null : `${title.oneOf} ${finding?.code}`;
    if (!finding || (once !== null && seen.has(once))) continue;
    if (once !== null) seen.add(once);
    findings.push(finding);
  }
  for (const title of scheme.classes.flatMap((c) => c.titles))
    if (title.yearlyFrom !== null) findings.push(...checkYears(title, materials, matches, facts));
  return findings;
}

function checkMissing(title: SchemeTitle, facts: SubjectFacts): Finding | null {
  const params = { class: title.classCode, title: titleText(title), ...(title.when === null ? {} : { condition: title.when }) };
  if (title.need === 'optional') return null;
  const holds = title.when === null ? true : facts.conditions[title.when];
  if (holds === false) return null;
  if (holds === undefined) return title.key ? { code: 'completeness/condition-unknown', severity: 'info', params } : null;
  return { code: title.key ? 'completeness/key-missing' : 'completeness/missing', severity: 'error', params };
}

const titleText = (title: SchemeTitle) => title.name.replace('{year}', '');

function checkYears(
  title: SchemeTitle,
  materials: readonly CheckedMaterial[],
  matches: readonly ({ readonly title: SchemeTitle; readonly year: number | null } | null)[],
  facts: SubjectFacts,
): Finding[] {
  const years = new Set<number>();
  matches.forEach((match, i) => {
    if (match?.title !== title) return;
    const year = match.year ?? materials[i]?.date?.year;
    if (year !== undefined) years.add(year);
  });
  // Without determined service the years between the first and last held are still expected.
  const first = Math.max(facts.service?.firstYear ?? Math.min(...years), title.yearlyFrom ?? 0);
  const last = facts.service?.lastYear ?? Math.max(...years);
  const findings: Finding[] = [];
  // With none held at all, one finding of the whole title is enough.
  if (!years.size) return findings;
  for (let year = first; year <= last; year++)
    if (!years.has(year))
      findings.push({
        code: 'completeness/year-missing',
        severity: 'warning',
        params: { class: title.classCode, title: titleText(title), year },
      });
  return findings;
}

function checkMaterial(scheme: Scheme, material: CheckedMaterial, title: SchemeTitle | null): Finding[] {
  const findings: Finding[] = [];
  const say = (code: string, severity: Finding['severity'], params: Record<string, string> = {}) =>
    findings.push({ code, severity, params: { material: material.id, ...params } });
  const held = material.classCode === null ? null : findSchemeClass(scheme, material.classCode);
  if (material.classCode === null) say('material/unclassed', 'error');
  else if (!held) say('material/class-unknown', 'error', { class: material.classCode });
  else if (!held.holdsMaterials) say('material/class-holds-none', 'error', { class: material.classCode });
  else if (title && title.classCode !== held.code) say('material/class-differs', 'warning', { class: held.code, usual: title.classCode });
  if (material.title === null) say('material/untitled', 'error');
  else if (!title) say('material/title-unknown', 'info');
  if (!material.date) say('material/undated', 'warning');
  if (!material.pages && !material.record) say('material/no-pages', 'error');
  return findings;
}
