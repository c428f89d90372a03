import { ArchiveError } from '@lantai/values';
import type { Node } from 'yaml';
import type { Words } from '../scheme.ts';
import { YamlReader } from '../yaml-reader.ts';
import { refuseProblems } from './load-standard.ts';

/** A business activity (业务行为): which entries of the log are acts of it. */
export interface Activity {
  readonly code: string;
  readonly name: Words;
  /** Kinds of entries, each in one activity alone. */
  readonly kinds: readonly string[];
}

/** The business activities as data. Written as YAML: docs/spec/four-properties.md, section 7. */
export interface ActivityStandard {
  readonly id: string;
  readonly version: number;
  readonly name: Words;
  readonly source: string;
  readonly activities: readonly Activity[];
}

const KIND = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*){1,3}$/;

/**
 * Reads the business activities; nothing outside the written form is accepted.
 * @throws ArchiveError `scheme/invalid` (caller) with the first problem, its line and how many there are
 */
export function loadActivities(yamlText: string): ActivityStandard {
  const r = new YamlReader();
  const top = r.open(yamlText);
  const f = top ? r.fields(top, ['id', 'version', 'name', 'source', 'activities'], []) : {};
  const name = top && r.map(f.name, 'name');
  const n = name ? r.fields(name, ['zh', 'en'], []) : {};
  const seen = new Set<string>();
  const standard: ActivityStandard = {
    id: r.text(f.id, 'id', /^[a-z][a-z0-9-]{1,40}$/),
    version: r.integer(f.version, 'version', 1, 9999),
    name: { zh: r.text(n.zh, 'zh'), en: r.text(n.en, 'en') },
    source: r.text(f.source, 'source'),
    activities: r.list(f.activities, 'activities').flatMap((node) => readActivity(r, node, seen)),
  };
  refuseProblems(r);
  if (!top) throw new ArchiveError('scheme/invalid', 'caller', { problem: 'scheme/not-a-mapping', problems: 1 });
  return standard;
}

function readActivity(r: YamlReader, node: Node, seen: Set<string>): Activity[] {
  const map = r.map(node, 'activities');
  if (!map) return [];
  const f = r.fields(map, ['code', 'zh', 'en', 'kinds'], []);
  const kinds = r.texts(f.kinds, 'kinds', KIND);
  const code = r.text(f.code, 'code', /^[a-z][a-z-]{1,40}$/);
  // An act is of one activity: a kind named twice would be told twice.
  for (const name of [code, ...kinds]) {
    if (seen.has(name)) r.sayAt('scheme/twice', f.kinds, { key: 'kinds', value: name });
    seen.add(name);
  }
  return [{ code, name: { zh: r.text(f.zh, 'zh'), en: r.text(f.en, 'en') }, kinds }];
}
