import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import type { Desk, DeskTx } from '../desk/index.ts';

export type SourceKind = 'sheet' | 'scim' | 'ldap';

/** Where people are kept in step from. */
export interface DirectorySource {
  readonly id: string;
  readonly kind: SourceKind;
  readonly fondsId: string;
  readonly fondsCode: string;
  /** People it keeps in step and names. */
  readonly people: number;
  readonly ranAtMs: number | null;
  /** Code of what went wrong since; null: nothing. */
  readonly fault: string | null;
}

const COLUMNS = `s.id, s.kind, s.fonds_id as "fondsId", f.code as "fondsCode", s.ran_at_ms as "ranAtMs", s.fault,
  (select count(*)::int from directory_person p where p.source_id = s.id and not p.gone) as people
  from directory_source s join fonds f on f.id = s.fonds_id`;

/** The source of this kind for a fonds; null before its first use. */
export const findSource = (sql: Sql, kind: SourceKind, fondsId: string): Promise<DirectorySource | null> =>
  sql.one<DirectorySource>(`select ${COLUMNS} where s.kind = $1 and s.fonds_id = $2`, [kind, fondsId]);

/** The same, opened at its first use, with an entry. @throws ArchiveError `fonds/not-found` (caller) */
export async function openSource(tx: DeskTx, archive: Archive, kind: SourceKind, fondsId: string): Promise<string> {
  const known = await findSource(tx, kind, fondsId);
  if (known) return known.id;
  if (!(await tx.one('select 1 as one from fonds where id = $1', [fondsId]))) throw new ArchiveError('fonds/not-found', 'caller');
  const [id, entryId] = [archive.clock.newId(), archive.clock.newId()];
  const rows = await tx.query<{ id: string }>(
    `insert into directory_source (id, kind, fonds_id, entry_id) values ($1, $2, $3, $4)
     on conflict (kind, fonds_id) do nothing returning id`,
    [id, kind, fondsId, entryId],
  );
  // Somebody opened it in this moment: theirs is the source, with their entry.
  if (!rows.length) return (await findSource(tx, kind, fondsId))?.id ?? id;
  await tx.log({ id: entryId, kind: 'directory.opened', objectId: id, params: { source: kind } });
  return id;
}

/**
 * Sources with how they stand, for whoever keeps people or units in step.
 * @throws ArchiveError `desk/not-allowed` (caller)
 */
export async function listSources(desk: Desk): Promise<DirectorySource[]> {
  if (!desk.may('organisation.change')) desk.scope('directory.sync');
  return desk.sql.query<DirectorySource>(`select ${COLUMNS} order by f.code, s.kind`);
}

/** The fonds with this code. @throws ArchiveError `fonds/not-found` (caller) */
export async function getFondsByCode(sql: Sql, code: string): Promise<string> {
  const row = await sql.one<{ id: string }>('select id from fonds where code = $1', [code]);
  if (!row) throw new ArchiveError('fonds/not-found', 'caller');
  return row.id;
}

/**
 * The fonds a source without a place of its own speaks of: the one configured, or the only one at the top.
 * @throws ArchiveError `directory/fonds-needed`, `fonds/not-found` (caller)
 */
export async function getOnlyFonds(sql: Sql, configuredCode: string | null): Promise<string> {
  if (configuredCode) return getFondsByCode(sql, configuredCode);
  const rows = await sql.query<{ id: string }>('select id from fonds where parent_id is null limit 2');
  if (rows.length !== 1 || !rows[0]) throw new ArchiveError('directory/fonds-needed', 'caller');
  return rows[0].id;
}
