import { ArchiveError, findPartialDate } from '@lantai/values';
import type { Node, YAMLMap } from 'yaml';
import type { Scheme, Words } from '../scheme.ts';
import { YamlReader } from '../yaml-reader.ts';
import { refuseProblems } from './load-standard.ts';
import type { PropertyFinding } from './model.ts';

/** What values of an element may be. */
export type ElementForm =
  | { readonly type: 'text'; readonly longest: number }
  | { readonly type: 'date' }
  | { readonly type: 'number'; readonly least: number; readonly most: number }
  /** `null`: the classes of the dossier's scheme that hold materials. */
  | { readonly type: 'choice'; readonly choices: readonly string[] | null };

/** One element of a description (著录项目, 元数据元素). */
export interface MetadataElement {
  readonly code: string;
  readonly name: Words;
  readonly obligation: 'mandatory' | 'conditional' | 'optional';
  /** What the absence of a mandatory element weighs. */
  readonly absence: 'fail' | 'warn';
  readonly form: ElementForm;
  readonly repeatable: boolean;
  /** Where its values come from, the first source that has any; none at a level that it does not describe. */
  readonly sources: { readonly dossier: readonly string[]; readonly material: readonly string[] };
}

/** A set of elements as data. Written as YAML: docs/spec/four-properties.md, section 6. */
export interface MetadataStandard {
  readonly id: string;
  readonly version: number;
  readonly name: Words;
  readonly source: string;
  readonly elements: readonly MetadataElement[];
}

/** What a description is drawn from: values by source, as they are kept. Personal data. */
export interface DescribedThing {
  readonly kind: 'dossier' | 'material';
  readonly id: string;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** Sources a file may name; `material.field.…` besides. */
export const ELEMENT_SOURCES: readonly string[] = [
  ...['level', 'fonds.code', 'fonds.name', 'scheme.id', 'scheme.name', 'subject.name'],
  ...[
    'bytes',
    'category',
    'changed',
    'code',
    'dates',
    'extent',
    'id',
    'level',
    'materials',
    'pages',
    'retention',
    'tags',
    'unit',
    'volume',
  ].map((name) => `dossier.${name}`),
  ...['attached', 'bytes', 'changed', 'class', 'code', 'date', 'extent', 'follows', 'formats', 'id', 'origin', 'pages', 'remarks'].map(
    (name) => `material.${name}`,
  ),
  ...['resolutions', 'retention', 'sequence', 'state', 'tags', 'title', 'year'].map((name) => `material.${name}`),
];
const FIELD_SOURCE = /^material\.field\.[a-zA-Z][a-zA-Z0-9_]{0,39}$/;
const NUMBER_MOST = 999_999_999;

/**
 * Reads a set of elements; nothing outside the written form is accepted.
 * @throws ArchiveError `scheme/invalid` (caller) with the first problem, its line and how many there are
 */
export function loadMetadataStandard(yamlText: string): MetadataStandard {
  const r = new YamlReader();
  const top = r.open(yamlText);
  const standard = top && readTop(r, top);
  refuseProblems(r);
  if (!standard) throw new ArchiveError('scheme/invalid', 'caller', { problem: 'scheme/not-a-mapping', problems: 1 });
  return standard;
}

function readTop(r: YamlReader, top: YAMLMap): MetadataStandard {
  const f = r.fields(top, ['id', 'version', 'name', 'source', 'elements'], []);
  const name = r.map(f.name, 'name');
  const n = name ? r.fields(name, ['zh', 'en'], []) : {};
  const seen = new Set<string>();
  return {
    id: r.text(f.id, 'id', /^[a-z][a-z0-9-]{1,40}$/),
    version: r.integer(f.version, 'version', 1, 9999),
    name: { zh: r.text(n.zh, 'zh'), en: r.text(n.en, 'en') },
    source: r.text(f.source, 'source'),
    elements: r.list(f.elements, 'elements').flatMap((node) => readElement(r, node, seen)),
  };
}

function readElement(r: YamlReader, node: Node, seen: Set<string>): MetadataElement[] {
  const map = r.map(node, 'elements');
  if (!map) return [];
  const optional = ['absence', 'longest', 'least', 'most', 'choices', 'choices_of', 'repeatable', 'dossier', 'material'] as const;
  const f = r.fields(map, ['code', 'zh', 'en', 'obligation', 'type'], optional);
  const code = r.text(f.code, 'code', /^[A-Za-z][A-Za-z0-9]{0,39}$/);
  if (seen.has(code)) r.sayAt('scheme/twice', f.code, { key: 'code', value: code });
  seen.add(code);
  const sourcesAt = (level: 'dossier' | 'material') => {
    const sources = r.texts(f[level], level);
    for (const source of sources)
      if (!ELEMENT_SOURCES.includes(source) && !FIELD_SOURCE.test(source))
        r.sayAt('scheme/not-a-choice', f[level], { key: level, value: source });
    return sources;
  };
  const sources = { dossier: sourcesAt('dossier'), material: sourcesAt('material') };
  const obligation = r.choice(f.obligation, 'obligation', ['mandatory', 'conditional', 'optional'] as const);
  // What nothing can give may not be asked for.
  if (obligation === 'mandatory' && !sources.dossier.length && !sources.material.length)
    r.sayAt('scheme/missing-key', node, { key: 'dossier' });
  return [
    {
      code,
      name: { zh: r.text(f.zh, 'zh'), en: r.text(f.en, 'en') },
      obligation,
      absence: f.absence === undefined ? 'fail' : r.choice(f.absence, 'absence', ['fail', 'warn']),
      form: readForm(r, node, f),
      repeatable: f.repeatable !== undefined && r.choice(f.repeatable, 'repeatable', ['yes', 'no']) === 'yes',
      sources,
    },
  ];
}

function readForm(
  r: YamlReader,
  node: Node,
  f: Partial<Record<'type' | 'longest' | 'least' | 'most' | 'choices' | 'choices_of', Node | null | undefined>>,
): ElementForm {
  const type = r.choice(f.type, 'type', ['text', 'date', 'number', 'choice'] as const);
  if (type === 'date') return { type };
  if (type === 'text') return { type, longest: r.integer(f.longest, 'longest', 1, 10_000) };
  if (type === 'number') {
    const limit = (value: Node | null | undefined, what: string) => Number(r.text(value, what, /^\d{1,15}$/)) || 0;
    const [least, most] = [limit(f.least, 'least'), f.most === undefined ? NUMBER_MOST : limit(f.most, 'most')];
    if (least > most) r.sayAt('scheme/out-of-range', node, { key: 'most', least, most: NUMBER_MOST });
    return { type, least, most };
  }
  if (f.choices_of !== undefined) r.choice(f.choices_of, 'choices_of', ['classes']);
  const choices = r.texts(f.choices, 'choices');
  if (f.choices_of === undefined && !choices.length) r.sayAt('scheme/missing-key', node, { key: 'choices' });
  return { type, choices: f.choices_of === undefined ? choices : null };
}

/** The values of an element for a thing: those of its first source that has any. Empty when the thing has none. */
export function valuesOf(element: MetadataElement, thing: DescribedThing): readonly string[] {
  for (const source of element.sources[thing.kind]) {
    const values = (thing.values.get(source) ?? []).filter((value) => value !== '');
    if (values.length) return values;
  }
  return [];
}

/**
 * What is wrong with the description of things: `metadata/missing`, `metadata/repeated`, `metadata/too-long`, `metadata/form`, `metadata/range`. The
 * parameters name the element by code and words, never the value.
 */
export function checkElements(standard: MetadataStandard, scheme: Scheme, things: readonly DescribedThing[]): PropertyFinding[] {
  const findings: PropertyFinding[] = [];
  const classes = scheme.classes.filter((c) => c.holdsMaterials).map((c) => c.code);
  for (const thing of things)
    for (const element of standard.elements) {
      if (!element.sources[thing.kind].length) continue;
      const values = valuesOf(element, thing);
      const say = (code: string, weight: PropertyFinding['weight'], params: Record<string, number> = {}) =>
        findings.push({
          code,
          weight,
          object: { kind: thing.kind, id: thing.id },
          params: { element: element.code, ...element.name, ...params },
        });
      if (!values.length && element.obligation === 'mandatory') say('metadata/missing', element.absence);
      if (values.length > 1 && !element.repeatable) say('metadata/repeated', 'fail', { count: values.length });
      for (const value of values) {
        const problem = findValueProblem(element.form, value, classes);
        if (problem) say(problem.code, 'fail', problem.params);
      }
    }
  return findings;
}

function findValueProblem(
  form: ElementForm,
  value: string,
  classes: readonly string[],
): { readonly code: string; readonly params?: Record<string, number> } | null {
  switch (form.type) {
    case 'text': {
      const length = [...value].length;
      return length > form.longest ? { code: 'metadata/too-long', params: { length, longest: form.longest } } : null;
    }
    case 'date':
      return findPartialDate(value) ? null : { code: 'metadata/form' };
    case 'number': {
      if (!/^\d{1,15}$/.test(value)) return { code: 'metadata/form' };
      const n = Number(value);
      return n < form.least || n > form.most ? { code: 'metadata/range', params: { least: form.least, most: form.most } } : null;
    }
    case 'choice':
      return (form.choices ?? classes).includes(value) ? null : { code: 'metadata/range' };
  }
}
