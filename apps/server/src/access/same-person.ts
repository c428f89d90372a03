import type { ActorRole } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Sql, Tx } from '../db/index.ts';
import { isAdministrator } from './separation.ts';

/** Of whom it is asked which offices the person has. */
export interface PersonAsked {
  /** Null: an account that is about to be made. */
  readonly accountId: string | null;
  /** Offices that the account is about to have beside those it has. */
  readonly roles: readonly ActorRole[];
  /** A subject that the account is about to be tied to. */
  readonly subjectId?: string;
  /** The holder's token it is about to have; left out: the one it has. */
  readonly holderToken?: Uint8Array | null;
}

/** Subjects that an account is, with those of the same ID number in the fonds. $1 account, $2 a subject about to be tied, or null. */
const SUBJECTS = `tied as (
    select s.id, s.fonds_id, s.id_number_token from subject s
    where s.id = $2 or s.id in (select subject_id from subject_tie where account_id = $1)),
  mine as (
    select id from tied union
    select s.id from tied t join subject s on s.fonds_id = t.fonds_id and s.id_number_token = t.id_number_token)`;

/** Other accounts in use whose person is tied to the same subject. By the system: who keeps accounts looks at no subject. */
async function accountsBySubject(sql: Sql, { accountId, subjectId }: PersonAsked): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `with ${SUBJECTS} select distinct t.account_id as id from subject_tie t where t.subject_id in (select id from mine) and t.account_id is distinct from $1`,
    [accountId, subjectId ?? null],
  );
  return rows.map((row) => row.id);
}

/**
 * INVARIANT: a person behind an administrator has no other account that can be used, whatever posts stand in it. Accounts are the same person's when they bear the same holder's token, or are tied to subjects with the same ID number. Others in use count with
 * every post they hold. Call it under `lockAccounts`.
 * @throws ArchiveError `account/holder-conflict` (caller)
 */
export async function checkSamePerson(archive: Pick<Archive, 'db'>, tx: Tx, asked: PersonAsked): Promise<void> {
  const bySubject = await accountsBySubject(archive.db.system('registers'), asked);
  const { accountId, roles, holderToken } = asked;
  const rows = await tx.query<{ role: ActorRole; is_own: boolean }>(
    `with person as (
       select a.id, a.role, a.id is not distinct from $1 as is_own from account a
       where a.id = $1 or (not a.disabled and (a.id = any($2::uuid[])
         or a.holder_token = case when $4 then $3::bytea else (select holder_token from account where id = $1) end)))
     select role, is_own from person
     union all select p.role, person.is_own from person join post p on p.account_id = person.id where p.ended_at_ms is null`,
    [accountId, bySubject, holderToken ?? null, holderToken !== undefined],
  );
  const others = rows.filter((row) => !row.is_own).map((row) => row.role);
  const own = [...rows.filter((row) => row.is_own).map((row) => row.role), ...roles];
  // An account alone is judged where its role or post is given; here it is what it is beside the others.
  if (others.length && [...own, ...others].some(isAdministrator)) throw new ArchiveError('account/holder-conflict', 'caller');
}

/**
 * Every account of the person behind an account, itself and those no longer in use included: under one holder's token, or tied to subjects of one ID
 * number. For acts that two different persons must do (docs/adr/0213). By the system, as above.
 */
export async function accountsOfPerson({ db }: Pick<Archive, 'db'>, accountId: string): Promise<string[]> {
  const rows = await db.system('registers').query<{ id: string }>(
    `with ${SUBJECTS}
     select $1::uuid as id
     union select a.id from account own join account a on a.holder_token = own.holder_token where own.id = $1
     union select t.account_id from subject_tie t where t.subject_id in (select id from mine)`,
    [accountId, null],
  );
  return rows.map((row) => row.id);
}
