import { ArchiveError } from '@lantai/values';
import type { Archive, Place } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { type Desk, type DeskTx, type Scope, scopeSql } from '../desk/index.ts';
import type { RequestKind } from './law.ts';

export type RequestState = 'received' | 'granted' | 'refused' | 'done' | 'withdrawn';
export type StepKind = 'received' | 'extended' | 'granted' | 'refused' | 'fulfilled' | 'approved' | 'withdrawn';

/** A request's row. */
export interface RequestRow {
  readonly id: string;
  readonly fonds_id: string;
  readonly unit_id: string;
  readonly category: string;
  readonly level: number;
  readonly dossier_id: string;
  readonly subject_id: string;
  readonly kind: RequestKind;
  readonly state: RequestState;
  readonly way: 'desk' | 'account';
  readonly received_at_ms: number;
  readonly due_at_ms: number;
  readonly years_without_calendar: number[];
  readonly extended: boolean;
  readonly made_by: string;
  readonly ground: string | null;
  readonly decided_by: string | null;
  readonly decided_at_ms: number | null;
  readonly ended_at_ms: number | null;
  /** Of a deletion after its retention: when that ended. */
  readonly retained_until_ms: number | null;
  readonly version: number;
}

/** A request's step as it is shown; the words are null once the dossier's key is destroyed. */
export interface RequestStep {
  readonly kind: StepKind;
  readonly text: string | null;
  readonly actorId: string;
  readonly atMs: number;
  readonly entryId: string;
}

/** Where the thing of a request lies now, or lay when it was made. */
export const placeOf = (r: RequestRow): Place => ({ fondsId: r.fonds_id, unitId: r.unit_id, category: r.category, level: r.level });

const textPlace = (stepId: string) => ({ table: 'subject_request_step', column: 'text', rowId: stepId, version: 1 });

/** Where a request lies: with its dossier, wherever that moved; after its destruction where it lay. */
export function requestScopeSql(scope: Scope, first: number): { sql: string; params: unknown[] } {
  const there = scopeSql(scope, 'd', first);
  const gone = scopeSql(scope, 'q', first + there.params.length);
  return {
    sql: `((d.id is not null and ${there.sql}) or (d.id is null and ${gone.sql}))`,
    params: [...there.params, ...gone.params],
  };
}

/**
 * Locks a request that this actor may answer. @throws ArchiveError `subject-request/not-found`, `subject-request/state` (caller)
 */
export async function lockRequest(tx: DeskTx, scope: Scope, requestId: string, states: readonly RequestState[]): Promise<RequestRow> {
  const seen = requestScopeSql(scope, 2);
  const row = await tx.one<RequestRow>(
    `select q.* from subject_request q left join dossier d on d.id = q.dossier_id where q.id = $1 and ${seen.sql} for update of q`,
    [requestId, ...seen.params],
  );
  if (!row) throw new ArchiveError('subject-request/not-found', 'caller');
  if (!states.includes(row.state)) throw new ArchiveError('subject-request/state', 'caller', { state: row.state });
  return row;
}

/** Adds a step with its entry; the words are sealed under the dossier's key. Returns the entry's id. */
export async function addStep(
  tx: DeskTx,
  desk: Desk,
  request: Pick<RequestRow, 'id' | 'dossier_id' | 'kind'> & { place: Place },
  step: { kind: StepKind; text: string | null; params?: Readonly<Record<string, string | number>> },
  insertRequest?: (entryId: string) => Promise<void>,
): Promise<string> {
  const entryId = await tx.log({
    kind: `subject-request.${step.kind}`,
    place: request.place,
    dossierId: request.dossier_id,
    objectId: request.id,
    params: { ...step.params, kind: request.kind },
  });
  await insertRequest?.(entryId);
  const id = desk.clock.newId();
  await tx.query(
    'insert into subject_request_step (id, request_id, kind, text, actor_id, at_ms, entry_id) values ($1, $2, $3, $4, $5, $6, $7)',
    [
      id,
      request.id,
      step.kind,
      desk.sealer.seal({ kind: 'dossier', id: request.dossier_id }, textPlace(id), step.text),
      desk.actor.accountId,
      desk.clock.nowMs(),
      entryId,
    ],
  );
  return entryId;
}

/** The steps of requests, in order, with their words opened. */
export async function readSteps(sql: Sql, archive: Archive, rows: readonly RequestRow[]): Promise<Map<string, RequestStep[]>> {
  const dossierOf = new Map(rows.map((r) => [r.id, r.dossier_id]));
  const steps = await sql.query<{
    id: string;
    request_id: string;
    kind: StepKind;
    text: Uint8Array | null;
    actor_id: string;
    at_ms: number;
    entry_id: string;
  }>(
    'select id, request_id, kind, text, actor_id, at_ms, entry_id from subject_request_step where request_id = any($1::uuid[]) order by id',
    [rows.map((r) => r.id)],
  );
  const byRequest = new Map<string, RequestStep[]>(rows.map((r) => [r.id, []]));
  for (const s of steps) {
    const dossierId = dossierOf.get(s.request_id) ?? '';
    const isGone = archive.keys.isDestroyed('dossier', dossierId);
    const text = isGone ? null : archive.sealer.open({ kind: 'dossier', id: dossierId }, textPlace(s.id), s.text);
    byRequest.get(s.request_id)?.push({ kind: s.kind, text, actorId: s.actor_id, atMs: s.at_ms, entryId: s.entry_id });
  }
  return byRequest;
}
