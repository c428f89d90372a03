import { canonicalJson, formatHex, type Json, utf8 } from '@lantai/values';
import { ACCOUNT_KEY, holderToken } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import type { Desk } from '../desk/index.ts';
import { type DirectoryList, type DirectoryPerson, type DirectoryRefusal, refusal } from './directory-list.ts';
import { externalToken, readAccounts, readArchivistIds, readUnits } from './directory-rows.ts';
import { type UnitFinder, unitFinder } from './find-unit.ts';
import { type KnownAccount, type PeopleRules, type PersonStep, planPerson, planVanished, type WantedPerson } from './plan-people.ts';
import { planUnits, type UnitStep } from './plan-units.ts';
import { findSource, type SourceKind } from './sources.ts';

/** How a list is meant. */
export interface RunOptions {
  readonly kind: SourceKind;
  readonly fondsId: string;
  /** Takes up accounts that were there before, by their sign-in name. */
  readonly adopts: boolean;
  /** Lets a run disable more than {@link VANISH_SHARE} of its people. */
  readonly mayEmpty?: boolean;
}

/** Everything a list would change, and what it may not. */
export interface DirectoryPlan {
  readonly units: readonly UnitStep[];
  readonly people: readonly PersonStep[];
  /** What stops the whole run; null: it can be applied. */
  readonly refusal: DirectoryRefusal | null;
  /** Keyed digest of the plan: what is applied is what was shown. Hexadecimal. */
  readonly digest: string;
}

/** A complete list that would disable more than this share of the people it keeps, and more than a handful, is stopped: it is cut off or empty. */
const VANISH_SHARE = 0.2;
const VANISH_FREE = 5;
/** Stands for a source that has not been used yet, so that nothing is linked to it. */
export const NO_SOURCE = '00000000-0000-0000-0000-000000000000';

/** What a person of the list comes down to here. */
export function wantedOf(archive: Archive, sourceId: string, person: DirectoryPerson, find: UnitFinder): WantedPerson {
  return {
    person,
    nameToken: formatHex(archive.sealer.accountToken(person.loginName)),
    externalToken: formatHex(externalToken(archive, sourceId, person.externalId)),
    holderToken: person.holderNumber ? formatHex(holderToken(archive, person.holderNumber)) : null,
    unit: find(person.unit),
  };
}

/** The rules of a run at this desk. */
export async function rulesOf(sql: Sql, desk: Desk, options: RunOptions, sourceId: string): Promise<PeopleRules> {
  return {
    sourceId,
    fondsId: options.fondsId,
    highestLevel: desk.highestLevel,
    mayKeepPeople: desk.may('directory.sync'),
    adopts: options.adopts,
    archivistIds: await readArchivistIds(sql),
    actorId: desk.actor.accountId,
  };
}

/** Compares a list with the archive. Changes nothing. */
export async function planRun(archive: Archive, desk: Desk, sql: Sql, list: DirectoryList, options: RunOptions): Promise<DirectoryPlan> {
  const units = await readUnits(archive, sql, options.fondsId);
  const unitSteps = planUnits(list.units, units, desk.may('organisation.change'), list.belowCode ?? null);
  const made = new Set(unitSteps.filter((s) => s.act === 'create').map((s) => s.code));
  const pending = new Set(unitSteps.filter((s) => s.refusal?.code === 'directory/not-your-office').map((s) => s.code));
  const texts = list.people.map((p) => p.unit);
  const find = await unitFinder(sql, { fondsId: options.fondsId, units, made, pending, texts });
  const source = await findSource(sql, options.kind, options.fondsId);
  const sourceId = source?.id ?? NO_SOURCE;
  const wanted = list.people.map((person) => wantedOf(archive, sourceId, person, find));
  const nameTokens = wanted.map((w) => Buffer.from(w.nameToken, 'hex'));
  const accounts = await readAccounts(archive, sql, { nameTokens, sourceId });
  const rules = await rulesOf(sql, desk, options, sourceId);
  const people = planPeople(wanted, accounts, rules, list.isComplete);
  const stop = options.mayEmpty ? null : findEmptied(people, accounts, sourceId);
  return { units: unitSteps, people, refusal: stop, digest: digestOf(archive, unitSteps, people) };
}

function planPeople(
  wanted: readonly WantedPerson[],
  accounts: readonly KnownAccount[],
  rules: PeopleRules,
  isComplete: boolean,
): PersonStep[] {
  const linked = new Map(accounts.flatMap((a) => (a.link?.sourceId === rules.sourceId ? [[a.link.externalToken, a] as const] : [])));
  const named = new Map(accounts.map((a) => [a.nameToken, a]));
  const archivists = new Set(rules.archivistIds);
  const seen = { external: new Set<string>(), name: new Set<string>() };
  const noted = (step: PersonStep): PersonStep => {
    // Who is the last archivist depends on what became of those before.
    const isTaken =
      step.accountId && (step.act === 'disable' || (step.changes.includes('role') && step.wanted?.person.role !== 'archivist'));
    if (isTaken) archivists.delete(step.accountId!);
    return step;
  };
  const live = { ...rules, archivistIds: archivists };
  const steps = wanted.map((w) => {
    const twice = seen.external.has(w.externalToken) ? 'externalId' : seen.name.has(w.nameToken) ? 'loginName' : null;
    seen.external.add(w.externalToken);
    seen.name.add(w.nameToken);
    const account = linked.get(w.externalToken) ?? null;
    if (!twice) return noted(planPerson(w, account, named.get(w.nameToken) ?? null, live));
    const why = refusal('directory/duplicate', twice);
    return { row: w.person.row, act: 'refused', changes: [], refusal: why, accountId: account?.accountId ?? null, wanted: w } as const;
  });
  if (!isComplete) return steps;
  const vanished = [...linked.values()].filter((a) => !seen.external.has(a.link!.externalToken) && !a.link!.gone);
  return [...steps, ...vanished.map((account) => noted(planVanished(account, live)))];
}

function findEmptied(people: readonly PersonStep[], accounts: readonly KnownAccount[], sourceId: string): DirectoryRefusal | null {
  const kept = accounts.filter((a) => a.link?.sourceId === sourceId && !a.link.gone).length;
  const vanishing = people.filter((s) => s.wanted === null).length;
  if (vanishing <= VANISH_FREE || vanishing <= kept * VANISH_SHARE) return null;
  return refusal('directory/too-many-vanish', null, { vanishing, kept });
}

/** INVARIANT: two plans with the same digest do the same to the same accounts. */
function digestOf({ sealer }: Archive, units: readonly UnitStep[], people: readonly PersonStep[]): string {
  const told = {
    units: units.map((s) => [s.row, s.act, s.code, s.unit.name, s.unit.parentCode, [...s.changes], s.refusal?.code ?? null]),
    people: people.map((s) => [
      [s.row, s.act, s.accountId, [...s.changes], s.refusal?.code ?? null],
      s.wanted && [s.wanted.externalToken, s.wanted.nameToken, s.wanted.holderToken, s.wanted.person.displayName, s.wanted.person.unit],
      s.wanted && [s.wanted.person.role, s.wanted.person.level, s.wanted.person.disabled],
    ]),
  };
  const key = sealer.subkey(ACCOUNT_KEY, 'lantai/directory-plan/v1');
  return formatHex(sealer.primitives.hmac('sha256', key, utf8(canonicalJson(told as Json))));
}
