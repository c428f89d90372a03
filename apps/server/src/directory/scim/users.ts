import { ArchiveError } from '@lantai/values';
import { lockAccounts, openAccountName } from '../../access/index.ts';
import type { Archive } from '../../archive/index.ts';
import type { Sql } from '../../db/index.ts';
import type { Desk, DeskTx } from '../../desk/index.ts';
import { dropPerson, keepLinked, keepPerson, type PersonDone, type PersonWork } from '../apply-person.ts';
import type { DirectoryPerson } from '../directory-list.ts';
import { externalToken, openBody, readAccounts } from '../directory-rows.ts';
import { type Filter, findEqual, type Resource } from './filter.ts';
import { filterOf, listResponse, projected, type ScimQuestion } from './list-response.ts';
import { findScimSource, openScimWork, type ScimSource } from './scim-source.ts';
import { ENTERPRISE_SCHEMA, operationsOf, patchUser, type ScimUser, USER_SCHEMA, userOfResource } from './user-edit.ts';

/** A SCIM resource with its version. */
export interface Versioned {
  readonly resource: Resource;
  readonly etag: string;
}

interface UserRow {
  id: string;
  name: Uint8Array;
  unit_id: string | null;
  disabled: boolean;
  account_version: number;
  body: Uint8Array;
  version: number;
  created_at_ms: number;
  changed_at_ms: number;
}

const USERS_PATH = '/scim/v2/Users';
const NO_TOKEN = new Uint8Array(0);

const etagOf = (row: Pick<UserRow, 'account_version' | 'version'>) => `W/"${row.account_version}-${row.version}"`;

/**
 * People of the source, by id, by what a filter asks to equal, or all.
 * INVARIANT: whom another source or an administrator made is not among them: a foreign or guessed id is not found.
 */
async function readUsers(
  archive: Archive,
  sql: Sql,
  source: ScimSource,
  { id, filter }: { id?: string; filter?: Filter | null },
): Promise<UserRow[]> {
  const [name, external, byId] = ['userName', 'externalId', 'id'].map((path) => findEqual(filter ?? null, path));
  return sql.query<UserRow>(
    `select a.id, a.name, a.unit_id, a.disabled, a.version as account_version, p.body, p.version, p.created_at_ms, p.changed_at_ms
     from directory_person p join account a on a.id = p.account_id
     where p.source_id = $1 and not p.gone and ($2::text is null or a.id::text = $2) and ($3::bytea is null or a.name_token = $3)
       and ($4::bytea is null or p.external_token = $4) order by p.created_at_ms, a.id`,
    [
      source.sourceId,
      id ?? byId ?? null,
      name == null ? null : name ? archive.sealer.accountToken(name) : NO_TOKEN,
      external == null ? null : externalToken(archive, source.sourceId, external),
    ],
  );
}

function userOfRow(archive: Archive, source: ScimSource, row: UserRow): Versioned {
  const { externalId, displayName } = openBody(archive, row.id, row.body);
  const unit = source.units.find((u) => u.id === row.unit_id);
  const group = unit && { value: unit.id, display: unit.name || unit.code, type: 'direct', $ref: `/scim/v2/Groups/${unit.id}` };
  const etag = etagOf(row);
  const resource = {
    schemas: [USER_SCHEMA, ENTERPRISE_SCHEMA],
    id: row.id,
    externalId,
    userName: openAccountName(archive, row.id, row.name),
    ...(displayName ? { displayName, name: { formatted: displayName } } : {}),
    active: !row.disabled,
    groups: group ? [group] : [],
    ...(unit ? { [ENTERPRISE_SCHEMA]: { department: unit.code } } : {}),
    meta: {
      resourceType: 'User',
      created: new Date(row.created_at_ms).toISOString(),
      lastModified: new Date(row.changed_at_ms).toISOString(),
      version: etag,
      location: `${USERS_PATH}/${row.id}`,
    },
  };
  return { resource, etag };
}

async function getRow(archive: Archive, sql: Sql, source: ScimSource, id: string): Promise<UserRow> {
  const [row] = await readUsers(archive, sql, source, { id });
  if (!row) throw new ArchiveError('scim/not-found', 'caller');
  return row;
}

/** Users of the source; looking is an entry. @throws ArchiveError `scim/filter-malformed` (caller) */
export function listUsers(archive: Archive, desk: Desk, question: ScimQuestion): Promise<Resource> {
  const filter = filterOf(question);
  return desk.act('directory.sync', async (tx) => {
    const source = await findScimSource(archive, tx);
    const rows = await readUsers(archive, tx, source, { filter });
    const answer = listResponse(
      rows.map((row) => userOfRow(archive, source, row).resource),
      question,
    );
    await tx.log({ kind: 'directory.people-read', params: { count: Number(answer.totalResults) } });
    return answer;
  });
}

/** One user; looking is an entry. @throws ArchiveError `scim/not-found` (caller) */
export function getUser(archive: Archive, desk: Desk, id: string, question: ScimQuestion): Promise<Versioned> {
  return desk.act('directory.sync', async (tx) => {
    const source = await findScimSource(archive, tx);
    const { resource, etag } = userOfRow(archive, source, await getRow(archive, tx, source, id));
    await tx.log({ kind: 'directory.people-read', objectId: id, params: { count: 1 } });
    return { resource: projected(resource, question), etag };
  });
}

const personOf = (user: ScimUser, externalId: string): DirectoryPerson => ({
  row: null,
  externalId,
  loginName: user.userName,
  displayName: user.displayName,
  unit: user.department,
  role: null,
  level: null,
  disabled: !user.active,
  holderNumber: user.employeeNumber,
});

/** A refusal of the plan is one of the request. @throws ArchiveError with the refusal's code (caller) */
function checkDone({ step }: PersonDone): void {
  if (step.refusal) throw new ArchiveError(step.refusal.code, 'caller', { ...step.refusal.params });
}

/** One act upon the source's people; what is refused undoes all of it. */
async function work<T>(
  archive: Archive,
  desk: Desk,
  texts: readonly (string | null)[],
  act: (tx: DeskTx, on: PersonWork) => Promise<T>,
): Promise<T> {
  const on = await openScimWork(archive, desk, texts);
  return desk.act('directory.sync', async (tx) => {
    await lockAccounts(tx);
    return act(tx, on);
  });
}

async function answered(archive: Archive, tx: DeskTx, id: string): Promise<Versioned> {
  const source = await findScimSource(archive, tx);
  return userOfRow(archive, source, await getRow(archive, tx, source, id));
}

/**
 * Makes a user, or brings back one that was deleted. The external id is the user name's where none is sent.
 * @throws ArchiveError `scim/exists`, `directory/…`, `account/…` (caller)
 */
export function createUser(archive: Archive, desk: Desk, body: Readonly<Record<string, unknown>>): Promise<Versioned> {
  const user = userOfResource(body);
  return work(archive, desk, [user.department], async (tx, on) => {
    const person = personOf(user, user.externalId ?? user.userName);
    const token = externalToken(archive, on.sourceId, person.externalId);
    const known = await readAccounts(archive, tx, { sourceId: on.sourceId, externalTokens: [token] });
    if (known.some((a) => a.link && !a.link.gone)) throw new ArchiveError('scim/exists', 'caller');
    const done = await keepPerson(tx, on, person);
    checkDone(done);
    return answered(archive, tx, done.accountId ?? '');
  });
}

/**
 * Changes a user by what `edit` makes of the present one.
 * @param ifMatch the version the caller has seen; null: whatever it is
 * @throws ArchiveError `scim/not-found`, `scim/version` (caller), and as {@link createUser}
 */
async function editUser(
  archive: Archive,
  desk: Desk,
  { id, ifMatch, edit }: { id: string; ifMatch: string | null; edit: (now: ScimUser) => ScimUser },
): Promise<Versioned> {
  const before = await findScimSource(archive, desk.sql);
  const next = edit(currentOf(archive, before, await getRow(archive, desk.sql, before, id)));
  return work(archive, desk, [next.department], async (tx, on) => {
    const source = await findScimSource(archive, tx);
    const row = await getRow(archive, tx, source, id);
    checkVersion(ifMatch, etagOf(row));
    const now = currentOf(archive, source, row);
    const wanted = edit(now);
    const [linked] = await readAccounts(archive, tx, { accountId: id });
    if (!linked?.link) throw new ArchiveError('scim/not-found', 'caller');
    // What the user has already is not said: a department in another fonds stays as it is.
    const unit = wanted.department === now.department ? null : (wanted.department ?? '');
    const person = { ...personOf(wanted, wanted.externalId ?? now.externalId ?? wanted.userName), unit };
    checkDone(await keepLinked(tx, on, linked, person));
    return answered(archive, tx, id);
  });
}

function currentOf(archive: Archive, source: ScimSource, row: UserRow): ScimUser {
  const { externalId, displayName } = openBody(archive, row.id, row.body);
  return {
    userName: openAccountName(archive, row.id, row.name),
    externalId,
    displayName,
    active: !row.disabled,
    department: source.units.find((u) => u.id === row.unit_id)?.code ?? null,
    employeeNumber: null,
  };
}

/** `*` and a list of versions, weak as ours are (RFC 7232, section 3.1, read as RFC 7644 section 3.14 does). */
export function checkVersion(ifMatch: string | null, etag: string): void {
  if (ifMatch === null || ifMatch.trim() === '*') return;
  if (!ifMatch.split(',').some((tag) => tag.trim() === etag)) throw new ArchiveError('scim/version', 'caller');
}

/** Puts a whole user in place of the present one; what it does not say of the unit stays. */
export const replaceUser = (archive: Archive, desk: Desk, id: string, body: Readonly<Record<string, unknown>>, ifMatch: string | null) => {
  const user = userOfResource(body);
  return editUser(archive, desk, {
    id,
    ifMatch,
    edit: (now) => ({ ...user, department: user.department ?? now.department, displayName: user.displayName ?? now.displayName }),
  });
};

/** Changes a user by the operations of a PATCH: all of them or none. */
export const patchUserById = (
  archive: Archive,
  desk: Desk,
  id: string,
  body: Readonly<Record<string, unknown>>,
  ifMatch: string | null,
) => {
  const operations = operationsOf(body);
  return editUser(archive, desk, { id, ifMatch, edit: (now) => patchUser(now, operations) });
};

/** Lets go of a user: the account is disabled, its sessions end, and nothing is deleted. @throws ArchiveError as {@link editUser} */
export function removeUser(archive: Archive, desk: Desk, id: string, ifMatch: string | null): Promise<void> {
  return work(archive, desk, [], async (tx, on) => {
    const source = await findScimSource(archive, tx);
    checkVersion(ifMatch, etagOf(await getRow(archive, tx, source, id)));
    checkDone(await dropPerson(tx, on, id));
  });
}
