import { ArchiveError } from '@lantai/values';
import type { Node, YAMLMap } from 'yaml';
import type { Words } from '../scheme.ts';
import { YamlReader } from '../yaml-reader.ts';
import type { Applies, QualityCheck, QualityItem, QualityStandard } from './model.ts';

type Value = Node | null | undefined;

const KINDS = ['held', 'needs', 'yearly', 'chain', 'dated', 'findings', 'loose', 'person'] as const;
type Kind = (typeof KINDS)[number];
const CODE = /^[0-9a-zA-Z][0-9a-zA-Z.-]{0,15}$/;
const POINTS = /^\d{1,3}(\.\d{1,2})?$/;
const APPLIES = ['when', 'begun_by', 'held'] as const;
/** Keys of each kind beside those that say when it applies. */
const KEYS: Readonly<Record<Kind, { readonly needed: readonly string[]; readonly optional: readonly string[] }>> = {
  held: { needed: ['any', 'lost'], optional: ['from', 'until'] },
  needs: { needed: ['classes', 'lost'], optional: [] },
  yearly: { needed: ['any', 'from', 'lost'], optional: [] },
  chain: { needed: ['any', 'from', 'gap_years', 'lost'], optional: [] },
  dated: { needed: ['any', 'from', 'lost'], optional: [] },
  findings: { needed: ['codes', 'lost'], optional: [] },
  loose: { needed: ['lost'], optional: [] },
  person: { needed: [], optional: [] },
};

/**
 * Reads a quality standard; nothing outside the written form is accepted: docs/spec/quality.md.
 * @throws ArchiveError `scheme/invalid` (caller) with the first problem, its line and how many there are
 */
export function loadQualityStandard(yamlText: string): QualityStandard {
  const r = new YamlReader();
  const top = r.open(yamlText);
  const standard = top && readTop(r, top);
  if (standard && !r.problems.length) return standard;
  const [first] = r.problems.sort((a, b) => a.params.line - b.params.line);
  throw new ArchiveError('scheme/invalid', 'caller', { ...first?.params, problem: first?.code ?? '', problems: r.problems.length });
}

function readTop(r: YamlReader, top: YAMLMap): QualityStandard {
  const f = r.fields(top, ['id', 'version', 'name', 'source', 'schemes', 'total', 'grades', 'items'], []);
  const grades = r.map(f.grades, 'grades');
  const g = grades ? r.fields(grades, ['excellent', 'pass'], []) : {};
  const total = r.integer(f.total, 'total', 1, 1000);
  const seen = new Set<string>();
  const items = r.list(f.items, 'items').flatMap((node) => readItem(r, node, seen, total));
  if (!items.length) r.sayAt('scheme/missing-key', f.items ?? top, { key: 'items' });
  return {
    id: r.text(f.id, 'id', /^[a-z][a-z0-9-]{1,40}$/),
    version: r.integer(f.version, 'version', 1, 9999),
    name: readWords(r, f.name),
    source: r.text(f.source, 'source'),
    schemes: r.texts(f.schemes, 'schemes'),
    total,
    grades: { excellent: points(r, g.excellent, 'excellent'), pass: points(r, g.pass, 'pass') },
    items,
  };
}

function readWords(r: YamlReader, value: Value): Words {
  const map = r.map(value, 'text');
  if (!map) return { zh: '', en: '' };
  const f = r.fields(map, ['zh', 'en'], []);
  return { zh: r.text(f.zh, 'zh'), en: r.text(f.en, 'en') };
}

const points = (r: YamlReader, value: Value, what: string) => Number(r.text(value, what, POINTS)) || 0;

function readItem(r: YamlReader, node: Node, seen: Set<string>, total: number): QualityItem[] {
  const map = r.map(node, 'items');
  if (!map) return [];
  const f = r.fields(map, ['code', 'points', 'text', 'checks'], ['veto']);
  const code = r.text(f.code, 'code', CODE);
  if (seen.has(code)) r.sayAt('scheme/twice', f.code, { key: 'code', value: code });
  seen.add(code);
  const checks = r.list(f.checks, 'checks').flatMap((check) => readCheck(r, check));
  if (!checks.length) r.sayAt('scheme/missing-key', f.checks ?? node, { key: 'checks' });
  const most = points(r, f.points, 'points');
  if (most <= 0 || most > total) r.sayAt('scheme/out-of-range', f.points, { key: 'points', least: 0, most: total });
  return [
    {
      code,
      points: most,
      veto: f.veto !== undefined && r.choice(f.veto, 'veto', ['true', 'false']) === 'true',
      text: readWords(r, f.text),
      checks,
    },
  ];
}

function readCheck(r: YamlReader, node: Node): QualityCheck[] {
  const map = r.map(node, 'checks');
  if (!map) return [];
  const kind = r.choice(map.get('kind', true) as Value, 'kind', KINDS);
  const { needed, optional } = KEYS[kind];
  const f = r.fields(map, ['kind', ...needed], [...optional, ...APPLIES]) as Record<string, Value>;
  const year = (name: string) => (f[name] === undefined ? null : r.integer(f[name], name, 1900, 2999));
  const applies: Applies = { when: r.texts(f.when, 'when'), begunBy: year('begun_by'), held: r.texts(f.held, 'held') };
  const lost = f.lost === undefined ? 0 : points(r, f.lost, 'lost');
  const some = (name: string) => {
    const texts = r.texts(f[name], name);
    if (!texts.length) r.sayAt('scheme/missing-key', f[name] ?? node, { key: name });
    return texts;
  };
  if (kind === 'person') return [{ kind, ...applies }];
  if (kind === 'loose') return [{ kind, ...applies, lost }];
  if (kind === 'needs') return [{ kind, ...applies, classes: some('classes'), lost }];
  if (kind === 'findings') return [{ kind, ...applies, codes: some('codes'), lost }];
  const any = some('any');
  if (kind === 'held') return [{ kind, ...applies, any, from: year('from'), until: year('until'), lost }];
  const from = year('from') ?? 0;
  if (kind === 'chain') return [{ kind, ...applies, any, from, gapYears: r.integer(f.gap_years, 'gap_years', 1, 50), lost }];
  return [{ kind, ...applies, any, from, lost }];
}
