import type { ActorRole } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { deskTx } from '../desk/index.ts';
import { ACCOUNT_KEY, type Account, accountNames, namePlace } from './account-rows.ts';
import { ADMINISTRATORS, OVERSEES } from './separation.ts';

/** One act of an administrator, as another administrator is shown it. */
export interface AdministratorAct {
  readonly id: string;
  readonly atMs: number;
  readonly kind: string;
  readonly actor: { readonly id: string; readonly name: string; readonly role: ActorRole };
  readonly objectId: string | null;
  readonly objectName: string | null;
  readonly params: Readonly<Record<string, string | number>>;
  readonly position: number | null;
}

interface ActRow {
  id: string;
  kind: string;
  position: number | null;
  at_ms: number;
  bytes: Uint8Array;
  actor_id: string;
  actor_name: Uint8Array;
  actor_role: ActorRole;
}

/** Roles whose acts this role is shown; the owner of a trial, being all three, is shown all. */
export const overseenBy = (role: ActorRole): readonly ActorRole[] => (role === 'trial_owner' ? ADMINISTRATORS : (OVERSEES[role] ?? []));

const PAGE_LIMIT = 100;

/**
 * Acts of the administrators that this one watches over, newest first; seeing them is an entry. Acts of somebody who has since changed office
 * stay in the list.
 * @throws ArchiveError `desk/not-allowed` (caller) for an account that watches over nobody
 */
export async function listAdministratorActs(
  archive: Archive,
  viewer: Account,
  query: { readonly accountId?: string | undefined; readonly cursor?: string | undefined; readonly limit?: number | undefined },
): Promise<{ items: AdministratorAct[]; nextCursor: string | null }> {
  const roles = overseenBy(viewer.role);
  if (!roles.length) throw new ArchiveError('desk/not-allowed', 'caller', { action: 'administrator-acts', role: viewer.role });
  const limit = query.limit ?? PAGE_LIMIT;
  return archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, viewer.accountId, 'audit');
    const rows = await tx.query<ActRow>(
      `select e.id, e.kind, e.position, e.at_ms, e.bytes, e.actor_id, a.name as actor_name, a.role as actor_role
       from entry e join account a on a.id = e.actor_id
       where a.held_roles && $1::text[] and a.id <> $2 and ($3::uuid is null or a.id = $3) and ($4::uuid is null or e.id < $4)
       order by e.id desc limit $5`,
      [roles, viewer.accountId, query.accountId ?? null, query.cursor ?? null, limit + 1],
    );
    const shown = rows.slice(0, limit);
    if (!query.cursor) await tx.log({ kind: 'acts.reviewed', params: { count: shown.length } });
    const objects = shown.map((row) => objectOf(row)).filter((id) => id !== null);
    const names = await accountNames(
      archive,
      tx,
      objects.filter((id) => UUID.test(id)),
    );
    const items = shown.map((row) => ({
      id: row.id,
      atMs: row.at_ms,
      kind: row.kind,
      actor: { id: row.actor_id, role: row.actor_role, name: archive.sealer.get(ACCOUNT_KEY, namePlace(row.actor_id), row.actor_name) },
      objectId: objectOf(row),
      objectName: names.get(objectOf(row) ?? '') ?? null,
      params: (parse(row).params ?? {}) as Record<string, string | number>,
      position: row.position,
    }));
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  });
}

const parse = (row: ActRow) =>
  JSON.parse(new TextDecoder().decode(row.bytes)) as { object?: string; params?: Record<string, string | number> };
const objectOf = (row: ActRow): string | null => parse(row).object ?? null;

const UUID = /^[0-9a-f-]{36}$/;
