import type { ActorRole } from '@lantai/policy';
import type { PostRole } from '../organisation/index.ts';
import { DIRECTORY_ROLES, type DirectoryPerson, type DirectoryRefusal, refusal } from './directory-list.ts';

/** An account as the plan needs it; tokens are hexadecimal, so that they compare. */
export interface KnownAccount {
  readonly accountId: string;
  readonly role: ActorRole;
  readonly fondsId: string | null;
  readonly unitId: string | null;
  readonly level: number;
  readonly disabled: boolean;
  readonly version: number;
  readonly nameToken: string;
  readonly holderToken: string | null;
  /** The source that keeps it in step; null: none. */
  readonly link: KnownLink | null;
}

export interface KnownLink {
  readonly sourceId: string;
  readonly externalToken: string;
  readonly made: boolean;
  readonly disabledHere: boolean;
  readonly gone: boolean;
  readonly version: number;
  readonly displayName: string | null;
}

/** What a person of the list comes down to in the archive, before it is compared. */
export interface WantedPerson {
  readonly person: DirectoryPerson;
  readonly nameToken: string;
  readonly externalToken: string;
  readonly holderToken: string | null;
  /** Where the unit lies; `new`: this list makes it; `pending`: it would, by another administrator; null: not said. */
  readonly unit: FoundUnit | null;
}

export type FoundUnit = { readonly fondsId: string; readonly unitId: string | null } | 'new' | 'pending' | 'unknown' | 'ambiguous';

export type PersonChange = 'externalId' | 'loginName' | 'displayName' | 'unit' | 'role' | 'level' | 'disabled' | 'holder' | 'link';

/** What is to become of one person. */
export interface PersonStep {
  readonly row: number | null;
  readonly act: 'create' | 'change' | 'disable' | 'enable' | 'nothing' | 'refused';
  readonly changes: readonly PersonChange[];
  readonly refusal: DirectoryRefusal | null;
  readonly accountId: string | null;
  /** Null for somebody whom the list does not name any more. */
  readonly wanted: WantedPerson | null;
}

/** What the plan of a person rests on. */
export interface PeopleRules {
  readonly sourceId: string;
  /** The fonds of the source: where somebody works whose unit is not said. */
  readonly fondsId: string;
  readonly highestLevel: number;
  /** Whether who asks may keep people at all. */
  readonly mayKeepPeople: boolean;
  /** Takes up accounts that were there before, by their sign-in name. */
  readonly adopts: boolean;
  /** Accounts that do the archivist's work now. */
  readonly archivistIds: ReadonlySet<string>;
  readonly actorId: string;
}

/** New people see what is internal (内部) and no more, unless the list says so. */
export const LEVEL_OF_NEW = 1;
const EXTERNAL_CHARS_MAX = 200;
const DISPLAY_CHARS_MAX = 100;
const LOGIN = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,59}$/u;

const ADMINISTRATIVE: readonly string[] = ['system_admin', 'security_admin', 'audit_admin', 'trial_owner'];
const isRole = (text: string): text is PostRole => (DIRECTORY_ROLES as readonly string[]).includes(text);

/** The first thing wrong with a person, whatever the archive holds. */
export function findMalformedPerson({ person, unit }: WantedPerson, rules: PeopleRules): DirectoryRefusal | null {
  const externalId = person.externalId.trim();
  if (!externalId || externalId.length > EXTERNAL_CHARS_MAX)
    return refusal('directory/external-malformed', 'externalId', { max: EXTERNAL_CHARS_MAX });
  if (!LOGIN.test(person.loginName.normalize('NFKC').trim())) return refusal('directory/login-malformed', 'loginName');
  if (person.displayName !== null && [...person.displayName].length > DISPLAY_CHARS_MAX)
    return refusal('directory/name-malformed', 'displayName', { max: DISPLAY_CHARS_MAX });
  if (person.role !== null && !isRole(person.role))
    return refusal(ADMINISTRATIVE.includes(person.role) ? 'directory/administrator-refused' : 'directory/role-unknown', 'role');
  if (person.level !== null && (!Number.isInteger(person.level) || person.level < 0)) return refusal('directory/level-malformed', 'level');
  if (person.level !== null && person.level > rules.highestLevel)
    return refusal('directory/level-too-high', 'level', { highest: rules.highestLevel });
  if (unit === 'unknown') return refusal('directory/unit-unknown', 'unit');
  if (unit === 'pending') return refusal('directory/unit-pending', 'unit');
  if (unit === 'ambiguous') return refusal('directory/unit-ambiguous', 'unit');
  return null;
}

/**
 * What a source wants of one person. Pure: the same is asked before a run, to be shown, and again in the transaction that does it.
 * @param linked the account that this source keeps for this external id; null: none
 * @param named the account with this sign-in name; null: none
 */
export function planPerson(wanted: WantedPerson, linked: KnownAccount | null, named: KnownAccount | null, rules: PeopleRules): PersonStep {
  const { person } = wanted;
  const step = (act: PersonStep['act'], more: Partial<PersonStep> = {}): PersonStep => ({
    row: person.row,
    act,
    changes: [],
    refusal: null,
    accountId: null,
    wanted,
    ...more,
  });
  const no = (code: string, field: DirectoryRefusal['field'] = null, params: DirectoryRefusal['params'] = {}) =>
    step('refused', { refusal: refusal(code, field, params), accountId: linked?.accountId ?? null });
  const wrong = findMalformedPerson(wanted, rules);
  if (wrong) return step('refused', { refusal: wrong, accountId: linked?.accountId ?? null });
  const account = linked ?? (rules.adopts && !named?.link ? named : null);
  if (named && named.accountId !== account?.accountId)
    return no(named.link && named.link.sourceId !== rules.sourceId ? 'directory/other-source' : 'directory/login-taken', 'loginName');
  const why = account ? whyUntouchable(account, person, rules) : null;
  if (why) return no(why, why === 'directory/disabled-by-hand' ? 'disabled' : null);
  if (!rules.mayKeepPeople) return no('directory/not-your-office', null, { right: 'directory.sync' });
  if (account?.unitId && isWidened(wanted, account)) return no('directory/unit-kept', 'unit');
  if (roleOf(wanted, account) === 'unit_clerk' && !unitIdOf(wanted, account)) return no('directory/unit-needed', 'unit');
  if (!account) return step('create', { changes: person.disabled ? ['disabled'] : [] });
  const changes = changesOf(wanted, account, linked === null);
  if (takesArchivist(wanted, account) && isLastArchivist(account.accountId, rules)) return no('directory/last-archivist', 'role');
  const act = !changes.length ? 'nothing' : changes.includes('disabled') ? (person.disabled ? 'disable' : 'enable') : 'change';
  return step(act, { changes, accountId: account.accountId });
}

/** Somebody whom a complete list does not name any more. Who was there before the source stays, and is let go of. */
export function planVanished(account: KnownAccount, rules: PeopleRules): PersonStep {
  const { accountId } = account;
  const step = (act: PersonStep['act'], more: Partial<PersonStep>): PersonStep => ({
    row: null,
    act,
    changes: [],
    refusal: null,
    accountId,
    wanted: null,
    ...more,
  });
  const no = (code: string) => step('refused', { refusal: refusal(code) });
  if (ADMINISTRATIVE.includes(account.role)) return no('directory/administrator-untouched');
  if (accountId === rules.actorId) return no('directory/own-account');
  if (!rules.mayKeepPeople) return step('refused', { refusal: refusal('directory/not-your-office', null, { right: 'directory.sync' }) });
  if (account.disabled || !account.link?.made) return step('change', { changes: ['link'] });
  if (isLastArchivist(accountId, rules)) return no('directory/last-archivist');
  return step('disable', { changes: ['disabled', 'link'] });
}

function whyUntouchable(account: KnownAccount, person: DirectoryPerson, rules: PeopleRules): string | null {
  if (ADMINISTRATIVE.includes(account.role)) return 'directory/administrator-untouched';
  if (account.accountId === rules.actorId) return 'directory/own-account';
  if (account.disabled && !person.disabled && !account.link?.disabledHere) return 'directory/disabled-by-hand';
  return null;
}

export const roleOf = ({ person }: WantedPerson, account: KnownAccount | null): PostRole =>
  ((person.role as PostRole | null) ?? (account?.role as PostRole | undefined) ?? 'person') satisfies PostRole;

/** INVARIANT: nobody comes to reach a whole fonds by losing a unit. */
const isWidened = (wanted: WantedPerson, account: KnownAccount) =>
  unitIdOf(wanted, account) === null && ['archivist', 'unit_clerk'].includes(roleOf(wanted, account));

const unitIdOf = ({ unit }: WantedPerson, account: KnownAccount | null): string | null =>
  unit === null ? (account?.unitId ?? null) : typeof unit === 'string' ? unit : unit.unitId;

function changesOf(wanted: WantedPerson, account: KnownAccount, isAdopted: boolean): PersonChange[] {
  const { person, unit } = wanted;
  const { link } = account;
  const moved =
    unit === 'new' || (unit !== null && typeof unit === 'object' && (unit.unitId !== account.unitId || unit.fondsId !== account.fondsId));
  const differs: Partial<Record<PersonChange, boolean>> = {
    externalId: link !== null && wanted.externalToken !== link.externalToken,
    loginName: wanted.nameToken !== account.nameToken,
    displayName: person.displayName !== null && person.displayName.trim() !== (link?.displayName ?? ''),
    unit: moved,
    role: person.role !== null && person.role !== account.role,
    level: person.level !== null && person.level !== account.level,
    disabled: person.disabled !== account.disabled,
    holder: wanted.holderToken !== null && wanted.holderToken !== account.holderToken,
    link: isAdopted || link?.gone === true,
  };
  return (Object.keys(differs) as PersonChange[]).filter((change) => differs[change]);
}

const takesArchivist = ({ person }: WantedPerson, account: KnownAccount) =>
  account.role === 'archivist' && !account.disabled && (person.disabled || (person.role !== null && person.role !== 'archivist'));

/** INVARIANT: no directory leaves an archive without an archivist. */
const isLastArchivist = (accountId: string, { archivistIds }: PeopleRules) => archivistIds.has(accountId) && archivistIds.size === 1;
