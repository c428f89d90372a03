import type { Archive } from '../../archive/index.ts';
import type { Sql } from '../../db/index.ts';
import type { Desk } from '../../desk/index.ts';
import type { PersonWork } from '../apply-person.ts';
import { readUnits } from '../directory-rows.ts';
import { unitFinder } from '../find-unit.ts';
import { NO_SOURCE } from '../plan-run.ts';
import type { KnownUnit } from '../plan-units.ts';
import { findSource, getOnlyFonds, openSource } from '../sources.ts';

/** The SCIM source of the archive, with the units it speaks of. */
export interface ScimSource {
  readonly sourceId: string;
  readonly fondsId: string;
  /** Every unit of its fonds but the root and those merged into others. */
  readonly units: readonly KnownUnit[];
}

/** The source as it stands; nothing is opened by looking. @throws ArchiveError `directory/fonds-needed`, `fonds/not-found` (caller) */
export async function findScimSource(archive: Archive, sql: Sql): Promise<ScimSource> {
  const fondsId = await getOnlyFonds(sql, archive.config.access.scimFonds);
  const source = await findSource(sql, 'scim', fondsId);
  const units = (await readUnits(archive, sql, fondsId)).filter((u) => u.parentId !== null && !u.isMerged);
  return { sourceId: source?.id ?? NO_SOURCE, fondsId, units };
}

/** The source opened for work on people. */
export async function openScimWork(archive: Archive, desk: Desk, texts: readonly (string | null)[]): Promise<PersonWork> {
  const fondsId = await getOnlyFonds(desk.sql, archive.config.access.scimFonds);
  const sourceId = await desk.act('directory.sync', (tx) => openSource(tx, archive, 'scim', fondsId));
  const units = await readUnits(archive, desk.sql, fondsId);
  const find = await unitFinder(desk.sql, { fondsId, units, made: new Set(), texts });
  return { archive, desk, options: { kind: 'scim', fondsId, adopts: false }, sourceId, find, givesPasswords: false };
}
