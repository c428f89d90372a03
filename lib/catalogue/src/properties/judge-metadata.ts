import { findPartialDate, isIdNumber, normaliseIdNumber } from '@lantai/values';
import { checkCodeSeries, findCodeParts, normaliseCode, schemeCodes } from '../archival-code.ts';
import { checkCompleteness } from '../completeness.ts';
import { indexTitles } from '../titles.ts';
import { checkElements, type MetadataStandard } from './elements.ts';
import type { DossierEvidence, EvidenceMaterial } from './evidence.ts';
import type { PropertyCheckKind, PropertyFinding, PropertyOutcome } from './model.ts';

/** The sets of elements that a description is measured by. */
export interface MetadataStandards {
  /** DA/T 18: what a description must say. */
  readonly description: MetadataStandard;
  /** DA/T 46: what an electronic record must carry. */
  readonly record: MetadataStandard;
}

type Weight = PropertyFinding['weight'];
type Params = PropertyFinding['params'];
type ObjectKind = PropertyFinding['object']['kind'];

const on =
  (kind: ObjectKind, id: string) =>
  (code: string, weight: Weight, params: Params = {}): PropertyFinding => ({
    code,
    weight,
    object: { kind, id },
    params,
  });
const ofMaterial = (m: EvidenceMaterial) => on('material', m.id);

/** Earliest year in which a paper of a personnel dossier can have been made. Older ones are asked after, not refused. */
const EARLIEST_YEAR = 1900;

/** 1-5: values that have their form and cannot be. */
function checkSense({ dossierId, materials, subject, today }: DossierEvidence): PropertyFinding[] {
  const findings = materials.flatMap((m) => {
    const date = m.date === null ? null : findPartialDate(m.date);
    if (!date || m.date === null) return [];
    const say = ofMaterial(m);
    // A date known to the year is compared as far as it is known.
    if (m.date > today.slice(0, m.date.length)) return [say('four/date-future', 'fail', { year: date.year })];
    if (date.year < EARLIEST_YEAR) return [say('four/date-early', 'warn', { year: date.year })];
    const isBefore = subject.birthYear !== null && date.year < subject.birthYear;
    return isBefore ? [say('four/date-before-birth', 'warn', { year: date.year })] : [];
  });
  const number = subject.idNumber === null ? null : normaliseIdNumber(subject.idNumber);
  const say = on('dossier', dossierId);
  // What the paper has wrong is kept as it is and flagged.
  if (number !== null && !isIdNumber(number)) findings.push(say('four/id-check', 'warn'));
  else if (number !== null && subject.birthYear !== null && Number(number.slice(6, 10)) !== subject.birthYear)
    findings.push(say('four/id-birth', 'warn'));
  return findings;
}

/** Controls, half characters and the mark of what could not be decoded; characters of private use are asked after. */
const FORBIDDEN = /[\p{Cs}\uFFFD\uFFFE\uFFFF]|(?![\n\t\r])\p{Cc}/u;
const PRIVATE = /\p{Co}/u;

/** 1-6 */
function checkCharacters({ dossierId, subject, materials }: DossierEvidence): PropertyFinding[] {
  const look = (texts: readonly (string | null)[], say: ReturnType<typeof on>): PropertyFinding[] => {
    const bad = texts.filter((t) => t !== null && FORBIDDEN.test(t)).length;
    if (bad) return [say('four/characters', 'fail', { count: bad })];
    const own = texts.filter((t) => t !== null && PRIVATE.test(t)).length;
    return own ? [say('four/private-characters', 'warn', { count: own })] : [];
  };
  return [
    ...look([subject.name, subject.idNumber], on('dossier', dossierId)),
    ...materials.flatMap((m) => look([m.title, m.remarks, ...Object.values(m.fields)], ofMaterial(m))),
  ];
}

/** 1-7 */
function checkCode({ dossierId, code, scheme, materials, codes }: DossierEvidence): PropertyFinding[] {
  const findings: PropertyFinding[] = [];
  const say = on('dossier', dossierId);
  if (normaliseCode(code) !== code) findings.push(say('four/code-spelling', 'fail'));
  // A code that came along from an older system is taken as it is (docs/spec/manifest.md).
  else if (!findCodeParts(schemeCodes(scheme.codes).dossier, code)) findings.push(say('four/code-not-of-scheme', 'warn'));
  const malformed = checkCodeSeries(codes.form, codes.suffixes, 'seq').find((f) => f.code === 'code/malformed');
  if (malformed) findings.push(say('code/malformed', 'fail', { count: Number(malformed.params?.count ?? 0) }));
  for (const m of materials) if (m.state === 'confirmed' && m.code === null) findings.push(ofMaterial(m)('four/code-missing', 'fail'));
  return findings;
}

/** 1-8 */
function checkTwice({ dossierId, sameCode, materials }: DossierEvidence): PropertyFinding[] {
  const findings: PropertyFinding[] = sameCode > 1 ? [on('dossier', dossierId)('four/code-twice', 'fail', { count: sameCode })] : [];
  const codes = new Set<string>();
  const described = new Set<string>();
  for (const m of materials) {
    const code = m.code === null ? null : normaliseCode(m.code);
    if (code !== null && codes.has(code)) findings.push(ofMaterial(m)('four/code-twice', 'fail', { count: 2 }));
    if (code !== null) codes.add(code);
    const description = JSON.stringify([m.classCode, m.title?.normalize('NFKC'), m.date]);
    if (m.title !== null && m.date !== null && described.has(description)) findings.push(ofMaterial(m)('four/described-twice', 'warn'));
    described.add(description);
  }
  return findings;
}

/** 1-11 */
function checkLinks({ materials, pages }: DossierEvidence): PropertyFinding[] {
  const held = new Map<string, number>();
  for (const { materialId } of pages) if (materialId !== null) held.set(materialId, (held.get(materialId) ?? 0) + 1);
  return materials.flatMap((m) => {
    const count = held.get(m.id) ?? 0;
    if (count !== m.pageCount) return [ofMaterial(m)('four/pages-differ', 'fail', { said: m.pageCount, held: count })];
    return count === 0 && m.origin !== 'typed' ? [ofMaterial(m)('material/no-pages', 'fail')] : [];
  });
}

/** 2-6 */
function checkSeries({ dossierId, codes, materials, pages }: DossierEvidence): PropertyFinding[] {
  const findings = checkCodeSeries(codes.form, codes.suffixes, 'seq').flatMap(({ code, params }) =>
    code === 'code/malformed' ? [] : [on('dossier', dossierId)(code, 'fail', params as Params)],
  );
  const byClass = groupNumbers(materials.map((m) => [m.classCode ?? '', m.sequence, m.id]));
  const byMaterial = groupNumbers(pages.flatMap((p) => (p.materialId === null ? [] : [[p.materialId, p.position ?? 0, p.materialId]])));
  for (const [group, kind] of [
    [byClass, 'four/sequence-gap'],
    [byMaterial, 'four/page-gap'],
  ] as const)
    for (const numbers of group.values()) {
      const at = numbers.sort((a, b) => a.number - b.number).findIndex(({ number }, i) => number !== i + 1);
      const first = numbers[at];
      if (first) findings.push(on('material', first.id)(kind, 'fail', { expected: at + 1, found: first.number }));
    }
  return findings;
}

function groupNumbers(rows: readonly (readonly [string, number, string])[]): Map<string, { number: number; id: string }[]> {
  const groups = new Map<string, { number: number; id: string }[]>();
  for (const [name, number, id] of rows) {
    const group = groups.get(name) ?? [];
    group.push({ number, id });
    groups.set(name, group);
  }
  return groups;
}

/** 2-8 */
function checkParts({ materials, pages, unsettledFiles }: DossierEvidence): PropertyFinding[] {
  const there = new Set(materials.map((m) => m.id));
  return [
    ...materials.flatMap((m) => (m.follows !== null && !there.has(m.follows) ? [ofMaterial(m)('four/attached-to-nothing', 'fail')] : [])),
    ...pages.flatMap((p) => (p.materialId === null && !p.isBlank && !p.isSuperseded ? [on('page', p.id)('four/loose-page', 'fail')] : [])),
    ...unsettledFiles.map((id) => on('file', id)('four/file-unsettled', 'fail')),
  ];
}

const OUT_OF_SCOPE = new Set(['material/unclassed', 'material/class-unknown', 'material/class-holds-none']);
const ABSENT = new Set(['completeness/missing', 'completeness/key-missing']);

/** 2-9 */
function checkScope({ dossierId, scheme, materials, facts, pages }: DossierEvidence): PropertyFinding[] {
  const held = materials.map((m) => ({
    id: m.id,
    classCode: m.classCode,
    title: m.title,
    date: m.date === null ? null : findPartialDate(m.date),
    pages: pages.filter((p) => p.materialId === m.id).length,
    record: m.origin === 'typed',
  }));
  return checkCompleteness(scheme, held, facts, indexTitles(scheme)).flatMap(({ code, params = {} }): PropertyFinding[] => {
    const { material, ...rest } = params as Record<string, string | number>;
    if (OUT_OF_SCOPE.has(code)) return [on('material', String(material))(code, 'fail', rest)];
    if (code === 'material/title-unknown') return [on('material', String(material))(code, 'warn')];
    return ABSENT.has(code) ? [on('dossier', dossierId)(code, 'warn', rest)] : [];
  });
}

const only = (findings: readonly PropertyFinding[], ...codes: readonly string[]) => findings.filter((f) => codes.includes(f.code));

/**
 * The items that look at metadata, each by its name; null for a check that looks at something else.
 * @throws never: what cannot be judged is a finding
 */
export function judgeMetadata(kind: PropertyCheckKind, evidence: DossierEvidence, standards: MetadataStandards): PropertyOutcome | null {
  const { scheme, described, materials, pages } = evidence;
  const elements = () => [
    ...checkElements(standards.description, scheme, described),
    ...checkElements(standards.record, scheme, described),
  ];
  const say = (checked: number, findings: readonly PropertyFinding[]): PropertyOutcome => ({
    checked,
    findings,
    measured: { materials: materials.length, pages: pages.length },
  });
  const things = 1 + materials.length;
  switch (kind) {
    case 'length':
      return say(things, only(elements(), 'metadata/too-long'));
    case 'form':
      return say(things, only(elements(), 'metadata/form'));
    case 'range':
      return say(things, only(elements(), 'metadata/range', 'metadata/repeated'));
    case 'elements':
      return say(things, only(checkElements(standards.record, scheme, described), 'metadata/missing'));
    case 'obligatory':
      return say(things, only(checkElements(standards.description, scheme, described), 'metadata/missing'));
    case 'sense':
      return say(things, checkSense(evidence));
    case 'characters':
      return say(things, checkCharacters(evidence));
    case 'code':
      return say(things, checkCode(evidence));
    case 'twice':
      return say(things, checkTwice(evidence));
    case 'links':
      return say(materials.length, checkLinks(evidence));
    case 'series':
      return say(materials.length + pages.length, checkSeries(evidence));
    case 'parts':
      return say(materials.length + pages.length, checkParts(evidence));
    case 'scope':
      return say(things, checkScope(evidence));
    default:
      return null;
  }
}
