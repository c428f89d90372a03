import { ArchiveError } from '@lantai/values';
import type { Desk, DeskTx, Scope } from '../desk/index.ts';
import {
  CONSULTATION_COLUMNS,
  type ConsultationDecision,
  type ConsultationRow,
  checkReaders,
  getFondsOfTarget,
  type LeaderSignature,
  samePersonSql,
  sealWords,
  targetOf,
} from './consultation-rows.ts';

/**
 * Approves what somebody else asked for (审批查阅). It is given away within the own reach alone, never to oneself, a sealed category only from
 * inside its audience. What was to begin by now begins now and lasts as long as was asked.
 * @throws ArchiveError `consultation/not-found`, `consultation/decided`, `consultation/over`, `consultation/own`, `consultation/not-a-reader`,
 *   `dossier/not-found`, `unit/not-found` (caller)
 */
export function approveConsultation(
  desk: Desk,
  consultationId: string,
  { opinion, leader }: { readonly opinion: string; readonly leader: LeaderSignature | null },
): Promise<void> {
  return desk.act('grant.make', async (tx, scope) => {
    const { row, readerIds } = await getDecidable(desk, tx, scope, consultationId);
    await checkReaders(tx, readerIds);
    const delayMs = Math.max(0, desk.clock.nowMs() - row.from_ms);
    await decide(desk, tx, row, {
      state: 'approved',
      kind: 'consultation.approved',
      words: { words: opinion, leader },
      times: { fromMs: row.from_ms + delayMs, untilMs: row.until_ms + delayMs },
      params: { readers: readerIds.length, rights: row.rights.join('+'), until: row.until_ms + delayMs, asker: row.made_by },
    });
  });
}

/** Refuses it, and says why. @throws ArchiveError as {@link approveConsultation} */
export function refuseConsultation(desk: Desk, consultationId: string, { reason }: { readonly reason: string }): Promise<void> {
  return desk.act('grant.make', async (tx, scope) => {
    const { row } = await getDecidable(desk, tx, scope, consultationId);
    await decide(desk, tx, row, {
      state: 'refused',
      kind: 'consultation.refused',
      words: { words: reason, leader: null },
      times: { fromMs: row.from_ms, untilMs: row.until_ms },
      params: { asker: row.made_by },
    });
  });
}

/**
 * A request that waits, inside the reach, and not the own. INVARIANT: who asks, and who is to read, never decides, under another account neither:
 * a person is known by the holder's token and by the subject the accounts are tied to.
 */
async function getDecidable(
  desk: Desk,
  tx: DeskTx,
  scope: Scope,
  consultationId: string,
): Promise<{ row: ConsultationRow; readerIds: string[] }> {
  const row = await tx.one<ConsultationRow>(`select ${CONSULTATION_COLUMNS} from consultation c where c.id = $1 for no key update`, [
    consultationId,
  ]);
  if (!row) throw new ArchiveError('consultation/not-found', 'caller');
  const target = targetOf(row);
  if (target.kind === 'subject') throw new ArchiveError('consultation/not-found', 'caller');
  await getFondsOfTarget(tx, scope, { kind: target.kind, id: target.id }, row.audiences);
  if (row.state !== 'requested') throw new ArchiveError('consultation/decided', 'caller');
  if (row.until_ms <= desk.clock.nowMs()) throw new ArchiveError('consultation/over', 'caller');
  const readers = await tx.query<{ account_id: string }>('select account_id from consultation_reader where consultation_id = $1', [
    consultationId,
  ]);
  const readerIds = readers.map((reader) => reader.account_id);
  const self = await tx.one(`select 1 as one from unnest($2::uuid[]) as party(id) where ${samePersonSql('$1::uuid', 'party.id')}`, [
    desk.actor.accountId,
    [row.made_by, ...readerIds],
  ]);
  if (self) throw new ArchiveError('consultation/own', 'caller');
  return { row, readerIds };
}

interface Decision {
  readonly state: 'approved' | 'refused';
  readonly kind: string;
  readonly words: ConsultationDecision;
  readonly times: { readonly fromMs: number; readonly untilMs: number };
  readonly params: Readonly<Record<string, string | number>>;
}

async function decide(desk: Desk, tx: DeskTx, row: ConsultationRow, { state, kind, words, times, params }: Decision): Promise<void> {
  const { id } = row;
  const [entryId, nowMs] = [desk.clock.newId(), desk.clock.nowMs()];
  const changed = [await tx.watch('consultation', [id])];
  await tx.query(
    `update consultation set state = $2, decision = $3, decided_by = $4, decided_at_ms = $5, decision_entry_id = $6, from_ms = $7, until_ms = $8,
       ended_at_ms = $9 where id = $1`,
    [
      ...[id, state, sealWords(desk.sealer, 'decision', id, words), desk.actor.accountId, nowMs, entryId],
      ...[times.fromMs, times.untilMs, state === 'refused' ? nowMs : null],
    ],
  );
  await tx.log({ id: entryId, kind, objectId: id, ...(row.dossier_id ? { dossierId: row.dossier_id } : {}), params, changed });
}
