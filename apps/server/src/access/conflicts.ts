import type { ActorRole } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { deskTx } from '../desk/index.ts';
import { type Account, accountNames } from './account-rows.ts';
import { overseenBy } from './oversight.ts';
import { ADMINISTRATORS, isAdministrator } from './separation.ts';

/** What stands against the separation of the three administrators (三员分立). Source: domain/rules.md §0.2 item 9, §2.8; ADR 0213. */
export type ConflictCode =
  /** One person is two administrators, or one administrator twice. */
  | 'conflict/two-offices'
  /** An administrator who also does archive business, by a post, a second account, a claim or as a reader. */
  | 'conflict/office-and-archive'
  /** An administrator of whom no number is registered: nobody can tell who else it is. */
  | 'conflict/holder-unknown';

/** How it is known: by a post of the account itself, the holder's number, a subject both are tied to, a claim at a station, a consultation. */
export type ConflictSign = 'post' | 'holder' | 'subject' | 'claim' | 'consultation' | 'none';

/** One conflict that stands in the data. */
export interface OfficeConflict {
  readonly code: ConflictCode;
  readonly sign: ConflictSign;
  /** The administrator's account. */
  readonly accountId: string;
  /** The other account of the same person; null: it is within the one. */
  readonly otherId: string | null;
}

/** Who is meant, as the audit administrator is shown it. */
export interface NamedConflict extends Omit<OfficeConflict, 'accountId' | 'otherId'> {
  readonly accounts: readonly { readonly id: string; readonly name: string; readonly role: ActorRole }[];
}

/** $1 roles of administrators, $2 now. Accounts out of use conflict with nothing. */
const CONFLICTS = `with usable as (select id, role, holder_token from account where not disabled),
  office as (select id, holder_token from usable where role = any($1::text[])),
  mine as (select o.id, s.id as subject_id, s.fonds_id, s.id_number_token
    from office o join subject_tie t on t.account_id = o.id join subject s on s.id = t.subject_id),
  person as (select id, subject_id from mine
    union select m.id, s.id from mine m join subject s on s.fonds_id = m.fonds_id and s.id_number_token = m.id_number_token)
  select id as account_id, null::uuid as other_id, 'none' as sign from office where holder_token is null
  union select o.id, null, 'post' from office o join post p on p.account_id = o.id where p.ended_at_ms is null
  union select o.id, u.id, 'holder' from office o join usable u on u.holder_token = o.holder_token and u.id <> o.id
  union select p.id, u.id, 'subject' from person p join subject_tie t on t.subject_id = p.subject_id join usable u on u.id = t.account_id and u.id <> p.id
  union select o.id, null, 'claim' from office o join station_claim c on c.account_id = o.id where c.ended_at_ms is null and c.until_ms > $2
  union select o.id, null, 'consultation' from office o join consultation_reader r on r.account_id = o.id
    join consultation c on c.id = r.consultation_id where c.state in ('approved', 'open') and c.until_ms > $2`;

/**
 * Conflicts that already stand in the data, each pair of accounts once. Changes that would make one are refused where they are made; what came
 * by an older program, a restored backup or a hand in the database is found here. By the system: who keeps accounts looks at no subject.
 */
export async function findOfficeConflicts(sql: Sql, nowMs: number): Promise<OfficeConflict[]> {
  const rows = await sql.query<{ account_id: string; other_id: string | null; sign: ConflictSign; other_role: ActorRole | null }>(
    `select c.*, a.role as other_role from (${CONFLICTS}) c left join account a on a.id = c.other_id order by 1, 2 nulls first, 3`,
    [ADMINISTRATORS, nowMs],
  );
  const pairs = new Set<string>();
  const found: OfficeConflict[] = [];
  for (const { account_id: accountId, other_id: otherId, sign, other_role } of rows) {
    // Two administrators name each other; one who is known by number and by subject is one conflict.
    const pair = otherId === null ? `${accountId} ${sign}` : [accountId, otherId].sort().join(' ');
    if (pairs.has(pair)) continue;
    pairs.add(pair);
    const isTwo = other_role !== null && isAdministrator(other_role);
    const code = sign === 'none' ? 'conflict/holder-unknown' : isTwo ? 'conflict/two-offices' : 'conflict/office-and-archive';
    found.push({ code, sign, accountId, otherId });
  }
  return found;
}

/**
 * The conflicts that stand, for whoever watches over administrators; seeing them is an entry.
 * @throws ArchiveError `desk/not-allowed` (caller) for an account that watches over nobody
 */
export async function listOfficeConflicts(archive: Archive, viewer: Account): Promise<NamedConflict[]> {
  if (!overseenBy(viewer.role).length)
    throw new ArchiveError('desk/not-allowed', 'caller', { action: 'office-conflicts', role: viewer.role });
  const found = await findOfficeConflicts(archive.db.system('registers'), archive.clock.nowMs());
  return archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, viewer.accountId, 'audit');
    await tx.log({ kind: 'conflicts.reviewed', params: { count: found.length } });
    const ids = found.flatMap((c) => (c.otherId === null ? [c.accountId] : [c.accountId, c.otherId]));
    const names = await accountNames(archive, tx, ids);
    const roles = new Map(
      (await tx.query<{ id: string; role: ActorRole }>('select id, role from account where id = any($1::uuid[])', [ids])).map((r) => [
        r.id,
        r.role,
      ]),
    );
    const named = (id: string) => ({ id, name: names.get(id) ?? '', role: roles.get(id) ?? ('person' as const) });
    return found.map(({ code, sign, accountId, otherId }) => ({
      code,
      sign,
      accounts: [named(accountId), ...(otherId === null ? [] : [named(otherId)])],
    }));
  });
}
