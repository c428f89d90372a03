import { ArchiveError } from '@lantai/values';
import { type AccountChange, changeAccountIn, createAccountIn, lockAccounts, makePassword } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { type Desk, type DeskTx, madeObjects } from '../desk/index.ts';
import type { DirectoryPerson } from './directory-list.ts';
import { readAccounts, sealBody } from './directory-rows.ts';
import type { UnitFinder } from './find-unit.ts';
import {
  type KnownAccount,
  type KnownLink,
  LEVEL_OF_NEW,
  type PeopleRules,
  type PersonChange,
  type PersonStep,
  planPerson,
  planVanished,
  roleOf,
  type WantedPerson,
} from './plan-people.ts';
import { type RunOptions, rulesOf, wantedOf } from './plan-run.ts';

/** What {@link createAccountIn} gives a new account. */
const FIRST_VERSION = 1;

/** What is the same for everybody of a run. */
export interface PersonWork {
  readonly archive: Archive;
  readonly desk: Desk;
  readonly options: RunOptions;
  readonly sourceId: string;
  readonly find: UnitFinder;
  /** Gives new people a password that is shown once; else they have none. */
  readonly givesPasswords: boolean;
}

/** What became of a person. */
export interface PersonDone {
  readonly step: PersonStep;
  readonly accountId: string | null;
  /** Shown once; null where none was given. */
  readonly password: string | null;
}

/**
 * Does what a source wants of one person, in a transaction that holds {@link lockAccounts}: planned again there, so that nothing is done upon
 * what was read before. A refusal is an outcome, not an error.
 * @throws ArchiveError what accounts refuse (caller): nothing has then been changed
 */
export async function keepPerson(tx: DeskTx, work: PersonWork, person: DirectoryPerson): Promise<PersonDone> {
  const { archive, desk, options, sourceId, find } = work;
  const wanted = wantedOf(archive, sourceId, person, find);
  const bytes = (hex: string) => Buffer.from(hex, 'hex');
  const accounts = await readAccounts(archive, tx, {
    nameTokens: [bytes(wanted.nameToken)],
    sourceId,
    externalTokens: [bytes(wanted.externalToken)],
  });
  const linked = accounts.find((a) => a.link?.sourceId === sourceId && a.link.externalToken === wanted.externalToken) ?? null;
  const named = accounts.find((a) => a.nameToken === wanted.nameToken) ?? null;
  const rules = await rulesOf(tx, desk, options, sourceId);
  const step = planPerson(wanted, linked, named, rules);
  if (step.act === 'create') return createPerson(tx, work, step, wanted, rules);
  return doStep(tx, work, step, wanted, linked ?? named);
}

/**
 * The same for an account that is known by its id: sign-in name and external id may both be others now.
 * @throws ArchiveError `directory/external-taken` (caller), and as {@link keepPerson}
 */
export async function keepLinked(tx: DeskTx, work: PersonWork, linked: KnownAccount, person: DirectoryPerson): Promise<PersonDone> {
  const { archive, desk, options, sourceId, find } = work;
  const wanted = wantedOf(archive, sourceId, person, find);
  const others = await readAccounts(archive, tx, {
    nameTokens: [Buffer.from(wanted.nameToken, 'hex')],
    sourceId,
    externalTokens: [Buffer.from(wanted.externalToken, 'hex')],
  });
  if (
    others.some((a) => a.accountId !== linked.accountId && a.link?.sourceId === sourceId && a.link.externalToken === wanted.externalToken)
  )
    throw new ArchiveError('directory/external-taken', 'caller');
  const named = others.find((a) => a.nameToken === wanted.nameToken) ?? null;
  const step = planPerson(wanted, linked, named, await rulesOf(tx, desk, options, sourceId));
  return doStep(tx, work, step, wanted, linked);
}

async function doStep(
  tx: DeskTx,
  work: PersonWork,
  step: PersonStep,
  wanted: WantedPerson,
  account: KnownAccount | null,
): Promise<PersonDone> {
  if (step.act === 'refused' || step.act === 'nothing') return { step, accountId: step.accountId, password: null };
  if (!account) throw new ArchiveError('directory/changed-since', 'caller');
  await changePerson(tx, work, { step, account, wanted });
  return { step, accountId: account.accountId, password: null };
}

/** Lets go of somebody whom a complete list does not name any more: disabled when the source made the account. */
export async function dropPerson(tx: DeskTx, work: PersonWork, accountId: string): Promise<PersonDone> {
  const { archive, desk, options, sourceId } = work;
  const [account] = await readAccounts(archive, tx, { accountId });
  if (account?.link?.sourceId !== sourceId || account.link.gone) throw new ArchiveError('directory/changed-since', 'caller');
  const rules = await rulesOf(tx, desk, options, sourceId);
  const step = planVanished(account, rules);
  if (step.act !== 'refused') await changePerson(tx, work, { step, account, wanted: null });
  return { step, accountId, password: null };
}

/** One person in a transaction of its own. */
export function inOwnTx<T>(work: PersonWork, act: (tx: DeskTx) => Promise<T>): Promise<T> {
  return work.desk.act('directory.sync', async (tx) => {
    await lockAccounts(tx);
    return act(tx);
  });
}

async function createPerson(tx: DeskTx, work: PersonWork, step: PersonStep, wanted: WantedPerson, rules: PeopleRules): Promise<PersonDone> {
  const { archive, desk } = work;
  const { person, unit } = wanted;
  const password = work.givesPasswords && !person.disabled ? makePassword() : null;
  const place = typeof unit === 'object' ? unit : null;
  const accountId = await createAccountIn(tx, archive, {
    name: person.loginName,
    role: roleOf(wanted, null),
    fondsId: place?.fondsId ?? rules.fondsId,
    unitId: place?.unitId ?? null,
    levelMax: person.level ?? Math.min(LEVEL_OF_NEW, rules.highestLevel),
    ...(person.holderNumber ? { holderNumber: person.holderNumber } : {}),
    password,
  });
  if (person.disabled) await changeAccountIn(tx, archive, desk.actor, accountId, { baseVersion: FIRST_VERSION, disabled: true });
  await insertLink(tx, work, accountId, wanted, { made: true, disabledHere: person.disabled });
  return { step: { ...step, accountId }, accountId, password };
}

interface Change {
  readonly step: PersonStep;
  readonly account: KnownAccount;
  /** Null for somebody who vanished. */
  readonly wanted: WantedPerson | null;
}

async function changePerson(tx: DeskTx, work: PersonWork, { step, account, wanted }: Change): Promise<void> {
  const { accountId } = account;
  const person = wanted?.person;
  const place = typeof wanted?.unit === 'object' ? wanted.unit : null;
  const told: Omit<AccountChange, 'baseVersion'> = {
    ...(has(step, 'loginName') ? { name: person?.loginName } : {}),
    ...(has(step, 'unit') && place ? { fondsId: place.fondsId, unitId: place.unitId } : {}),
    ...(has(step, 'role') && wanted ? { role: roleOf(wanted, account) } : {}),
    ...(has(step, 'level') ? { levelMax: person?.level ?? undefined } : {}),
    ...(has(step, 'disabled') ? { disabled: person?.disabled ?? true } : {}),
    ...(has(step, 'holder') ? { holderNumber: person?.holderNumber ?? undefined } : {}),
  };
  if (Object.keys(told).length)
    await changeAccountIn(tx, work.archive, work.desk.actor, accountId, { ...told, baseVersion: account.version });
  if (account.link) await updateLink(tx, work, account.link, step, wanted);
  // An account that an administrator had disabled before stays the administrator's to enable.
  else if (wanted)
    await insertLink(tx, work, accountId, wanted, { made: false, disabledHere: has(step, 'disabled') && wanted.person.disabled });
}

const has = (step: PersonStep, change: PersonChange) => step.changes.includes(change);

async function insertLink(
  tx: DeskTx,
  work: PersonWork,
  accountId: string,
  { person, externalToken }: WantedPerson,
  { made, disabledHere }: { readonly made: boolean; readonly disabledHere: boolean },
): Promise<void> {
  const { archive, sourceId } = work;
  const entryId = archive.clock.newId();
  await tx.query(
    `insert into directory_person (account_id, source_id, external_token, body, made, disabled_here, created_at_ms, changed_at_ms, entry_id)
     values ($1, $2, $3, $4, $5, $6, $7, $7, $8)`,
    [
      accountId,
      sourceId,
      Buffer.from(externalToken, 'hex'),
      sealBody(archive, accountId, { externalId: person.externalId.trim(), displayName: person.displayName?.trim() || null }),
      made,
      disabledHere,
      archive.clock.nowMs(),
      entryId,
    ],
  );
  const changed = [madeObjects('directory_person', [accountId])];
  await tx.log({
    id: entryId,
    kind: 'directory.person-kept',
    objectId: accountId,
    params: { source: sourceId, act: made ? 'made' : 'adopted' },
    changed,
  });
}

async function updateLink(tx: DeskTx, work: PersonWork, link: KnownLink, step: PersonStep, wanted: WantedPerson | null): Promise<void> {
  const { archive, sourceId } = work;
  const accountId = step.accountId!;
  const changed = [await tx.watch('directory_person', [accountId])];
  const person = wanted?.person;
  const body =
    person && (has(step, 'displayName') || has(step, 'externalId'))
      ? sealBody(archive, accountId, { externalId: person.externalId.trim(), displayName: person.displayName?.trim() || link.displayName })
      : null;
  await tx.query(
    `update directory_person set body = coalesce($2, body), disabled_here = $3, gone = $4, changed_at_ms = $5, version = version + 1,
       external_token = coalesce($6, external_token) where account_id = $1`,
    [
      accountId,
      body,
      has(step, 'disabled') ? (person?.disabled ?? true) : link.disabledHere,
      wanted === null,
      archive.clock.nowMs(),
      wanted && Buffer.from(wanted.externalToken, 'hex'),
    ],
  );
  await tx.log({
    kind: 'directory.person-kept',
    objectId: accountId,
    params: { source: sourceId, act: wanted === null ? 'vanished' : 'changed' },
    changed,
  });
}
