import { endOfWorkingDay } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { onlyStandardInForce } from '../catalogue/index.ts';
import type { Desk, DeskTx } from '../desk/index.ts';
import { checkDeletion, type DeletionTerms } from './deletion-terms.ts';
import type { RefusalGround } from './law.ts';
import { readLimit } from './limits.ts';
import { addStep, lockRequest, placeOf, type RequestRow, type RequestState } from './request-rows.ts';
import { restrictSubject } from './restrictions.ts';

/** What is decided; a refusal names its ground, both their reason (个人信息保护法第五十条). */
export type Decision =
  | { readonly decision: 'refused'; readonly ground: RefusalGround; readonly reason: string }
  | { readonly decision: 'granted'; readonly reason: string; readonly deletion?: DeletionTerms | undefined };

/**
 * Decides upon a request. Granted, a restriction is in force at once; a deletion waits for the second person; a correction is a task of the
 * archivist, for a request never edits a dossier; anything else waits until it was answered.
 * @throws ArchiveError `subject-request/not-found`, `subject-request/state`, `destruction/…` (caller)
 */
export function decideRequest(desk: Desk, requestId: string, decision: Decision): Promise<void> {
  return desk.act('rights.answer', async (tx, scope) => {
    const row = await lockRequest(tx, scope, requestId, ['received']);
    const request = { ...row, place: placeOf(row) };
    if (decision.decision === 'refused') {
      await settle(tx, desk, row, 'refused', decision.ground);
      await addStep(tx, desk, request, { kind: 'refused', text: decision.reason, params: { ground: decision.ground } });
      return;
    }
    const deletion = row.kind === 'delete' ? decision.deletion : undefined;
    const untilMs = row.kind === 'delete' ? await checkDeletion(tx, desk, row, deletion && { ...deletion, untilMs: null }) : null;
    await settle(tx, desk, row, row.kind === 'restrict' ? 'done' : 'granted', deletion?.ground ?? null, untilMs);
    await addStep(tx, desk, request, {
      kind: 'granted',
      text: decision.reason,
      ...(deletion ? { params: { ground: deletion.ground } } : {}),
    });
    if (row.kind === 'restrict') await restrictSubject(tx, desk, row);
  });
}

async function settle(
  tx: DeskTx,
  desk: Desk,
  row: RequestRow,
  state: RequestState,
  ground: string | null,
  untilMs: number | null = null,
): Promise<void> {
  const nowMs = desk.clock.nowMs();
  await tx.query(
    `update subject_request set state = $2, ground = $3, decided_by = $4, decided_at_ms = $5, ended_at_ms = $6, retained_until_ms = $7, version = version + 1 where id = $1`,
    [row.id, state, ground, desk.actor.accountId, nowMs, state === 'granted' ? null : nowMs, untilMs],
  );
}

/**
 * Puts the day of the answer off, once and before it has come, with the reason the person is told.
 * @throws ArchiveError `subject-request/not-found`, `subject-request/state`, `subject-request/extended` (caller)
 */
export function extendRequest(archive: Archive, desk: Desk, requestId: string, reason: string): Promise<{ dueAtMs: number }> {
  return desk.act('rights.answer', async (tx, scope) => {
    const row = await lockRequest(tx, scope, requestId, ['received']);
    if (row.extended || row.due_at_ms <= desk.clock.nowMs()) throw new ArchiveError('subject-request/extended', 'caller');
    const days = await readLimit(tx, 'extensionWorkingDays');
    // The end of a day is the first moment of the next: a millisecond before lies in the day that was due.
    const calendar = await onlyStandardInForce(tx, archive, 'calendar');
    const { endMs: dueAtMs, yearsWithoutCalendar } = endOfWorkingDay(row.due_at_ms - 1, days, desk.utcOffsetMinutes, calendar);
    const years = [...new Set([...row.years_without_calendar, ...yearsWithoutCalendar])].sort();
    await tx.query(
      'update subject_request set due_at_ms = $2, extended = true, years_without_calendar = $3, version = version + 1 where id = $1',
      [requestId, dueAtMs, years],
    );
    await addStep(
      tx,
      desk,
      { ...row, place: placeOf(row) },
      { kind: 'extended', text: reason, params: { due: dueAtMs, calendar: calendar.version } },
    );
    return { dueAtMs };
  });
}

/**
 * Records what was done upon a granted request: what was shown, copied or explained, or what the archivist found and changed in the course
 * of the archive's own work.
 * @throws ArchiveError `subject-request/not-found`, `subject-request/state`, `subject-request/not-by-result` (caller) for a deletion
 */
export function fulfilRequest(desk: Desk, requestId: string, result: string): Promise<void> {
  return desk.act('rights.answer', async (tx, scope) => {
    const row = await lockRequest(tx, scope, requestId, ['granted']);
    if (row.kind === 'delete') throw new ArchiveError('subject-request/not-by-result', 'caller');
    await tx.query(`update subject_request set state = 'done', ended_at_ms = $2, version = version + 1 where id = $1`, [
      requestId,
      desk.clock.nowMs(),
    ]);
    await addStep(tx, desk, { ...row, place: placeOf(row) }, { kind: 'fulfilled', text: result });
  });
}

/** Whether an archive holds open requests beyond their day: for the overview and `lantai requests`. */
export async function countOverdue(archive: Archive): Promise<number> {
  const row = await archive.db
    .system('queue-counts')
    .one<{ n: number }>(`select count(*)::int as n from subject_request where state = 'received' and due_at_ms <= $1`, [
      archive.clock.nowMs(),
    ]);
  return row?.n ?? 0;
}
