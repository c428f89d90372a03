import type { ConsultationRight, Purpose } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import { accountNames } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { type Desk, scopeFonds } from '../desk/index.ts';
import {
  CONSULTATION_COLUMNS,
  type ConsultationDecision,
  type ConsultationRequest,
  type ConsultationRow,
  type ConsultationState,
  openWords,
  reachedRows,
  samePersonSql,
  targetOf,
  UNSETTLED,
} from './consultation-rows.ts';

/** A consultation as it is listed. */
export interface Consultation {
  readonly id: string;
  readonly state: ConsultationState;
  readonly target: { readonly kind: 'dossier' | 'subject' | 'unit'; readonly id: string; readonly code: string };
  readonly rights: ConsultationRight[];
  readonly purposes: Purpose[];
  readonly audiences: string[];
  readonly fromMs: number;
  readonly untilMs: number;
  readonly endedAtMs: number | null;
  readonly askedBy: string;
  readonly askedByName: string;
  readonly askedAtMs: number;
  readonly decidedBy: string | null;
  readonly decidedByName: string;
  readonly decidedAtMs: number | null;
  /** Asked for by the account that lists. */
  readonly isOwn: boolean;
  /** Waits, and the account that lists may approve or refuse it. */
  readonly mayDecide: boolean;
  /** The account that lists may read the words of request and decision. */
  readonly mayRead: boolean;
  readonly readers: { accountId: string; name: string; partyMember: boolean; presentUntilMs: number; stated: boolean }[];
}

/** A row as the list and the form show it. */
export interface ListedRow extends ConsultationRow {
  readonly code: string;
  readonly ended_at_ms: number | null;
  readonly readers: { accountId: string; partyMember: boolean; presentUntilMs: number; stated: boolean; isSelf: boolean }[];
  readonly asked_by_self: boolean;
}

/** $1 the account. `isSelf` and `asked_by_self`: the same person, under whichever account. */
export const LISTED = `select ${CONSULTATION_COLUMNS}, c.ended_at_ms,
   coalesce((select code from dossier where id = c.dossier_id), (select code from unit where id = c.unit_id),
     (select min(code) from dossier where subject_id = c.subject_id and fonds_id = c.fonds_id), '') as code,
   ${samePersonSql('$1::uuid', 'c.made_by')} as asked_by_self,
   (select json_agg(json_build_object('accountId', r.account_id, 'partyMember', r.party_member, 'presentUntilMs', r.present_until_ms,
      'stated', r.statement_entry_id is not null,
      'isSelf', ${samePersonSql('$1::uuid', 'r.account_id')})
      order by r.account_id) from consultation_reader r where r.consultation_id = c.id) as readers
 from consultation c`;

const LIST_MAX = 200;

/** Those one asked for or is a reader of, and those of the fonds for whoever may end them; newest first. Readers are told what was approved. */
export async function listConsultations(archive: Archive, desk: Desk): Promise<Consultation[]> {
  const { accountId } = desk.actor;
  const fonds = desk.may('grant.end') ? scopeFonds(desk.scope('grant.end')) : [];
  const rows = await archive.db.system('registers').query<ListedRow>(
    `${LISTED}
     where $2::uuid[] is null or c.fonds_id = any($2) or c.made_by = $1 or (c.state not in ('requested', 'refused', 'withdrawn')
       and exists (select 1 from consultation_reader r where r.consultation_id = c.id and r.account_id = $1))
     order by c.id desc limit ${LIST_MAX}`,
    [accountId, fonds === 'all' ? null : fonds],
  );
  const reached = desk.may('grant.make') ? await reachedRows(desk, desk.scope('grant.make'), rows) : new Set<string>();
  const ids = rows.flatMap((r) => [r.made_by, r.decided_by ?? [], ...r.readers.map((reader) => reader.accountId)].flat());
  const names = await accountNames(archive, archive.db, ids);
  const nowMs = archive.clock.nowMs();
  return rows.map((row) => lineOf(row, { accountId, nowMs, isReached: reached.has(row.id), nameOf: (id) => names.get(id ?? '') ?? '' }));
}

function lineOf(
  r: ListedRow,
  by: { accountId: string; nowMs: number; isReached: boolean; nameOf: (id: string | null) => string },
): Consultation {
  const state = UNSETTLED.includes(r.state) && r.until_ms <= by.nowMs ? 'expired' : r.state;
  const isOwn = r.made_by === by.accountId;
  const isParty = r.asked_by_self || r.readers.some((reader) => reader.isSelf);
  return {
    id: r.id,
    state,
    target: { ...targetOf(r), code: r.code },
    rights: r.rights,
    purposes: r.purposes,
    audiences: r.audiences,
    fromMs: r.from_ms,
    untilMs: r.until_ms,
    endedAtMs: r.ended_at_ms,
    askedBy: r.made_by,
    askedByName: by.nameOf(r.made_by),
    askedAtMs: r.created_at_ms,
    decidedBy: r.decided_by,
    decidedByName: by.nameOf(r.decided_by),
    decidedAtMs: r.decided_at_ms,
    isOwn,
    mayDecide: state === 'requested' && by.isReached && !isParty,
    mayRead: r.request !== null && (isOwn || by.isReached),
    readers: r.readers.map(({ isSelf: _, ...reader }) => ({ ...reader, name: by.nameOf(reader.accountId) })),
  };
}

/**
 * One consultation for who asked for it or may approve it, whoever else asks is told that there is none.
 * @throws ArchiveError `consultation/not-found` (caller)
 */
export async function getOwnOrReached(archive: Archive, desk: Desk, consultationId: string): Promise<ListedRow> {
  const row = await archive.db.system('registers').one<ListedRow>(`${LISTED} where c.id = $2`, [desk.actor.accountId, consultationId]);
  const isTold =
    row &&
    (row.made_by === desk.actor.accountId ||
      (desk.may('grant.make') && (await reachedRows(desk, desk.scope('grant.make'), [row])).has(row.id)));
  if (!isTold) throw new ArchiveError('consultation/not-found', 'caller');
  return row;
}

/**
 * The words of a request and of its decision; an entry.
 * @throws ArchiveError `consultation/not-found` (caller)
 */
export async function readConsultationRequest(
  archive: Archive,
  desk: Desk,
  consultationId: string,
): Promise<{ request: ConsultationRequest | null; decision: ConsultationDecision | null }> {
  desk.scope('grant.ask');
  const row = await getOwnOrReached(archive, desk, consultationId);
  return desk.act('grant.ask', async (tx) => {
    await tx.log({
      kind: 'consultation.request-read',
      objectId: consultationId,
      ...(row.dossier_id ? { dossierId: row.dossier_id } : {}),
    });
    return {
      request: openWords<ConsultationRequest>(archive.sealer, 'request', row),
      decision: openWords<ConsultationDecision>(archive.sealer, 'decision', row),
    };
  });
}
