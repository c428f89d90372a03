import { ArchiveError } from '@lantai/values';
import { type Filter, isPath, isTaken, parseFilter } from './filter.ts';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** What is kept of a SCIM user; everything else it is sent is let fall, and is in no row and no log. */
export interface ScimUser {
  readonly userName: string;
  readonly externalId: string | null;
  readonly displayName: string | null;
  readonly active: boolean;
  /** The enterprise extension's `department`: a unit by code or name; empty: none; null: not said. */
  readonly department: string | null;
  /** Its `employeeNumber`: the number of the holder. */
  readonly employeeNumber: string | null;
}

/** One operation of a PATCH, its words folded. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string | null;
  readonly value: unknown;
}

type Draft = { -readonly [K in keyof ScimUser]: ScimUser[K] };

/** Core attributes that a provider may send and that are not kept (data minimisation). Source: RFC 7643, section 4.1 and 4.3. */
const UNKEPT: ReadonlySet<string> = new Set([
  ...['nickname', 'profileurl', 'title', 'usertype', 'preferredlanguage', 'locale', 'timezone', 'emails', 'phonenumbers', 'ims', 'photos'],
  ...['addresses', 'password', 'x509certificates', 'costcenter', 'organization', 'division', 'manager'],
]);
/** What the server says and nobody else: dropped from a whole resource, refused where it is meant. */
const READ_ONLY: ReadonlySet<string> = new Set(['id', 'meta', 'schemas', 'groups']);
/** INVARIANT: what gives rights is refused wherever it stands, never dropped: a provider that believes to give them must hear that it does not. */
const FORBIDDEN: ReadonlySet<string> = new Set(['roles', 'entitlements']);

const invalid = (attribute: string) => new ArchiveError('scim/value-invalid', 'caller', { attribute });

function textOf(value: unknown, attribute: string): string {
  if (typeof value !== 'string') throw invalid(attribute);
  return value.trim();
}

/** True, false, or the texts that Azure and others send. */
function truthOf(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  if (word !== 'true' && word !== 'false') throw invalid('active');
  return word === 'true';
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmpty = (value: unknown) => value === null || value === undefined || (Array.isArray(value) && value.length === 0);

/** A name out of its parts: the family name first and no space, where either is written in Chinese. */
function fullName({ formatted, familyName, givenName }: Readonly<Record<string, unknown>>): string | null {
  if (typeof formatted === 'string' && formatted.trim()) return formatted.trim();
  const [family, given] = [familyName, givenName].map((part) => (typeof part === 'string' ? part.trim() : ''));
  if (!family && !given) return null;
  return /\p{Script=Han}/u.test(`${family}${given}`) ? `${family}${given}` : `${given} ${family}`.trim();
}

/** Sets one attribute. `null` as value removes it. @param isWhole of a whole resource, in which read-only attributes are let fall */
function setAttribute(draft: Draft, name: string, value: unknown, isWhole: boolean): void {
  const folded = name.toLowerCase();
  if (FORBIDDEN.has(folded)) {
    if (isWhole && isEmpty(value)) return;
    throw new ArchiveError('scim/roles-refused', 'caller', { attribute: folded });
  }
  if (READ_ONLY.has(folded)) {
    if (isWhole) return;
    throw new ArchiveError('scim/read-only', 'caller', { attribute: folded });
  }
  if (folded === 'username') draft.userName = textOf(value, 'userName');
  else if (folded === 'externalid') draft.externalId = isEmpty(value) ? null : textOf(value, 'externalId') || null;
  else if (folded === 'displayname') draft.displayName = isEmpty(value) ? null : textOf(value, 'displayName') || null;
  else if (folded === 'active') draft.active = isEmpty(value) ? true : truthOf(value);
  else if (folded === 'department') draft.department = isEmpty(value) ? null : textOf(value, 'department');
  else if (folded === 'employeenumber') draft.employeeNumber = isEmpty(value) ? null : textOf(value, 'employeeNumber') || null;
  else if (folded === 'name') setName(draft, value, isWhole);
  else if (folded === 'name.formatted') setName(draft, { formatted: value }, isWhole);
  else if (!/^name\.\w+$/.test(folded) && !UNKEPT.has(folded.split('.')[0]!))
    throw new ArchiveError('scim/attribute-unknown', 'caller', { attribute: folded.slice(0, 60) });
}

/** The display name wins over a name in parts. */
function setName(draft: Draft, value: unknown, isWhole: boolean): void {
  if (!isObject(value)) {
    if (!isEmpty(value)) throw invalid('name');
    return;
  }
  const name = fullName(value);
  if (name !== null && (!isWhole || draft.displayName === null)) draft.displayName = name;
}

/** Sets every attribute of an object: of a resource, or of a PATCH without a path. */
function setAll(draft: Draft, body: Readonly<Record<string, unknown>>, isWhole: boolean): void {
  // The display name first, whatever the order of keys.
  const keys = Object.keys(body).sort((a, b) => Number(/^name$/i.test(a)) - Number(/^name$/i.test(b)));
  for (const key of keys) {
    const value = body[key];
    if (key.toLowerCase() === ENTERPRISE_SCHEMA.toLowerCase() && isObject(value)) {
      for (const [name, inner] of Object.entries(value)) setAttribute(draft, name, inner, isWhole);
    } else setAttribute(draft, attributeOf(key), value, isWhole);
  }
}

/** The attribute's name without the URN of a schema that is known. */
function attributeOf(path: string): string {
  for (const schema of [ENTERPRISE_SCHEMA, USER_SCHEMA])
    if (path.toLowerCase().startsWith(`${schema.toLowerCase()}:`)) return path.slice(schema.length + 1);
  return path;
}

/**
 * A user as a POST or PUT sends it.
 * @throws ArchiveError `scim/value-invalid`, `scim/roles-refused`, `scim/attribute-unknown` (caller)
 */
export function userOfResource(body: Readonly<Record<string, unknown>>): ScimUser {
  const draft: Draft = { userName: '', externalId: null, displayName: null, active: true, department: null, employeeNumber: null };
  setAll(draft, body, true);
  if (!draft.userName) throw invalid('userName');
  return draft;
}

/** The operations of a PATCH body. @throws ArchiveError `scim/patch-malformed` (caller) */
export function operationsOf(body: Readonly<Record<string, unknown>>): PatchOperation[] {
  const key = Object.keys(body).find((k) => k.toLowerCase() === 'operations');
  const list = key === undefined ? undefined : body[key];
  if (!Array.isArray(list) || list.length === 0 || list.length > 100) throw new ArchiveError('scim/patch-malformed', 'caller');
  return list.map((item: unknown) => {
    if (!isObject(item)) throw new ArchiveError('scim/patch-malformed', 'caller');
    const op = typeof item.op === 'string' ? item.op.toLowerCase() : '';
    const path = item.path === undefined || item.path === null || item.path === '' ? null : item.path;
    if ((op !== 'add' && op !== 'replace' && op !== 'remove') || (path !== null && typeof path !== 'string'))
      throw new ArchiveError('scim/patch-malformed', 'caller');
    if (op === 'remove' && path === null) throw new ArchiveError('scim/no-target', 'caller');
    return { op, path, value: item.value };
  });
}

/** What stands in a path with a filter: `emails[type eq "work"].value`. */
export function splitPath(path: string): { readonly attribute: string; readonly filter: Filter | null; readonly below: string | null } {
  const found = /^([^[\]]+)\[(.*)\](?:\.([A-Za-z$][\w$-]*))?$/s.exec(path);
  const attribute = found?.[1] ?? path;
  if (!isPath(attribute)) throw new ArchiveError('scim/path-invalid', 'caller');
  return { attribute, filter: found ? parseFilter(found[2]!) : null, below: found?.[3] ?? null };
}

/**
 * A user after the operations of a PATCH, in their order.
 * @throws ArchiveError `scim/…` (caller): nothing of the PATCH is then done
 */
export function patchUser(user: ScimUser, operations: readonly PatchOperation[]): ScimUser {
  const draft: Draft = { ...user };
  for (const { op, path, value } of operations) {
    if (path === null) {
      if (!isObject(value)) throw new ArchiveError('scim/patch-malformed', 'caller');
      setAll(draft, value, false);
      continue;
    }
    const { attribute } = splitPath(path);
    const name = attributeOf(attribute);
    if (op === 'remove' && /^(username|active)$/i.test(name))
      throw new ArchiveError('scim/read-only', 'caller', { attribute: name.toLowerCase() });
    setAttribute(draft, name, op === 'remove' ? null : value, false);
  }
  if (!draft.userName) throw invalid('userName');
  return draft;
}

/** Ids of members that a PATCH takes out: `members[value eq "…"]`, or the list in its value; null: all. */
export function membersRemoved({ path, value }: PatchOperation, current: readonly string[]): string[] {
  const { filter } = splitPath(path ?? 'members');
  if (filter) return current.filter((id) => isTaken(filter, { value: id }));
  return isEmpty(value) ? [...current] : memberIds(value);
}

/** The ids in a list of members. @throws ArchiveError `scim/value-invalid` (caller) */
export function memberIds(value: unknown): string[] {
  const list = Array.isArray(value) ? value : isObject(value) ? [value] : [];
  return list.map((item: unknown) => {
    if (!isObject(item) || typeof item.value !== 'string') throw invalid('members');
    return item.value;
  });
}
