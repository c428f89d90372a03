import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type Desk, type DeskTx, deskTx, scopeFonds } from '../desk/index.ts';
import { type Kept, keepDoing } from '../jobs/index.ts';
import { type ConsultationState, UNSETTLED } from './consultation-rows.ts';

/** A reader who signed in for a consultation is there for a working morning or afternoon. */
const PRESENT_MS = 4 * 60 * 60_000;

/**
 * A reader signs in for a consultation and states that nobody it names is a relative (查阅人到场并声明非亲属). Both are one entry; when with this
 * reader everybody is there whom it takes, that it is open is another.
 * @throws ArchiveError `consultation/not-found`, `consultation/undecided`, `consultation/over` (caller)
 */
export async function attendConsultation(archive: Archive, desk: Desk, consultationId: string): Promise<{ presentUntilMs: number }> {
  const { accountId } = desk.actor;
  return archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, accountId, desk.purpose);
    const row = await tx.one<{ dossier_id: string | null; until_ms: number; state: ConsultationState }>(
      `select c.dossier_id, c.until_ms, c.state from consultation c join consultation_reader r on r.consultation_id = c.id
       where c.id = $1 and r.account_id = $2 for no key update of c, r`,
      [consultationId, accountId],
    );
    if (!row) throw new ArchiveError('consultation/not-found', 'caller');
    const nowMs = archive.clock.nowMs();
    if (row.state === 'requested') throw new ArchiveError('consultation/undecided', 'caller');
    if ((row.state !== 'approved' && row.state !== 'open') || row.until_ms <= nowMs) throw new ArchiveError('consultation/over', 'caller');
    const presentUntilMs = Math.min(nowMs + PRESENT_MS, row.until_ms);
    const of = { objectId: consultationId, ...(row.dossier_id ? { dossierId: row.dossier_id } : {}) };
    const entryId = archive.clock.newId();
    const changed = [await tx.watch('consultation', [consultationId])];
    await tx.query(
      'update consultation_reader set present_until_ms = $3, statement_entry_id = $4 where consultation_id = $1 and account_id = $2',
      [consultationId, accountId, presentUntilMs, entryId],
    );
    await tx.log({ id: entryId, kind: 'consultation.attended', ...of, params: { related: 0, until: presentUntilMs }, changed });
    if (row.state === 'approved') await openWhenTogether(tx, of, nowMs);
    return { presentUntilMs };
  });
}

/** Two readers, or the only one that is named: with them it is open. What it opens to whom, the policy says. */
async function openWhenTogether(tx: DeskTx, of: { objectId: string; dossierId?: string }, nowMs: number): Promise<void> {
  const counts = await tx.one<{ named: number; present: number }>(
    `select count(*)::int as named, (count(*) filter (where present_until_ms > $2 and statement_entry_id is not null))::int as present
     from consultation_reader where consultation_id = $1`,
    [of.objectId, nowMs],
  );
  if (!counts || counts.present < Math.min(2, counts.named)) return;
  const changed = [await tx.watch('consultation', [of.objectId])];
  await tx.query(`update consultation set state = 'open' where id = $1`, [of.objectId]);
  await tx.log({ kind: 'consultation.opened', ...of, params: { present: counts.present, readers: counts.named }, changed });
}

/**
 * Ends one that was approved; from the next request on it opens nothing. What only waits is refused or withdrawn instead.
 * @throws ArchiveError `consultation/not-found` (caller)
 */
export function endConsultation(desk: Desk, consultationId: string): Promise<void> {
  return desk.act('grant.end', async (tx, scope) => {
    const fonds = scopeFonds(scope);
    const changed = [await tx.watch('consultation', [consultationId])];
    const rows = await tx.query<{ dossier_id: string | null }>(
      `update consultation set state = 'ended', ended_at_ms = $2
       where id = $1 and state in ('approved', 'open') and ($3::uuid[] is null or fonds_id = any($3)) returning dossier_id`,
      [consultationId, desk.clock.nowMs(), fonds === 'all' ? null : fonds],
    );
    if (!rows[0]) throw new ArchiveError('consultation/not-found', 'caller');
    await tx.log({
      kind: 'consultation.ended',
      objectId: consultationId,
      ...(rows[0].dossier_id ? { dossierId: rows[0].dossier_id } : {}),
      changed,
    });
  });
}

const EXPIRE_MAX = 200;

/**
 * Writes down that the time of consultations is over, asked for or approved. Nothing rests on it: by its time alone each opens nothing any more.
 * Returns how many.
 */
export async function expireConsultations(archive: Pick<Archive, 'db' | 'clock' | 'sealer'>): Promise<number> {
  return archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'administration');
    const nowMs = archive.clock.nowMs();
    const rows = await tx.query<{ id: string; dossier_id: string | null; state: ConsultationState }>(
      `select id, dossier_id, state from consultation where state = any($2::text[]) and until_ms <= $1
       order by id limit ${EXPIRE_MAX} for no key update skip locked`,
      [nowMs, UNSETTLED],
    );
    for (const row of rows) {
      const changed = [await tx.watch('consultation', [row.id])];
      await tx.query(`update consultation set state = 'expired', ended_at_ms = $2 where id = $1`, [row.id, nowMs]);
      await tx.log({
        kind: 'consultation.expired',
        objectId: row.id,
        ...(row.dossier_id ? { dossierId: row.dossier_id } : {}),
        params: { was: row.state },
        changed,
      });
    }
    return rows.length;
  });
}

/** How often it is looked whose time is over: a minute late is early enough for a register. */
const LOOK_MS = 60_000;

/**
 * Does so again and again while the process lives.
 * @param onFault the database failed, by code; the next look tries again
 */
export function keepConsultations(
  archive: Pick<Archive, 'db' | 'clock' | 'sealer'>,
  { lookMs = LOOK_MS, onFault }: { readonly lookMs?: number; readonly onFault: (code: string) => void },
): Kept {
  return keepDoing(() => expireConsultations(archive), { restMs: lookMs, failed: 'consultation/expiry-failed', onFault });
}
