import { endOfWorkingDay } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { onlyStandardInForce } from '../catalogue/index.ts';
import { type Desk, type DeskTx, scopeSql } from '../desk/index.ts';
import type { RequestKind } from './law.ts';
import { readLimit } from './limits.ts';
import { addStep, placeOf, type RequestRow, type RequestState, type RequestStep, readSteps, requestScopeSql } from './request-rows.ts';

/** What a person asks for, as it is received. */
export interface NewRequest {
  readonly dossierId: string;
  readonly kind: RequestKind;
  /** What is asked, in the person's words. */
  readonly text: string;
  /** Of a correction: what proves it, with number of sheets. */
  readonly evidence?: string | undefined;
}

/** A request (权利请求) as it is listed. */
export interface SubjectRequest {
  readonly id: string;
  readonly dossierId: string;
  /** Archival code; of a destroyed dossier the one it had. */
  readonly dossierCode: string | null;
  readonly category: string;
  readonly kind: RequestKind;
  readonly state: RequestState;
  readonly way: 'desk' | 'account';
  readonly receivedAtMs: number;
  readonly dueAtMs: number;
  /** Years of which the calendar knew nothing when the limit was reckoned: weekends alone were counted there. */
  readonly yearsWithoutCalendar: readonly number[];
  readonly isOverdue: boolean;
  readonly extended: boolean;
  readonly ground: string | null;
  readonly decidedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** The account is the subject, or made the request for itself. */
  readonly isOwn: boolean;
  /** The account may decide upon it. */
  readonly mayAnswer: boolean;
  /** Of a deletion: who approved first, so that another does the second. */
  readonly approvedBy: string | null;
  readonly steps: readonly RequestStep[];
}

const OPEN: readonly RequestState[] = ['received', 'granted'];

/**
 * Receives a request (受理): from the person's own account, or at the desk by an archivist. It is due after the archive's working days.
 * @throws ArchiveError `dossier/not-found`, `subject-request/not-a-person`, `subject-request/evidence-needed`, `subject-request/open` (caller)
 */
export async function makeRequest(archive: Archive, desk: Desk, input: NewRequest): Promise<string> {
  if (input.kind === 'correct' && !input.evidence?.trim()) throw new ArchiveError('subject-request/evidence-needed', 'caller');
  return desk.act('rights.exercise', async (tx, scope) => {
    const seen = scopeSql(scope, 'd', 2);
    const d = await tx.one<Pick<RequestRow, 'fonds_id' | 'unit_id' | 'category' | 'level' | 'subject_id'> & { subject_kind: string }>(
      `select d.fonds_id, d.unit_id, d.category, d.level, d.subject_id, s.kind as subject_kind
       from dossier d join subject s on s.id = d.subject_id where d.id = $1 and ${seen.sql} for share of d`,
      [input.dossierId, ...seen.params],
    );
    if (!d) throw new ArchiveError('dossier/not-found', 'caller');
    if (d.subject_kind !== 'person') throw new ArchiveError('subject-request/not-a-person', 'caller');
    const open = await tx.query('select 1 from subject_request where dossier_id = $1 and kind = $2 and state = any($3::text[])', [
      input.dossierId,
      input.kind,
      OPEN,
    ]);
    if (open.length) throw new ArchiveError('subject-request/open', 'caller');
    const id = desk.clock.newId();
    const nowMs = desk.clock.nowMs();
    const way = (await isOwnSubject(tx, desk, d.subject_id)) ? 'account' : 'desk';
    const calendar = await onlyStandardInForce(tx, archive, 'calendar');
    const due = endOfWorkingDay(nowMs, await readLimit(tx, 'answerWorkingDays'), desk.utcOffsetMinutes, calendar);
    const text = input.evidence?.trim() ? `${input.text}\n\n${input.evidence.trim()}` : input.text;
    const place = { fondsId: d.fonds_id, unitId: d.unit_id, category: d.category, level: d.level };
    await addStep(
      tx,
      desk,
      { id, dossier_id: input.dossierId, kind: input.kind, place },
      { kind: 'received', text, params: { way, due: due.endMs, calendar: calendar.version } },
      async (entryId) => {
        await tx.query(
          `insert into subject_request (id, fonds_id, unit_id, category, level, dossier_id, subject_id, kind, state, way, received_at_ms, due_at_ms, made_by, entry_id,
             years_without_calendar)
           values ($1, $2, $3, $4, $5, $6, $7, $8, 'received', $9, $10, $11, $12, $13, $14)`,
          [
            id,
            d.fonds_id,
            d.unit_id,
            d.category,
            d.level,
            input.dossierId,
            d.subject_id,
            input.kind,
            way,
            nowMs,
            due.endMs,
            desk.actor.accountId,
            entryId,
            due.yearsWithoutCalendar,
          ],
        );
      },
    );
    return id;
  });
}

/** Whether the account is this subject, or one with the same number in the same fonds. */
async function isOwnSubject(tx: DeskTx, desk: Desk, subjectId: string): Promise<boolean> {
  const row = await tx.one(
    `select 1 as one from subject_tie t join subject m on m.id = t.subject_id join subject s on s.id = $2
     where t.account_id = $1 and (m.id = s.id or (m.fonds_id = s.fonds_id and m.id_number_token = s.id_number_token)) limit 1`,
    [desk.actor.accountId, subjectId],
  );
  return row !== null;
}

const LIST_MAX = 500;

/** Requests: the own, and those one may answer; the open ones first, soonest due on top. One entry. */
export async function listRequests(
  archive: Archive,
  desk: Desk,
  filter: { readonly states?: readonly RequestState[] | undefined; readonly requestId?: string | undefined } = {},
): Promise<SubjectRequest[]> {
  const none = { sql: 'false', params: [] as unknown[] };
  const answers = desk.may('rights.answer') ? requestScopeSql(desk.scope('rights.answer'), 5) : none;
  return desk.tx(async (tx) => {
    const rows = await tx.query<RequestRow & { code: string | null; approved_by: string | null; own: boolean; answers: boolean }>(
      `select * from (select q.*, coalesce(d.code, x.code) as code,
         (select actor_id from subject_request_step s where s.request_id = q.id and s.kind = 'granted') as approved_by,
         (q.way = 'account' and q.made_by = $1) or exists (select 1 from subject_tie t where t.account_id = $1 and t.subject_id = q.subject_id) as own,
         ${answers.sql} as answers
       from subject_request q left join dossier d on d.id = q.dossier_id left join destruction x on x.dossier_id = q.dossier_id
       where ($2::text[] is null or q.state = any($2)) and ($3::uuid is null or q.id = $3)) l
       where own or answers order by (state = any($4::text[])) desc, case when state = any($4) then due_at_ms else -received_at_ms end, id limit ${LIST_MAX}`,
      [desk.actor.accountId, filter.states?.length ? filter.states : null, filter.requestId ?? null, OPEN, ...answers.params],
    );
    const steps = await readSteps(tx, archive, rows);
    await tx.log({ kind: 'subject-requests.listed', params: { count: rows.length } });
    const nowMs = archive.clock.nowMs();
    return rows.map((r) => ({
      id: r.id,
      dossierId: r.dossier_id,
      dossierCode: r.code,
      category: r.category,
      kind: r.kind,
      state: r.state,
      way: r.way,
      receivedAtMs: r.received_at_ms,
      dueAtMs: r.due_at_ms,
      yearsWithoutCalendar: r.years_without_calendar,
      isOverdue: r.state === 'received' && r.due_at_ms <= nowMs,
      extended: r.extended,
      ground: r.ground,
      decidedAtMs: r.decided_at_ms,
      endedAtMs: r.ended_at_ms,
      isOwn: r.own,
      mayAnswer: r.answers,
      approvedBy: r.kind === 'delete' ? r.approved_by : null,
      steps: steps.get(r.id) ?? [],
    }));
  });
}

/** The person takes a request back before it is done. @throws ArchiveError `subject-request/not-found`, `subject-request/state` (caller) */
export function withdrawRequest(archive: Archive, desk: Desk, requestId: string): Promise<void> {
  const { accountId } = desk.actor;
  return desk.tx(async (tx) => {
    const row = await tx.one<RequestRow>(`select * from subject_request where id = $1 and way = 'account' and made_by = $2 for update`, [
      requestId,
      accountId,
    ]);
    if (!row) throw new ArchiveError('subject-request/not-found', 'caller');
    if (row.state !== 'received') throw new ArchiveError('subject-request/state', 'caller', { state: row.state });
    await tx.query(`update subject_request set state = 'withdrawn', ended_at_ms = $2, version = version + 1 where id = $1`, [
      requestId,
      archive.clock.nowMs(),
    ]);
    await addStep(tx, desk, { ...row, place: placeOf(row) }, { kind: 'withdrawn', text: null });
  });
}
