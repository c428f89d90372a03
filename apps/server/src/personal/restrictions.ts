import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { queueProposals } from '../catalogue/index.ts';
import { type Desk, type DeskTx, madeObjects, type Scope, scopeSql } from '../desk/index.ts';
import type { RequestRow } from './request-rows.ts';

/** A restriction (限制处理) in force, or that was. */
export interface Restriction {
  readonly id: string;
  readonly dossierId: string;
  readonly dossierCode: string | null;
  readonly requestId: string | null;
  readonly fromMs: number;
  readonly madeBy: string;
  readonly liftedAtMs: number | null;
  readonly liftedBy: string | null;
}

/**
 * Restricts the processing of a subject's data from this transaction on. Nothing is rewritten: the policy's lines of state `restricted` close
 * it at every door, by the one scope. Restricting again changes nothing.
 */
export async function restrictSubject(
  tx: DeskTx,
  desk: Desk,
  of: Pick<RequestRow, 'fonds_id' | 'dossier_id' | 'subject_id'> & { id: string | null },
): Promise<void> {
  const id = desk.clock.newId();
  const entryId = desk.clock.newId();
  await tx.query(
    `insert into restriction (id, fonds_id, dossier_id, subject_id, request_id, from_ms, made_by, entry_id) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (subject_id) where lifted_at_ms is null do nothing`,
    [id, of.fonds_id, of.dossier_id, of.subject_id, of.id, desk.clock.nowMs(), desk.actor.accountId, entryId],
  );
  const changed = [madeObjects('restriction', [id])];
  await tx.log({ id: entryId, kind: 'processing.restricted', dossierId: of.dossier_id, objectId: id, changed });
}

/** Restrictions of dossiers one may answer for, those in force first. */
export function listRestrictions(desk: Desk): Promise<Restriction[]> {
  return desk.act('rights.answer', async (tx, scope) => {
    const seen = scopeSql(scope, 'd', 1);
    const rows = await tx.query<{
      id: string;
      dossier_id: string;
      code: string;
      request_id: string | null;
      from_ms: number;
      made_by: string;
      lifted_at_ms: number | null;
      lifted_by: string | null;
    }>(
      `select r.id, r.dossier_id, d.code, r.request_id, r.from_ms, r.made_by, r.lifted_at_ms, r.lifted_by
       from restriction r join dossier d on d.id = r.dossier_id where ${seen.sql} order by r.lifted_at_ms nulls first, r.id desc limit 500`,
      seen.params,
    );
    await tx.log({ kind: 'restrictions.listed', params: { count: rows.length } });
    return rows.map((r) => ({
      id: r.id,
      dossierId: r.dossier_id,
      dossierCode: r.code,
      requestId: r.request_id,
      fromMs: r.from_ms,
      madeBy: r.made_by,
      liftedAtMs: r.lifted_at_ms,
      liftedBy: r.lifted_by,
    }));
  });
}

/**
 * Lifts a restriction: from the next request on everything is as it was. Pages that waited are read again.
 * @throws ArchiveError `restriction/not-found` (caller)
 */
export async function liftRestriction(archive: Archive, desk: Desk, restrictionId: string): Promise<void> {
  await desk.act('rights.answer', async (tx, scope) => {
    const row = await lockRestriction(tx, scope, restrictionId);
    const entryId = desk.clock.newId();
    const changed = [await tx.watch('restriction', [restrictionId])];
    await tx.query('update restriction set lifted_at_ms = $2, lifted_by = $3, lift_entry_id = $4 where id = $1', [
      restrictionId,
      desk.clock.nowMs(),
      desk.actor.accountId,
      entryId,
    ]);
    await tx.log({ id: entryId, kind: 'processing.resumed', dossierId: row.dossier_id, objectId: restrictionId, changed });
    // Of all the subject's dossiers, also those that the one who lifts it does not reach: it held them too.
    const pages = await archive.db.system('restriction').query<{ id: string; dossier_id: string }>(
      `select p.id, p.dossier_id from page p join dossier d on d.id = p.dossier_id where d.subject_id = $1 and p.read_state = 'waiting'
         and not exists (select 1 from pgboss.job j where j.name = 'read' and j.state < 'completed' and j.data->>'pageId' = p.id::text) order by p.id`,
      [row.subject_id],
    );
    await archive.queue.send(
      tx,
      'read',
      pages.map((p) => ({ data: { pageId: p.id, dossierId: p.dossier_id } })),
    );
  });
  archive.queue.wake();
  await queueProposals(archive);
}

async function lockRestriction(tx: DeskTx, scope: Scope, id: string): Promise<{ dossier_id: string; subject_id: string }> {
  const seen = scopeSql(scope, 'd', 2);
  const row = await tx.one<{ dossier_id: string; subject_id: string }>(
    `select r.dossier_id, r.subject_id from restriction r join dossier d on d.id = r.dossier_id
     where r.id = $1 and r.lifted_at_ms is null and ${seen.sql} for update of r`,
    [id, ...seen.params],
  );
  if (!row) throw new ArchiveError('restriction/not-found', 'caller');
  return row;
}
