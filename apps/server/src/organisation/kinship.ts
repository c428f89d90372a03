import { ArchiveError } from '@lantai/values';
import { accountNames } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { type Desk, type DeskTx, madeObjects, scopeSql } from '../desk/index.ts';
import { subjectOf } from './people.ts';

export type Relation = 'spouse' | 'parent' | 'child' | 'sibling' | 'other';

export interface NewKinship {
  /** The person: an account (left out: the one who declares), or the subject of a dossier. */
  readonly accountId?: string | undefined;
  readonly personDossierId?: string | undefined;
  /** The dossier whose subject is the relative. */
  readonly dossierId: string;
  readonly relation: Relation;
}

/** Registers a relation. It only ever closes, so anybody may declare one of their own that they can see; the register's keepers any. @throws ArchiveError `dossier/not-found`, `account/not-found` (caller) */
export async function declareKinship(archive: Archive, desk: Desk, input: NewKinship): Promise<string> {
  const { accountId: ownId } = desk.actor;
  const keeps = desk.may('kinship.declare');
  const isOwn = !input.personDossierId && (input.accountId ?? ownId) === ownId;
  if (!isOwn && !keeps) throw new ArchiveError('desk/not-allowed', 'caller', { action: 'kinship.declare', role: desk.actor.role });
  if (!keeps && !(await isKnown(desk, input.dossierId))) throw new ArchiveError('dossier/not-found', 'caller');
  return desk.tx(async (tx) => {
    const subjectId = await subjectOf(archive, input.dossierId);
    const personId = input.personDossierId ? await subjectOf(archive, input.personDossierId) : null;
    const accountId = personId ? null : (input.accountId ?? ownId);
    if (accountId && !(await tx.one('select id from account where id = $1', [accountId])))
      throw new ArchiveError('account/not-found', 'caller');
    const id = archive.clock.newId();
    const entryId = archive.clock.newId();
    await tx.query(
      `insert into kinship (id, account_id, person_subject_id, subject_id, relation, source, created_at_ms, entry_id) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, accountId, personId, subjectId, input.relation, isOwn ? 'declaration' : 'record', archive.clock.nowMs(), entryId],
    );
    await tx.log({
      id: entryId,
      kind: 'kinship.declared',
      objectId: id,
      dossierId: input.dossierId,
      params: { own: isOwn ? 1 : 0 },
      changed: [madeObjects('kinship', [id])],
    });
    return id;
  });
}

/** A named reader knows of the dossier before it opens: who is a relative says so instead of signing in. */
async function isKnown(desk: Desk, dossierId: string): Promise<boolean> {
  const seen = scopeSql(desk.scope('dossier.list'), 'd', 3);
  const known = await desk.sql.one(
    `select d.id from dossier d where d.id = $1 and (${seen.sql} or exists (
       select 1 from consultation c join consultation_reader r on r.consultation_id = c.id where c.dossier_id = d.id and r.account_id = $2))`,
    [dossierId, desk.actor.accountId, ...seen.params],
  );
  return known !== null;
}

/** A dossier by its code. */
export interface DossierCode {
  readonly id: string;
  readonly code: string;
}

export interface KinshipLine {
  readonly id: string;
  readonly accountId: string | null;
  readonly accountName: string | null;
  readonly personSubjectId: string | null;
  readonly personDossiers: readonly DossierCode[];
  readonly subjectId: string;
  readonly dossiers: readonly DossierCode[];
  readonly relation: Relation;
  readonly source: 'declaration' | 'record';
  readonly createdAtMs: number;
}

interface KinshipRow {
  id: string;
  account_id: string | null;
  person_subject_id: string | null;
  subject_id: string;
  relation: Relation;
  source: KinshipLine['source'];
  created_at_ms: number;
}

const LIST_MAX = 500;

/** The register, newest first; of one account when asked. Who keeps the policy is told every code, others those of dossiers they may list. */
export function listKinships(archive: Archive, desk: Desk, accountId: string | undefined): Promise<KinshipLine[]> {
  return desk.act('kinship.declare', async (tx) => {
    const rows = await tx.query<KinshipRow>(
      `select id, account_id, person_subject_id, subject_id, relation, source, created_at_ms from kinship
       where ended_at_ms is null and ($1::uuid is null or account_id = $1) order by id desc limit ${LIST_MAX}`,
      [accountId ?? null],
    );
    await tx.log({ kind: 'kinships.listed', ...(accountId ? { objectId: accountId } : {}), params: { count: rows.length } });
    const names = await accountNames(
      archive,
      tx,
      rows.flatMap((r) => r.account_id ?? []),
    );
    const codes = await codesOf(
      archive,
      tx,
      desk,
      rows.flatMap((r) => [r.subject_id, ...(r.person_subject_id ? [r.person_subject_id] : [])]),
    );
    return rows.map((r) => ({
      id: r.id,
      accountId: r.account_id,
      accountName: names.get(r.account_id ?? '') ?? null,
      personSubjectId: r.person_subject_id,
      personDossiers: codes.get(r.person_subject_id ?? '') ?? [],
      subjectId: r.subject_id,
      dossiers: codes.get(r.subject_id) ?? [],
      relation: r.relation,
      source: r.source,
      createdAtMs: r.created_at_ms,
    }));
  });
}

/** Dossiers of subjects, as far as the asker may know of them. */
async function codesOf(archive: Archive, tx: DeskTx, desk: Desk, subjectIds: readonly string[]): Promise<Map<string, DossierCode[]>> {
  const keeps = desk.may('policy.read');
  const seen = keeps ? { sql: 'true', params: [] } : scopeSql(desk.scope('dossier.list'), 'd', 2);
  // Who keeps the register looks into no dossier: the codes in it lie beyond the own reach.
  const rows = await (keeps ? archive.db.system('registers') : tx).query<DossierCode & { subject_id: string }>(
    `select d.id, d.code, d.subject_id from dossier d where d.subject_id = any($1::uuid[]) and ${seen.sql} order by d.code`,
    [subjectIds, ...seen.params],
  );
  const codes = new Map<string, DossierCode[]>();
  for (const { subject_id, id, code } of rows) codes.set(subject_id, [...(codes.get(subject_id) ?? []), { id, code }]);
  return codes;
}

/** Takes a relation out of force; it stays on record. Nobody does it for oneself. @throws ArchiveError `kinship/not-found`, `account/own` (caller) */
export function endKinship(desk: Desk, kinshipId: string): Promise<void> {
  return desk.act('kinship.end', async (tx) => {
    const row = await tx.one<{ account_id: string | null }>(
      'select account_id from kinship where id = $1 and ended_at_ms is null for update',
      [kinshipId],
    );
    if (!row) throw new ArchiveError('kinship/not-found', 'caller');
    if (row.account_id === desk.actor.accountId) throw new ArchiveError('account/own', 'caller');
    const changed = [await tx.watch('kinship', [kinshipId])];
    await tx.query('update kinship set ended_at_ms = $2 where id = $1', [kinshipId, desk.clock.nowMs()]);
    await tx.log({ kind: 'kinship.ended', objectId: kinshipId, changed });
  });
}
