import type { PostRole } from '../organisation/index.ts';

/** A unit as a source names it. */
export interface DirectoryUnit {
  /** Row of the sheet it stands in, from 1; null where a source has no rows. */
  readonly row: number | null;
  readonly code: string;
  readonly name: string;
  /** Code of the unit above; null: right below the root of the fonds. */
  readonly parentCode: string | null;
}

/** A person as a source names it. What is null is not said, and stays as it is. */
export interface DirectoryPerson {
  readonly row: number | null;
  /** Who it is at the source, for ever: a staff number, SCIM's externalId, LDAP's entryUUID. */
  readonly externalId: string;
  readonly loginName: string;
  readonly displayName: string | null;
  /** `CODE`, `FONDS/CODE`, or the name of a unit where it is the only one of it; empty: none, the whole fonds. */
  readonly unit: string | null;
  /** As the source writes it: refused unless it is a role of archive business. */
  readonly role: string | null;
  readonly level: number | null;
  readonly disabled: boolean;
  /** Staff or ID number of the person: who is behind an administrator is behind nobody else. */
  readonly holderNumber: string | null;
}

/** What a source says at one moment. */
export interface DirectoryList {
  readonly units: readonly DirectoryUnit[];
  readonly people: readonly DirectoryPerson[];
  /** The units hang below this one, and what lies elsewhere in the fonds is none of the source's business; not said: the whole fonds. */
  readonly belowCode?: string | null;
  /** It names everybody: whom the source made and does not name any more is disabled. */
  readonly isComplete: boolean;
}

/** Columns a refusal can be about, by the word of the list. */
export type DirectoryField =
  | 'code'
  | 'name'
  | 'parentCode'
  | 'externalId'
  | 'loginName'
  | 'displayName'
  | 'unit'
  | 'role'
  | 'level'
  | 'disabled';

/** A no to one row, with its reason. */
export interface DirectoryRefusal {
  readonly code: string;
  readonly field: DirectoryField | null;
  readonly params: Readonly<Record<string, string | number>>;
}

/** Roles a directory may give: those of archive business. INVARIANT: never an administrator's (三员分立). */
export const DIRECTORY_ROLES: readonly PostRole[] = ['archivist', 'unit_clerk', 'reader', 'person'];

/** Most people and units of one list: each becomes a transaction, while the administrator waits. */
export const PEOPLE_MAX = 5000;
export const UNITS_MAX = 1000;

export const refusal = (
  code: string,
  field: DirectoryField | null = null,
  params: Readonly<Record<string, string | number>> = {},
): DirectoryRefusal => ({ code, field, params });
