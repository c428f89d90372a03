import type { ConsultationRight, Purpose } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import { PURPOSE, type Sealer } from '../archive/index.ts';
import { type Desk, type DeskTx, type Scope, scopeSql } from '../desk/index.ts';

/** Where a consultation stands: docs/spec/consultation.md. */
export type ConsultationState = 'requested' | 'approved' | 'open' | 'refused' | 'withdrawn' | 'ended' | 'expired';

/** States out of which time alone leads. */
export const UNSETTLED: readonly ConsultationState[] = ['requested', 'approved', 'open'];

/** A signature on paper that the form bears: whose, and the day. */
export interface LeaderSignature {
  readonly name: string;
  /** `2026-11-22`. */
  readonly signedOn: string;
}

/** The words of 查（借）阅审批表. Source: domain/rules.md §1.1.5. */
export interface ConsultationRequest {
  readonly unitName: string;
  readonly letterNo: string;
  readonly reason: string;
  /** Which classes or materials; empty: the whole dossier. */
  readonly contents: string;
  readonly leader: LeaderSignature;
}

/** The words of a decision. */
export interface ConsultationDecision {
  /** The opinion, or why it was refused. */
  readonly words: string;
  readonly leader: LeaderSignature | null;
}

/** The row of a consultation, for what decides upon it. */
export interface ConsultationRow {
  readonly id: string;
  readonly fonds_id: string;
  readonly dossier_id: string | null;
  readonly subject_id: string | null;
  readonly unit_id: string | null;
  readonly rights: ConsultationRight[];
  readonly purposes: Purpose[];
  readonly audiences: string[];
  readonly from_ms: number;
  readonly until_ms: number;
  readonly state: ConsultationState;
  readonly request: Uint8Array | null;
  readonly decision: Uint8Array | null;
  readonly made_by: string;
  readonly created_at_ms: number;
  readonly decided_by: string | null;
  readonly decided_at_ms: number | null;
}

/** The columns of {@link ConsultationRow}, of `consultation c`. */
export const CONSULTATION_COLUMNS = `c.id, c.fonds_id, c.dossier_id, c.subject_id, c.unit_id, c.rights, c.purposes, c.audiences, c.from_ms, c.until_ms,
  c.state, c.request, c.decision, c.made_by, c.created_at_ms, c.decided_by, c.decided_at_ms`;

const AUDIT_KEY = { kind: 'purpose', id: PURPOSE.audit } as const;
const place = (column: 'request' | 'decision', rowId: string) => ({ table: 'consultation', column, rowId, version: 1 });

/** Seals words of a consultation: under the audit key, for a unit has no key of its own. */
export const sealWords = (
  sealer: Sealer,
  column: 'request' | 'decision',
  id: string,
  words: ConsultationRequest | ConsultationDecision,
): Uint8Array => sealer.seal(AUDIT_KEY, place(column, id), JSON.stringify(words)) as Uint8Array;

/** Opens what {@link sealWords} sealed; null when there are none. @throws ArchiveError `column/corrupt` (corruption) */
export const openWords = <T extends ConsultationRequest | ConsultationDecision>(
  sealer: Sealer,
  column: 'request' | 'decision',
  row: Pick<ConsultationRow, 'id' | 'request' | 'decision'>,
): T | null => {
  const sealed = row[column];
  return sealed ? (JSON.parse(sealer.get(AUDIT_KEY, place(column, row.id), sealed)) as T) : null;
};

/** What is to be named. */
export interface ConsultationTarget {
  readonly kind: 'dossier' | 'unit';
  readonly id: string;
}

/**
 * The fonds of a target that an actor reaches by the action of this scope.
 * @param audiences sealed categories that it opens beside: only of the dossier's own category, whose audience the actor then is
 * @throws ArchiveError `dossier/not-found`, `unit/not-found`, `consultation/audience` (caller)
 */
export async function getFondsOfTarget(
  tx: Pick<DeskTx, 'one'>,
  scope: Scope,
  target: ConsultationTarget,
  audiences: readonly string[],
): Promise<string> {
  if (target.kind === 'dossier') {
    const seen = scopeSql(scope, 'd', 2);
    const row = await tx.one<{ fonds_id: string; category: string }>(
      `select d.fonds_id, d.category from dossier d where d.id = $1 and ${seen.sql}`,
      [target.id, ...seen.params],
    );
    if (!row) throw new ArchiveError('dossier/not-found', 'caller');
    // Whoever sees a sealed dossier here is of its audience; another category cannot be opened beside it.
    if (audiences.some((category) => category !== row.category)) throw new ArchiveError('consultation/audience', 'caller');
    return row.fonds_id;
  }
  if (audiences.length) throw new ArchiveError('consultation/audience', 'caller');
  const row = await tx.one<{ fonds_id: string }>('select fonds_id from unit where id = $1', [target.id]);
  if (!row || !reachesUnit(scope, row.fonds_id, target.id)) throw new ArchiveError('unit/not-found', 'caller');
  return row.fonds_id;
}

/** Whether a scope takes in a whole unit. */
export const reachesUnit = (scope: Scope, fondsId: string, unitId: string): boolean =>
  scope.clauses.some((c) => (c.fondsIds === 'all' || c.fondsIds.includes(fondsId)) && (c.units === 'all' || c.units.ids.includes(unitId)));

/** The target of a row; a consultation of a subject names each dossier of it. */
export const targetOf = (
  row: Pick<ConsultationRow, 'dossier_id' | 'subject_id' | 'unit_id'>,
): { kind: 'dossier' | 'subject' | 'unit'; id: string } =>
  row.dossier_id
    ? { kind: 'dossier', id: row.dossier_id }
    : row.subject_id
      ? { kind: 'subject', id: row.subject_id }
      : { kind: 'unit', id: row.unit_id ?? '' };

/** Which of these rows an actor reaches by the action of a scope. */
export async function reachedRows(desk: Desk, scope: Scope, rows: readonly ConsultationRow[]): Promise<ReadonlySet<string>> {
  const reached = new Set(rows.filter((row) => row.unit_id && reachesUnit(scope, row.fonds_id, row.unit_id)).map((row) => row.id));
  const named = rows.filter((row) => !row.unit_id);
  if (!named.length) return reached;
  const seen = scopeSql(scope, 'd', 3);
  const found = await desk.sql.query<{ id: string; subject_id: string }>(
    `select d.id, d.subject_id from dossier d where (d.id = any($1::uuid[]) or d.subject_id = any($2::uuid[])) and ${seen.sql}`,
    [named.flatMap((row) => row.dossier_id ?? []), named.flatMap((row) => row.subject_id ?? []), ...seen.params],
  );
  const ids = new Set(found.flatMap((d) => [d.id, d.subject_id]));
  for (const row of named) if (ids.has(row.dossier_id ?? row.subject_id ?? '')) reached.add(row.id);
  return reached;
}

/** Of `account a`: in use, and a reader by its own post or a further one. */
export const IS_READER = `not a.disabled and (a.role = 'reader' or exists (
  select 1 from post p where p.account_id = a.id and p.role = 'reader' and p.ended_at_ms is null))`;

/** Each of them may be named as a reader, and once. @throws ArchiveError `consultation/readers`, `consultation/not-a-reader` (caller) */
export async function checkReaders(tx: DeskTx, ids: readonly string[]): Promise<void> {
  if (!ids.length || new Set(ids).size !== ids.length) throw new ArchiveError('consultation/readers', 'caller');
  const found = await tx.query<{ id: string }>(`select a.id from account a where a.id = any($1::uuid[]) and ${IS_READER}`, [ids]);
  if (found.length !== ids.length) throw new ArchiveError('consultation/not-a-reader', 'caller');
}

/**
 * Whether two accounts, SQL of their ids, are one person's: the same, under one holder's token, or tied to one subject.
 */
export const samePersonSql = (one: string, other: string): string => `(${one} = ${other}
  or exists (select 1 from account a join account b on a.holder_token = b.holder_token where a.id = ${one} and b.id = ${other})
  or exists (select 1 from subject_tie s join subject_tie t on s.subject_id = t.subject_id where s.account_id = ${one} and t.account_id = ${other}))`;
