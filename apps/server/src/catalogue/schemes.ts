import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexTitles, loadScheme, type Scheme, type TitleIndex } from '@lantai/catalogue';
import type { Scheme as SchemeView } from '@lantai/contract';
import { ArchiveError } from '@lantai/values';
import type { Config } from '../config.ts';

const loaded = new Map<string, readonly Scheme[]>();
const indexes = new WeakMap<Scheme, TitleIndex>();

/**
 * The classification schemes that came with the program, in the order of their ids. Read once: a changed file is seen at the next start.
 * @throws ArchiveError `scheme/invalid` (caller) with the first problem's line, `scheme/id-twice` (caller)
 */
export function loadSchemes({ programFolder }: Pick<Config, 'programFolder'>): readonly Scheme[] {
  const folder = join(programFolder, 'schemes');
  const known = loaded.get(folder);
  if (known) return known;
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const schemes = files.map((name) => loadScheme(readFileSync(join(folder, name), 'utf8')));
  schemes.sort((a, b) => (a.id < b.id ? -1 : 1));
  const twice = schemes.find((s, i) => schemes[i + 1]?.id === s.id);
  if (twice) throw new ArchiveError('scheme/id-twice', 'caller', { scheme: twice.id });
  loaded.set(folder, schemes);
  return schemes;
}

/** The scheme of this id. @throws ArchiveError `scheme/not-found` (caller) */
export function getScheme(config: Pick<Config, 'programFolder'>, schemeId: string): Scheme {
  const scheme = loadSchemes(config).find((s) => s.id === schemeId);
  if (!scheme) throw new ArchiveError('scheme/not-found', 'caller');
  return scheme;
}

/** The titles of a scheme ready for look-up; made once. */
export function titlesOf(scheme: Scheme): TitleIndex {
  const index = indexes.get(scheme) ?? indexTitles(scheme);
  indexes.set(scheme, index);
  return index;
}

/** A scheme as the contract shows it. */
export function schemeView(scheme: Scheme): SchemeView {
  return {
    id: scheme.id,
    name: scheme.name,
    version: scheme.version,
    subject: scheme.subject,
    source: scheme.source,
    conditions: Object.entries(scheme.conditions).map(([code, name]) => ({ code, name })),
    classes: scheme.classes.map((c) => ({
      code: c.code,
      parent: c.parent,
      display: c.display,
      name: c.name,
      legacyNames: [...c.legacyNames],
      holdsMaterials: c.holdsMaterials,
      ordering: c.ordering,
      titles: c.titles.map((t) => ({ name: t.name, aliases: [...t.aliases], need: t.need, key: t.key })),
    })),
  };
}
