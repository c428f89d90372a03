import { ArchiveError } from '@lantai/values';
import type { Node, YAMLMap } from 'yaml';
import { YamlReader } from '../yaml-reader.ts';
import {
  FOUR_PROPERTIES,
  PROPERTY_CHECKS,
  PROPERTY_MOMENTS,
  PROPERTY_OBJECTS,
  type PropertyItem,
  type PropertyMoment,
  type PropertyStandard,
} from './model.ts';

const MEDIA = /^[a-z]+\/[a-z0-9.+-]+$/;

/** Throws the first problem of a file that was read. @throws ArchiveError `scheme/invalid` (caller) with its line and how many there are */
export function refuseProblems(r: YamlReader): void {
  const [first] = r.problems.sort((a, b) => a.params.line - b.params.line);
  if (first) throw new ArchiveError('scheme/invalid', 'caller', { ...first.params, problem: first.code, problems: r.problems.length });
}

/**
 * Reads the items of the four-property check; nothing outside the written form is accepted: docs/spec/four-properties.md.
 * @throws ArchiveError `scheme/invalid` (caller) with the first problem, its line and how many there are
 */
export function loadPropertyStandard(yamlText: string): PropertyStandard {
  const r = new YamlReader();
  const top = r.open(yamlText);
  const standard = top && readTop(r, top);
  refuseProblems(r);
  if (!standard) throw new ArchiveError('scheme/invalid', 'caller', { problem: 'scheme/not-a-mapping', problems: 1 });
  return standard;
}

function readTop(r: YamlReader, top: YAMLMap): PropertyStandard {
  const f = r.fields(top, ['id', 'version', 'name', 'source', 'moments', 'items', 'formats'], []);
  const name = r.map(f.name, 'name');
  const n = name ? r.fields(name, ['zh', 'en'], []) : {};
  const seen = new Set<string>();
  const items = r.list(f.items, 'items').flatMap((node) => readItem(r, node, seen));
  if (!items.length) r.sayAt('scheme/missing-key', f.items ?? top, { key: 'items' });
  return {
    id: r.text(f.id, 'id', /^[a-z][a-z0-9-]{1,40}$/),
    version: r.integer(f.version, 'version', 1, 9999),
    name: { zh: r.text(n.zh, 'zh'), en: r.text(n.en, 'en') },
    source: r.text(f.source, 'source'),
    moments: readMoments(r, r.list(f.moments, 'moments'), top),
    items,
    formats: new Map(r.list(f.formats, 'formats').flatMap((node) => readFormat(r, node))),
  };
}

function readMoments(r: YamlReader, nodes: readonly Node[], top: YAMLMap): PropertyStandard['moments'] {
  const moments = nodes.flatMap((node) => {
    const map = r.map(node, 'moments');
    if (!map) return [];
    const f = r.fields(map, ['code', 'prefix', 'zh', 'en'], []);
    const prefix = r.text(f.prefix, 'prefix', /^[A-Z]{2}$/);
    return [{ code: r.choice(f.code, 'code', PROPERTY_MOMENTS), prefix, name: { zh: r.text(f.zh, 'zh'), en: r.text(f.en, 'en') } }];
  });
  const distinct = new Set(moments.map((m) => m.code)).size === PROPERTY_MOMENTS.length;
  if (!distinct || moments.length !== PROPERTY_MOMENTS.length || new Set(moments.map((m) => m.prefix)).size !== moments.length)
    r.sayAt('scheme/malformed', nodes[0] ?? top, { key: 'moments' });
  return moments;
}

function readItem(r: YamlReader, node: Node, seen: Set<string>): PropertyItem[] {
  const map = r.map(node, 'items');
  if (!map) return [];
  const f = r.fields(map, ['code', 'property', 'object', 'check', 'zh', 'en'], ['moments', 'blocking']);
  const code = r.text(f.code, 'code', /^[1-4]-\d{1,2}$/);
  if (seen.has(code)) r.sayAt('scheme/twice', f.code, { key: 'code', value: code });
  seen.add(code);
  const moments = r.list(f.moments, 'moments').map((m): PropertyMoment => r.choice(m, 'moments', PROPERTY_MOMENTS));
  const property = r.choice(f.property, 'property', FOUR_PROPERTIES);
  // The first number is the property: an item under another would be looked for in vain.
  if (code && FOUR_PROPERTIES[Number(code[0]) - 1] !== property) r.sayAt('scheme/malformed', f.property, { key: 'property' });
  return [
    {
      code,
      property,
      name: { zh: r.text(f.zh, 'zh'), en: r.text(f.en, 'en') },
      object: r.choice(f.object, 'object', PROPERTY_OBJECTS),
      moments: moments.length ? moments : PROPERTY_MOMENTS,
      check: r.choice(f.check, 'check', PROPERTY_CHECKS),
      blocking: f.blocking === undefined || r.choice(f.blocking, 'blocking', ['true', 'false']) === 'true',
    },
  ];
}

function readFormat(r: YamlReader, node: Node): [string, { lasts: boolean }][] {
  const map = r.map(node, 'formats');
  if (!map) return [];
  const f = r.fields(map, ['media', 'longterm'], []);
  return [[r.text(f.media, 'media', MEDIA), { lasts: r.choice(f.longterm, 'longterm', ['true', 'false']) === 'true' }]];
}
