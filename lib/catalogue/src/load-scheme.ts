import { ArchiveError } from '@lantai/values';
import type { Node, YAMLMap } from 'yaml';
import { CLASS_CODE_FORM, compileCode, materialTemplate } from './archival-code.ts';
import { RETENTION_CODE } from './boxes/box.ts';
import { findRetention } from './retention.ts';
import {
  CODE_STANDARDS,
  type Ordering,
  RETENTION_STARTS,
  type RetentionStart,
  type Scheme,
  type SchemeClass,
  type SchemeTitle,
  SHEET_COLUMNS,
  type Words,
} from './scheme.ts';
import { readInspection } from './scheme-inspection.ts';
import { foldTitlePattern } from './titles.ts';
import { type YamlProblem, YamlReader } from './yaml-reader.ts';

type Value = Node | null | undefined;

const CODE = new RegExp(`^${CLASS_CODE_FORM}$`, 'u');
const WORD = /^[a-z][a-z0-9_]{0,40}$/;

/** What a reading of one scheme carries along. Codes and titles are unique, so that a code or a heading never means two classes. */
interface Reading {
  readonly r: YamlReader;
  readonly conditions: Scheme['conditions'];
  readonly codes: Map<string, string>;
  readonly titles: Map<string, string>;
}

function once(r: YamlReader, seen: Map<string, string>, node: Value, key: string, owner: string, problem: string): void {
  const other = seen.get(key);
  if (other !== undefined) r.sayAt(problem, node, { value: key, other, owner });
  else seen.set(key, owner);
}

/**
 * Reads a scheme and reports every problem with its line. Nothing outside the written form is accepted: docs/spec/scheme.md.
 * @returns the scheme, or the problems, in the order of the file, when there is at least one
 */
export function readScheme(yamlText: string): { readonly scheme: Scheme } | { readonly problems: readonly YamlProblem[] } {
  const reader = new YamlReader();
  const top = reader.open(yamlText);
  const scheme = top && readTop(reader, top);
  const line = (p: YamlProblem) => p.params.line * 10_000 + p.params.column;
  if (!scheme || reader.problems.length) return { problems: reader.problems.sort((a, b) => line(a) - line(b)) };
  return { scheme };
}

/** Like {@link readScheme}. @throws ArchiveError `scheme/invalid` (caller) with the first problem, its line and how many there are. */
export function loadScheme(yamlText: string): Scheme {
  const outcome = readScheme(yamlText);
  if ('scheme' in outcome) return outcome.scheme;
  const first = outcome.problems[0];
  throw new ArchiveError('scheme/invalid', 'caller', { ...first?.params, problem: first?.code ?? '', problems: outcome.problems.length });
}

function readTop(r: YamlReader, top: YAMLMap): Scheme {
  const f = r.fields(
    top,
    ['id', 'version', 'name', 'subject', 'source', 'ordering', 'codes', 'sheet', 'classes'],
    ['conditions', 'inspection', 'retention', 'retention_from'],
  );
  const conditions = Object.fromEntries(
    f.conditions === undefined
      ? []
      : r.entries(f.conditions, 'conditions').map(([code, value]) => {
          if (!WORD.test(code)) r.sayAt('scheme/malformed', value, { key: 'conditions' });
          return [code, readWords(r, value, code)];
        }),
  );
  const ordering = r.choice(f.ordering, 'ordering', ['date', 'filed']);
  const reading: Reading = { r, conditions, codes: new Map(), titles: new Map() };
  const said: Inherited = { ordering, ...readRetention(r, f, { period: null, from: 'formed' }) };
  const classes = r.list(f.classes, 'classes').flatMap((node) => readClass(reading, node, said));
  if (f.classes !== undefined && !classes.length) r.sayAt('scheme/no-classes', f.classes);
  return {
    id: r.text(f.id, 'id', /^[a-z][a-z0-9-]{1,40}$/),
    version: r.integer(f.version, 'version', 1, 9999),
    name: readWords(r, f.name, 'name'),
    subject: r.choice(f.subject, 'subject', ['person', 'unit', 'matter']),
    source: r.text(f.source, 'source'),
    codes: readCodes(r, f.codes),
    sheet: readSheet(r, f.sheet),
    inspection: readInspection(r, f.inspection),
    conditions,
    classes,
  };
}

function readWords(r: YamlReader, value: Value, what: string): Words {
  const map = r.map(value, what);
  if (!map) return { zh: '', en: '' };
  const f = r.fields(map, ['zh', 'en'], []);
  return { zh: r.text(f.zh, 'zh'), en: r.text(f.en, 'en') };
}

function readCodes(r: YamlReader, value: Value): Scheme['codes'] {
  const map = r.map(value, 'codes');
  if (!map) return { dossier: '', material: '', accepted: [], standards: {}, parts: {} };
  const f = r.fields(map, ['dossier', 'material'], ['accepted', 'standards', 'parts']);
  const dossier = readTemplate(r, f.dossier, 'dossier', (text) => text, []);
  const inDossier = (text: string) => (text.includes('{dossier}') ? materialTemplate(text, dossier) : '');
  return {
    dossier,
    material: readTemplate(r, f.material, 'material', inDossier, ['class', 'seq']),
    accepted: r.list(f.accepted, 'accepted').map((node) => readTemplate(r, node, 'accepted', (text) => text, [])),
    standards: readStandards(r, f.standards),
    parts: Object.fromEntries(
      (f.parts === undefined ? [] : r.entries(f.parts, 'parts')).map(([name, node]) => [
        name,
        r.text(node, 'parts', /^[\p{Script=Han}A-Z0-9]{1,20}$/u),
      ]),
    ),
  };
}

/** Templates by standard; each has a part that counts, for the archive numbers by it. */
function readStandards(r: YamlReader, value: Value): Scheme['codes']['standards'] {
  if (value === undefined) return {};
  return Object.fromEntries(
    r.entries(value, 'standards').map(([standard, node]) => {
      if (!(CODE_STANDARDS as readonly string[]).includes(standard)) r.sayAt('scheme/malformed', node, { key: 'standards' });
      const text = readTemplate(r, node, 'standards', (template) => template, ['fonds']);
      if (text && compileCode(text).form?.numbers.size === 0)
        r.sayAt('scheme/code-template', node, { key: 'standards', problem: 'no-number' });
      return [standard, text];
    }),
  );
}

/** A template as written; `whole` makes of it what is compiled and checked. */
function readTemplate(r: YamlReader, node: Value, key: string, whole: (text: string) => string, needed: readonly string[]): string {
  const text = r.text(node, key);
  const problem = text ? compileCode(whole(text), needed).problem : null;
  if (problem) r.sayAt('scheme/code-template', node, { key, problem });
  return text;
}

function readSheet(r: YamlReader, value: Value): Scheme['sheet'] {
  const map = r.map(value, 'sheet');
  if (!map) return { heading: { zh: '', en: '' }, columns: SHEET_COLUMNS, blankRows: 0 };
  const f = r.fields(map, ['heading', 'columns', 'blank_rows'], []);
  const columns = r.list(f.columns, 'columns').map((node) => r.choice(node, 'columns', SHEET_COLUMNS));
  if (new Set(columns).size !== columns.length || !columns.includes('title')) r.sayAt('scheme/columns', f.columns);
  return { heading: readWords(r, f.heading, 'heading'), columns, blankRows: r.integer(f.blank_rows, 'blank_rows', 0, 50) };
}

/** What those below say too unless they say otherwise. */
interface Inherited extends Period {
  readonly ordering: Ordering;
}

/** A period and the day that starts it, each inherited by itself: a class may say the day for periods of its titles. */
interface Period {
  readonly period: string | null;
  readonly from: RetentionStart;
}

function readRetention(r: YamlReader, f: { readonly retention?: Value; readonly retention_from?: Value }, above: Period): Period {
  return {
    period: f.retention === undefined ? above.period : r.text(f.retention, 'retention', RETENTION_CODE),
    from: f.retention_from === undefined ? above.from : r.choice(f.retention_from, 'retention_from', RETENTION_STARTS),
  };
}

function readClass(reading: Reading, node: Node, inherited: Inherited): SchemeClass[] {
  const { r, codes } = reading;
  const map = r.map(node, 'classes');
  if (!map) return [];
  const f = r.fields(
    map,
    ['code', 'display', 'name'],
    ['legacy_names', 'legacy_codes', 'ordering', 'words', 'retention', 'retention_from', 'titles', 'classes'],
  );
  const code = r.text(f.code, 'code', CODE);
  const ordering = f.ordering === undefined ? inherited.ordering : r.choice(f.ordering, 'ordering', ['date', 'filed']);
  const said: Inherited = { ordering, ...readRetention(r, f, inherited) };
  const children = r.list(f.classes, 'classes').flatMap((child) => readClass(reading, child, said));
  if (children.length && f.titles !== undefined) r.sayAt('scheme/parent-holds-titles', f.titles, { class: code });
  if (children.length && f.words !== undefined) r.sayAt('scheme/parent-holds-titles', f.words, { class: code });
  once(r, codes, f.code, code, code, 'scheme/code-twice');
  const legacyCodes = r.texts(f.legacy_codes, 'legacy_codes', /^[A-Z0-9-]{1,8}$/);
  for (const legacy of legacyCodes) once(r, codes, f.legacy_codes, legacy, code, 'scheme/code-twice');
  const self: SchemeClass = {
    code,
    parent: null,
    display: r.text(f.display, 'display'),
    name: readWords(r, f.name, 'name'),
    legacyNames: r.texts(f.legacy_names, 'legacy_names'),
    legacyCodes,
    holdsMaterials: children.length === 0,
    words: r.texts(f.words, 'words', /^.{1,20}$/u),
    ordering,
    retention: said.period === null ? null : findRetention(said.period, said.from),
    titles: r.list(f.titles, 'titles').flatMap((title) => readTitle(reading, title, code, said)),
  };
  return [self, ...children.map((child) => (child.parent === null ? { ...child, parent: code } : child))];
}

function readTitle(reading: Reading, node: Node, classCode: string, inherited: Period): SchemeTitle[] {
  const { r, conditions, titles } = reading;
  const map = r.map(node, 'titles');
  if (!map) return [];
  const f = r.fields(map, ['name'], ['aliases', 'key', 'need', 'when', 'one_of', 'yearly_from', 'extent', 'retention', 'retention_from']);
  const { period, from } = readRetention(r, f, inherited);
  // A day that starts nothing is a mistake: somebody meant a period.
  if (f.retention_from !== undefined && (period === null || period === 'Y')) r.sayAt('scheme/retention-start', f.retention_from);
  const need = r.choice(f.need, 'need', ['optional', 'required', 'conditional']);
  const when = f.when === undefined ? null : r.text(f.when, 'when', WORD);
  if ((need === 'conditional') !== (when !== null)) r.sayAt('scheme/condition-and-need', map);
  if (when !== null && !(when in conditions)) r.sayAt('scheme/unknown-condition', f.when, { condition: when });
  const name = r.text(f.name, 'name', /^[^{}]*(?:\{year\})?[^{}]*$/);
  const aliases = r.texts(f.aliases, 'aliases', /^(?:[^{}]|\{year\}|\{any\})+$/);
  const owner = `${classCode} ${name}`;
  once(r, titles, f.name, foldTitlePattern(name), owner, 'scheme/title-twice');
  for (const alias of aliases) once(r, titles, f.aliases, foldTitlePattern(alias), owner, 'scheme/title-twice');
  return [
    {
      classCode,
      name,
      aliases,
      key: r.choice(f.key, 'key', ['false', 'true']) === 'true',
      need,
      when,
      oneOf: f.one_of === undefined ? null : r.text(f.one_of, 'one_of', WORD),
      yearlyFrom: f.yearly_from === undefined ? null : r.integer(f.yearly_from, 'yearly_from', 1900, 2999),
      extent: f.extent === undefined ? null : r.choice(f.extent, 'extent', ['one_page', 'booklet'] as const),
      retention: period === null ? null : findRetention(period, from),
    },
  ];
}
