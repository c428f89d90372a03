import { ArchiveError } from '@lantai/values';
import type { Words } from '../scheme.ts';
import { YamlReader } from '../yaml-reader.ts';
import { STATIONS, type Station } from './stations.ts';

/** One entry of the defect dictionary (质检缺陷字典). */
export interface DefectKind {
  readonly code: string;
  readonly name: { readonly zh: string; readonly en: string };
  /** The key that marks it on the screen of inspection: one lower-case letter or digit, each once. */
  readonly key: string;
  /** `serious` fails the dossier whatever the limit; `minor` fails the page; `note` is told and fails nothing. */
  readonly severity: 'serious' | 'minor' | 'note';
  /** Where the dossier goes back to. */
  readonly station: Station;
}

/** A defect dictionary with what it is called and where it comes from. */
export interface DefectDictionary {
  readonly id: string;
  readonly version: number;
  readonly name: Words;
  readonly source: string;
  readonly defects: readonly DefectKind[];
}

const CODE = /^[a-z][a-z-]{1,40}$/;
/** Keys of the screen itself: next, previous, pass, fail. */
const TAKEN = ['j', 'k', 'p', 'f'];

/**
 * Reads a defect dictionary. A file with any problem is refused whole.
 * @throws ArchiveError `scheme/invalid` (caller) with the first problem, its line and how many there are
 */
export function loadDefects(yamlText: string): DefectDictionary {
  const reader = new YamlReader();
  const dictionary = readDictionary(reader, yamlText);
  const [first] = reader.problems.sort((a, b) => a.params.line - b.params.line);
  if (dictionary && !first) return dictionary;
  throw new ArchiveError('scheme/invalid', 'caller', { ...first?.params, problem: first?.code ?? '', problems: reader.problems.length });
}

function readDictionary(r: YamlReader, text: string): DefectDictionary | null {
  const top = r.open(text);
  if (!top) return null;
  const f = r.fields(top, ['id', 'version', 'name', 'source', 'defects'], []);
  const words = r.map(f.name, 'name');
  const name = words ? r.fields(words, ['zh', 'en'], []) : {};
  const defects = readDefects(r, f.defects);
  if (!defects.length) r.sayAt('scheme/missing-key', f.defects ?? top, { key: 'defects' });
  return {
    id: r.text(f.id, 'id', /^[a-z][a-z0-9-]{1,40}$/),
    version: r.integer(f.version, 'version', 1, 9999),
    name: { zh: r.text(name.zh, 'zh'), en: r.text(name.en, 'en') },
    source: r.text(f.source, 'source'),
    defects,
  };
}

function readDefects(r: YamlReader, list: Parameters<YamlReader['list']>[0]): DefectKind[] {
  const seen = { code: new Set<string>(), key: new Set<string>(TAKEN) };
  const once = (what: 'code' | 'key', value: string, at: Parameters<YamlReader['sayAt']>[1]) => {
    if (seen[what].has(value)) r.sayAt('scheme/twice', at, { key: what, value });
    seen[what].add(value);
  };
  return r.list(list, 'defects').flatMap((item) => {
    const map = r.map(item, 'defects');
    if (!map) return [];
    const f = r.fields(map, ['code', 'zh', 'en', 'key', 'severity', 'station'], []);
    const defect: DefectKind = {
      code: r.text(f.code, 'code', CODE),
      name: { zh: r.text(f.zh, 'zh'), en: r.text(f.en, 'en') },
      key: r.text(f.key, 'key', /^[a-z0-9]$/),
      severity: r.choice(f.severity, 'severity', ['serious', 'minor', 'note']),
      station: r.choice(f.station, 'station', [...STATIONS]),
    };
    once('code', defect.code, f.code);
    once('key', defect.key, f.key);
    return [defect];
  });
}
