import { ArchiveError } from '@lantai/values';
import { lockAccounts, openAccountName } from '../../access/index.ts';
import type { Archive } from '../../archive/index.ts';
import type { Sql } from '../../db/index.ts';
import type { Desk, DeskTx } from '../../desk/index.ts';
import { keepLinked, type PersonWork } from '../apply-person.ts';
import { applyUnits } from '../apply-units.ts';
import { openBody, readAccounts } from '../directory-rows.ts';
import type { KnownUnit } from '../plan-units.ts';
import type { Resource } from './filter.ts';
import { listResponse, projected, type ScimQuestion } from './list-response.ts';
import { findScimSource, openScimWork, type ScimSource } from './scim-source.ts';
import { memberIds, membersRemoved, operationsOf, splitPath } from './user-edit.ts';

export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const MEMBERS_MAX = 1000;

interface MemberRow {
  id: string;
  unit_id: string;
  name: Uint8Array;
}

async function readMembers(sql: Sql, { sourceId, units }: ScimSource): Promise<MemberRow[]> {
  return sql.query<MemberRow>(
    `select a.id, a.unit_id, a.name from directory_person p join account a on a.id = p.account_id
     where p.source_id = $1 and not p.gone and a.unit_id = any($2::uuid[]) order by a.id`,
    [sourceId, units.map((u) => u.id)],
  );
}

/** A unit as a group: its code is its external id, its members are the source's people who work there. */
function groupOf(archive: Archive, unit: KnownUnit, members: readonly MemberRow[]): Resource {
  return {
    schemas: [GROUP_SCHEMA],
    id: unit.id,
    externalId: unit.code,
    displayName: unit.name || unit.code,
    members: members
      .filter((m) => m.unit_id === unit.id)
      .map((m) => ({ value: m.id, display: openAccountName(archive, m.id, m.name), type: 'User', $ref: `/scim/v2/Users/${m.id}` })),
    meta: { resourceType: 'Group', location: `/scim/v2/Groups/${unit.id}` },
  };
}

const getUnit = ({ units }: ScimSource, id: string): KnownUnit => {
  const unit = units.find((u) => u.id === id);
  if (!unit) throw new ArchiveError('scim/not-found', 'caller');
  return unit;
};

/** Units of the fonds as groups; looking is an entry. */
export function listGroups(archive: Archive, desk: Desk, question: ScimQuestion): Promise<Resource> {
  return desk.act('directory.sync', async (tx) => {
    const source = await findScimSource(archive, tx);
    const members = await readMembers(tx, source);
    const groups = source.units.map((unit) => groupOf(archive, unit, members));
    const answer = listResponse(groups, question);
    await tx.log({ kind: 'directory.people-read', params: { groups: Number(answer.totalResults), count: members.length } });
    return answer;
  });
}

/** One unit as a group; looking is an entry. @throws ArchiveError `scim/not-found` (caller) */
export function getGroup(archive: Archive, desk: Desk, id: string, question: ScimQuestion): Promise<Resource> {
  return desk.act('directory.sync', async (tx) => {
    const source = await findScimSource(archive, tx);
    const unit = getUnit(source, id);
    const members = (await readMembers(tx, source)).filter((m) => m.unit_id === id);
    await tx.log({ kind: 'directory.people-read', objectId: id, params: { groups: 1, count: members.length } });
    return projected(groupOf(archive, unit, members), question);
  });
}

/**
 * Makes a unit right below the root, whose code is the external id. Needs `organisation.change`; members are put in afterwards.
 * @throws ArchiveError `scim/exists`, `scim/value-invalid`, `directory/…` (caller)
 */
export async function createGroup(archive: Archive, desk: Desk, body: Readonly<Record<string, unknown>>): Promise<Resource> {
  const { displayName, externalId, members } = body;
  if (typeof displayName !== 'string' || typeof externalId !== 'string') throw new ArchiveError('scim/group-code', 'caller');
  if (memberIds(members).length) throw new ArchiveError('scim/value-invalid', 'caller', { attribute: 'members' });
  const { fondsId, units: before } = await findScimSource(archive, desk.sql);
  if (before.some((u) => u.code === externalId.trim())) throw new ArchiveError('scim/exists', 'caller');
  const [step] = await applyUnits(archive, desk, fondsId, [
    { row: null, code: externalId.trim(), name: displayName.trim(), parentCode: null },
  ]);
  if (step?.refusal) throw new ArchiveError(step.refusal.code, 'caller', { ...step.refusal.params });
  const { units } = await findScimSource(archive, desk.sql);
  const unit = units.find((u) => u.code === externalId.trim());
  if (!unit) throw new ArchiveError('scim/not-found', 'caller');
  return groupOf(archive, unit, []);
}

/** What a request makes of a group. */
interface GroupEdit {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** Null: not said. */
  readonly displayName: string | null;
}

function editOfPatch(body: Readonly<Record<string, unknown>>, current: readonly string[]): GroupEdit {
  let members = [...current];
  let displayName: string | null = null;
  const setName = (value: unknown) => {
    if (typeof value !== 'string') throw new ArchiveError('scim/value-invalid', 'caller', { attribute: 'displayName' });
    displayName = value;
  };
  for (const operation of operationsOf(body)) {
    const { op, path, value } = operation;
    const attribute = path === null ? '' : splitPath(path).attribute.replace(`${GROUP_SCHEMA}:`, '').toLowerCase();
    const whole = (path === null ? value : { [attribute]: value }) as Readonly<Record<string, unknown>> | null;
    if (typeof whole !== 'object' || whole === null) throw new ArchiveError('scim/patch-malformed', 'caller');
    for (const [key, inner] of Object.entries(whole)) {
      const name = key.toLowerCase();
      if (name === 'members' && op === 'remove') {
        const gone = new Set(membersRemoved(operation, members));
        members = members.filter((id) => !gone.has(id));
      } else if (name === 'members') members = op === 'add' ? [...members, ...memberIds(inner)] : memberIds(inner);
      else if (name === 'displayname' && op !== 'remove') setName(inner);
      // Said along by some providers, and the same as ever.
      else if (name !== 'id' && name !== 'schemas' && name !== 'externalid')
        throw new ArchiveError('scim/attribute-unknown', 'caller', { attribute: name.slice(0, 60) });
    }
  }
  return differenceOf(current, members, displayName);
}

function differenceOf(current: readonly string[], members: readonly string[], displayName: string | null): GroupEdit {
  const unique = [...new Set(members)];
  return { add: unique.filter((id) => !current.includes(id)), remove: current.filter((id) => !unique.includes(id)), displayName };
}

/**
 * Moves people into a unit and out of it, all or none; a member works in this unit and no longer in another. Another display name renames the
 * unit, which needs `organisation.change`.
 * @throws ArchiveError `scim/not-found`, `scim/too-many`, `directory/unit-kept`, `desk/not-allowed` (caller)
 */
async function editGroup(archive: Archive, desk: Desk, id: string, edit: (current: readonly string[]) => GroupEdit): Promise<Resource> {
  const before = await findScimSource(archive, desk.sql);
  const unit = getUnit(before, id);
  const { displayName } = edit([]);
  if (displayName !== null && displayName.trim() !== (unit.name || unit.code)) {
    const codeOf = new Map(before.units.map((u) => [u.id, u.code]));
    const parentCode = unit.parentId === null ? null : (codeOf.get(unit.parentId) ?? null);
    const [step] = await applyUnits(archive, desk, before.fondsId, [{ row: null, code: unit.code, name: displayName, parentCode }]);
    if (step?.refusal) throw new ArchiveError(step.refusal.code, 'caller', { ...step.refusal.params });
  }
  const on = await openScimWork(archive, desk, []);
  return desk.act('directory.sync', async (tx) => {
    await lockAccounts(tx);
    const source = await findScimSource(archive, tx);
    const now = getUnit(source, id);
    const current = (await readMembers(tx, source)).filter((m) => m.unit_id === id).map((m) => m.id);
    const { add, remove } = edit(current);
    if (add.length + remove.length > MEMBERS_MAX) throw new ArchiveError('scim/too-many', 'caller', { max: MEMBERS_MAX });
    for (const accountId of remove) await place(archive, tx, on, accountId, '');
    for (const accountId of add) await place(archive, tx, on, accountId, now.code);
    const members = (await readMembers(tx, source)).filter((m) => m.unit_id === id);
    await tx.log({ kind: 'directory.group-kept', objectId: id, params: { added: add.length, removed: remove.length } });
    return groupOf(archive, now, members);
  });
}

/** Has somebody of the source work in a unit, or in none. @throws ArchiveError `scim/not-found`, `directory/…` (caller) */
async function place(archive: Archive, tx: DeskTx, on: PersonWork, accountId: string, unit: string): Promise<void> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(accountId);
  const [account] = isId ? await readAccounts(archive, tx, { accountId }) : [];
  if (account?.link?.sourceId !== on.sourceId || account.link.gone) throw new ArchiveError('scim/not-found', 'caller');
  const row = await tx.one<{ name: Uint8Array; body: Uint8Array }>(
    'select a.name, p.body from account a join directory_person p on p.account_id = a.id where a.id = $1',
    [accountId],
  );
  if (!row) throw new ArchiveError('scim/not-found', 'caller');
  const { externalId, displayName } = openBody(archive, accountId, row.body);
  const person = {
    row: null,
    externalId,
    loginName: openAccountName(archive, accountId, row.name),
    displayName,
    unit,
    role: null,
    level: null,
  };
  const { step } = await keepLinked(tx, on, account, { ...person, disabled: account.disabled, holderNumber: null });
  if (step.refusal) throw new ArchiveError(step.refusal.code, 'caller', { ...step.refusal.params });
}

/** Changes a group by the operations of a PATCH. */
export const patchGroup = (archive: Archive, desk: Desk, id: string, body: Readonly<Record<string, unknown>>) =>
  editGroup(archive, desk, id, (current) => editOfPatch(body, current));

/** Puts a whole group in place of the present one: exactly these members. */
export const replaceGroup = (archive: Archive, desk: Desk, id: string, body: Readonly<Record<string, unknown>>) => {
  const { displayName } = body;
  if (displayName !== undefined && typeof displayName !== 'string')
    throw new ArchiveError('scim/value-invalid', 'caller', { attribute: 'displayName' });
  return editGroup(archive, desk, id, (current) => differenceOf(current, memberIds(body.members), displayName ?? null));
};
