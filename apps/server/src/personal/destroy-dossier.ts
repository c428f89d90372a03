import { ArchiveError } from '@lantai/values';
import type { Archive, KeyRef } from '../archive/index.ts';
import { type Desk, type DeskTx, deskTx } from '../desk/index.ts';
import { forgetDossier } from '../learning/index.ts';
import { checkDeletion } from './deletion-terms.ts';
import type { DeletionGround } from './law.ts';
import { addStep, lockRequest, placeOf, type RequestRow } from './request-rows.ts';

/** Key backups are kept so long (docs/spec/key-store.md): until then an old one may hold a destroyed key. */
export const KEY_BACKUPS_KEPT_MS = 30 * 24 * 60 * 60_000;

/**
 * The second approval of a deletion (两人批准): records the intent with its entry, then destroys the dossier's key, its objects and its rows.
 * INVARIANT: the intent is durable before anything is destroyed; a process that dies on the way goes on at the next start.
 * @throws ArchiveError `subject-request/not-found`, `subject-request/state`, `destruction/same-person`, `destruction/…` (caller)
 */
export async function approveDestruction(archive: Archive, desk: Desk, requestId: string): Promise<void> {
  const dossierId = await desk.act('rights.answer', async (tx, scope) => {
    const row = await lockRequest(tx, scope, requestId, ['granted']);
    if (row.kind !== 'delete') throw new ArchiveError('subject-request/state', 'caller', { state: row.state });
    await checkSecond(tx, desk, row);
    await checkDeletion(tx, desk, row, { ground: row.ground as DeletionGround, untilMs: row.retained_until_ms });
    await intend(archive, tx, desk, row);
    return row.dossier_id;
  });
  archive.moments.pass('destruction-intended');
  await runDestruction(archive, dossierId);
}

/** The one who approves is another person than the one who decided: by account, and by holder where it is known. */
async function checkSecond(tx: DeskTx, desk: Desk, row: RequestRow): Promise<void> {
  const same = await tx.one(
    `select 1 as one from account f join account s on s.id = $2 where f.id = $1 and (f.id = s.id or f.holder_token = s.holder_token)`,
    [row.decided_by, desk.actor.accountId],
  );
  if (same || row.made_by === desk.actor.accountId) throw new ArchiveError('destruction/same-person', 'caller');
}

async function intend(archive: Archive, tx: DeskTx, desk: Desk, row: RequestRow): Promise<void> {
  const d = await tx.one<{ code: string; page_count: number; objects: number }>(
    `select d.code, (select count(*)::int from page p where p.dossier_id = d.id) as page_count, (select count(*)::int from stored_object o where o.dossier_id = d.id) as objects
     from dossier d where d.id = $1 for update`,
    [row.dossier_id],
  );
  if (!d) throw new ArchiveError('dossier/not-found', 'caller');
  // INVARIANT: asked of all dossiers, also of those the approver does not reach: a subject that any other is about keeps its key.
  const other = await archive.db
    .system('destruction')
    .one('select 1 as one from dossier o join dossier d on d.subject_id = o.subject_id where d.id = $1 and o.id <> d.id limit 1', [
      row.dossier_id,
    ]);
  const place = placeOf(row);
  await addStep(tx, desk, { ...row, place }, { kind: 'approved', text: null });
  const nowMs = desk.clock.nowMs();
  const entryId = await tx.log({
    kind: 'dossier.destruction-intended',
    place,
    dossierId: row.dossier_id,
    objectId: row.dossier_id,
    params: { ground: row.ground ?? '', request: row.id, pages: d.page_count, objects: d.objects },
  });
  await tx.query(
    `insert into destruction (dossier_id, fonds_id, unit_id, category, level, subject_id, with_subject, code, request_id, ground, approved_by, second_by,
       intended_at_ms, entry_id, page_count, object_count, backups_until_ms)
     select d.id, d.fonds_id, d.unit_id, d.category, d.level, d.subject_id, $2, d.code, $3, $4, $5, $6, $7, $8, $9, $10, $11 from dossier d where d.id = $1`,
    [
      row.dossier_id,
      other === null,
      row.id,
      row.ground,
      row.decided_by,
      desk.actor.accountId,
      nowMs,
      entryId,
      d.page_count,
      d.objects,
      nowMs + KEY_BACKUPS_KEPT_MS,
    ],
  );
}

interface Intent {
  subject_id: string;
  with_subject: boolean;
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  request_id: string | null;
  object_count: number;
}

/**
 * Carries an intended destruction to its end; each step may be done twice. Does nothing where it is done or was never intended.
 * CRASH: after the intent, the dossier is listed as before and is destroyed at the next start; after the key, nothing of it can be opened and
 * rows and bytes are left over; after the bytes, the rows. `finishDestructions` goes on at the step that is missing.
 */
export async function runDestruction(archive: Archive, dossierId: string): Promise<void> {
  const intent = await archive.db
    .system('destruction')
    .one<Intent>(
      'select subject_id, with_subject, fonds_id, unit_id, category, level, request_id, object_count from destruction where dossier_id = $1 and done_at_ms is null',
      [dossierId],
    );
  if (!intent) return;
  const keys: KeyRef[] = [{ kind: 'dossier', id: dossierId }];
  if (intent.with_subject) keys.push({ kind: 'dossier', id: intent.subject_id });
  await archive.keys.destroyMany(keys);
  archive.moments.pass('destruction-key');
  const objects = await archive.db
    .system('destruction')
    .query<{ address: Uint8Array }>('select address from stored_object where dossier_id = $1', [dossierId]);
  for (const { address } of objects) await archive.blobs.remove(address);
  archive.moments.pass('destruction-bytes');
  await archive.db.system('destruction').tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'archive_work');
    const open = await tx.one('select 1 as one from destruction where dossier_id = $1 and done_at_ms is null for update', [dossierId]);
    if (!open) return;
    await forgetDossier(tx, archive, dossierId);
    await deleteRows(tx, dossierId, intent, archive.clock.nowMs());
    const { fonds_id: fondsId, unit_id: unitId, category, level } = intent;
    const entryId = await tx.log({
      kind: 'dossier.destroyed',
      place: { fondsId, unitId, category, level },
      dossierId,
      objectId: dossierId,
      params: { objects: intent.object_count, subject: intent.with_subject ? 1 : 0 },
    });
    const nowMs = archive.clock.nowMs();
    await tx.query('update destruction set done_at_ms = $2, done_entry_id = $3 where dossier_id = $1', [dossierId, nowMs, entryId]);
    await tx.query(`update subject_request set state = 'done', ended_at_ms = $2, version = version + 1 where id = $1`, [
      intent.request_id,
      nowMs,
    ]);
  });
}

/** Rows, tokens and sealed columns; what leads to them from elsewhere goes by cascade. Entries stay, without the salts that tie them to content. */
async function deleteRows(tx: DeskTx, dossierId: string, { subject_id, with_subject }: Intent, nowMs: number): Promise<void> {
  for (const table of ['page', 'source_file', 'material', 'stored_object'])
    await tx.query(`delete from ${table} where dossier_id = $1`, [dossierId]);
  await tx.query('delete from dossier where id = $1', [dossierId]);
  // Other requests upon it have nothing left to be about.
  await tx.query(
    `update subject_request set state = 'withdrawn', ended_at_ms = $2, version = version + 1 where dossier_id = $1 and state = 'received'`,
    [dossierId, nowMs],
  );
  await tx.query('update entry set salt = null where dossier_id = $1 and salt is not null', [dossierId]);
  if (!with_subject) return;
  await tx.query('delete from page_subject where subject_id = $1', [subject_id]);
  await tx.query('delete from subject where id = $1', [subject_id]);
}

/** Goes on with destructions that a process left begun; how many. Only for the process that holds the archive. */
export async function finishDestructions(archive: Archive): Promise<number> {
  const rows = await archive.db
    .system('destruction')
    .query<{ dossier_id: string }>('select dossier_id from destruction where done_at_ms is null order by intended_at_ms');
  for (const { dossier_id } of rows) await runDestruction(archive, dossier_id);
  return rows.length;
}

/** A line of the register of destructions (销毁清册), kept for ever. */
export interface DestructionLine {
  readonly dossierId: string;
  readonly code: string;
  readonly category: string;
  readonly ground: string;
  /** Null: destroyed again after a restore. */
  readonly approvedBy: string | null;
  readonly secondBy: string | null;
  readonly repeatedBy: 'log' | 'keys' | null;
  readonly intendedAtMs: number;
  readonly doneAtMs: number | null;
  readonly pages: number;
  readonly objects: number;
  /** From this day on no key backup of the usual age can hold the key. */
  readonly backupsUntilMs: number;
}
