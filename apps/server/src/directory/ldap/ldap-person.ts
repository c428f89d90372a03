import { formatHex } from '@lantai/values';
import type { DirectoryPerson } from '../directory-list.ts';
import type { LdapSettings } from './ldap-settings.ts';

/** An entry as the library gives it. */
export type LdapEntry = Readonly<Record<string, unknown>>;

/** Attributes whose values are bytes. */
export const BINARY_ATTRIBUTES = ['objectGUID', 'objectSid', 'mS-DS-ConsistencyGuid'] as const;
/** Active Directory's bit ACCOUNTDISABLE. Source: MS-ADTS section 2.2.16. */
const AD_DISABLED = 2;
const AD_ATTRIBUTE = 'useraccountcontrol';
const YES = ['true', 'yes', '1', 'disabled', 'inactive', 'locked'];

/** The first value of an attribute, in whatever case the server writes its name; null: none. */
export function firstOf(entry: LdapEntry, name: string): string | null {
  const key = Object.keys(entry).find((k) => k.toLowerCase() === name.toLowerCase());
  const value = key === undefined ? null : entry[key];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (first instanceof Uint8Array) return first.length ? formatHex(first) : null;
  return typeof first === 'string' && first.trim() ? first.trim() : null;
}

function isDisabled(entry: LdapEntry, attribute: string | undefined): boolean {
  if (attribute === undefined) return false;
  const value = firstOf(entry, attribute);
  if (value === null) return false;
  if (attribute.toLowerCase() === AD_ATTRIBUTE) return (Number(value) & AD_DISABLED) !== 0;
  // A moment (`pwdAccountLockedTime`) says since when.
  return YES.includes(value.toLowerCase()) || /^\d{12,14}(\.\d+)?Z?$/.test(value);
}

/**
 * A person out of an entry. Role and clearance are none of a directory's business and are never read.
 * @param codeAt code of the unit in which an entry lies, where no attribute says one
 */
export function personOfEntry(
  entry: LdapEntry,
  { attributes }: Pick<LdapSettings, 'attributes'>,
  codeAt: (dn: string) => string | null = () => null,
): DirectoryPerson {
  return {
    row: null,
    externalId: firstOf(entry, attributes.externalId) ?? '',
    loginName: firstOf(entry, attributes.loginName) ?? '',
    displayName: firstOf(entry, attributes.displayName),
    unit: firstOf(entry, attributes.unit) ?? codeAt(firstOf(entry, 'dn') ?? ''),
    role: null,
    level: null,
    disabled: isDisabled(entry, attributes.disabled),
    holderNumber: firstOf(entry, attributes.holderNumber),
  };
}
