import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type Desk, madeObjects } from '../desk/index.ts';

/** That the subject of a dossier leads a unit (领导干部). */
export interface UnitLeader {
  readonly id: string;
  readonly unitId: string;
  readonly unitCode: string;
  /** Codes of the dossiers of the subject; never a name. */
  readonly dossiers: readonly { readonly id: string; readonly code: string }[];
  readonly createdAtMs: number;
}

const LIST_MAX = 500;

/** The register of leaders, the latest first; seeing it is an entry. */
export async function listUnitLeaders(archive: Archive, desk: Desk): Promise<UnitLeader[]> {
  desk.scope('account.manage');
  // By the system: whoever keeps the register looks into no dossier, and is told its code.
  const rows = await archive.db.system('registers').query<UnitLeader>(
    `select l.id, l.unit_id as "unitId", u.code as "unitCode", l.created_at_ms as "createdAtMs",
       (select coalesce(json_agg(json_build_object('id', d.id, 'code', d.code) order by d.code), '[]') from dossier d where d.subject_id = l.subject_id) as dossiers
     from unit_leader l join unit u on u.id = l.unit_id where l.ended_at_ms is null order by l.id desc limit ${LIST_MAX}`,
  );
  await desk.act('account.manage', (tx) => tx.log({ kind: 'leaders.listed', params: { count: rows.length } }));
  return rows;
}

/**
 * Registers that the subject of a dossier leads a unit: looks into it by those who work there weigh from then on.
 * @throws ArchiveError `dossier/not-found`, `unit/not-found`, `leader/known` (caller)
 */
export async function registerUnitLeader(
  archive: Archive,
  desk: Desk,
  { dossierId, unitId }: { readonly dossierId: string; readonly unitId: string },
): Promise<string> {
  desk.scope('account.manage');
  const subject = await archive.db
    .system('registers')
    .one<{ subject_id: string }>('select subject_id from dossier where id = $1', [dossierId]);
  if (!subject) throw new ArchiveError('dossier/not-found', 'caller');
  return desk.act('account.manage', async (tx) => {
    if (!(await tx.one('select 1 as one from unit where id = $1', [unitId]))) throw new ArchiveError('unit/not-found', 'caller');
    const [id, entryId] = [desk.clock.newId(), desk.clock.newId()];
    const made = await tx.query(
      `insert into unit_leader (id, unit_id, subject_id, created_at_ms, entry_id) values ($1, $2, $3, $4, $5)
       on conflict (subject_id, unit_id) where ended_at_ms is null do nothing returning id`,
      [id, unitId, subject.subject_id, desk.clock.nowMs(), entryId],
    );
    if (!made.length) throw new ArchiveError('leader/known', 'caller');
    await tx.log({ id: entryId, kind: 'leader.registered', objectId: id, dossierId, changed: [madeObjects('unit_leader', [id])] });
    return id;
  });
}

/** Ends that somebody leads a unit; it stays on record. @throws ArchiveError `leader/not-found` (caller) */
export function endUnitLeader(desk: Desk, leaderId: string): Promise<void> {
  return desk.act('account.manage', async (tx) => {
    const changed = [await tx.watch('unit_leader', [leaderId])];
    const rows = await tx.query('update unit_leader set ended_at_ms = $2 where id = $1 and ended_at_ms is null returning id', [
      leaderId,
      desk.clock.nowMs(),
    ]);
    if (!rows.length) throw new ArchiveError('leader/not-found', 'caller');
    await tx.log({ kind: 'leader.ended', objectId: leaderId, changed });
  });
}
