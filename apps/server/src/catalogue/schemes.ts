import { indexTitles, type Scheme, type TitleIndex } from '@lantai/catalogue';
import type { Scheme as SchemeView } from '@lantai/contract';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { standardsInForce } from './standards-in-force.ts';

const indexes = new WeakMap<Scheme, TitleIndex>();

/** The classification schemes as they are in force now, in the order of their ids. */
export const readSchemes = (sql: Sql, archive: Pick<Archive, 'config' | 'clock'>): Promise<Scheme[]> =>
  standardsInForce(sql, archive, 'scheme');

/** The scheme of this id as it is in force now. @throws ArchiveError `scheme/not-found` (caller) */
export async function getScheme(sql: Sql, archive: Pick<Archive, 'config' | 'clock'>, schemeId: string): Promise<Scheme> {
  const scheme = (await readSchemes(sql, archive)).find((s) => s.id === schemeId);
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
      retention: c.retention && { ...c.retention },
      titles: c.titles.map((t) => ({
        name: t.name,
        aliases: [...t.aliases],
        need: t.need,
        key: t.key,
        retention: t.retention && { ...t.retention },
      })),
    })),
  };
}
