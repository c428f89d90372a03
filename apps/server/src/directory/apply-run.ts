import { ArchiveError, isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import { dropPerson, inOwnTx, keepPerson, type PersonDone, type PersonWork } from './apply-person.ts';
import { applyUnits } from './apply-units.ts';
import { type DirectoryList, PEOPLE_MAX, refusal, UNITS_MAX } from './directory-list.ts';
import { readUnits } from './directory-rows.ts';
import { unitFinder } from './find-unit.ts';
import type { PersonStep } from './plan-people.ts';
import { type DirectoryPlan, planRun, type RunOptions } from './plan-run.ts';
import type { UnitStep } from './plan-units.ts';
import { findSource, openSource } from './sources.ts';

/** What a run did. */
export interface RunResult {
  readonly units: readonly UnitStep[];
  readonly people: readonly PersonDone[];
}

export interface ApplyOptions extends RunOptions {
  /** The digest of the plan that was shown; null: applied as it comes, by a job or a command. */
  readonly digest: string | null;
  /** Gives new people a password that is shown once. */
  readonly givesPasswords: boolean;
}

/** One password costs a core some 30 ms, and is cut out of paper by somebody. */
export const PASSWORDS_MAX = 200;

/** @throws ArchiveError `directory/too-many-rows` (caller) */
function checkSize(list: DirectoryList): void {
  if (list.people.length > PEOPLE_MAX) throw new ArchiveError('directory/too-many-rows', 'caller', { max: PEOPLE_MAX });
  if (list.units.length > UNITS_MAX) throw new ArchiveError('directory/too-many-rows', 'caller', { max: UNITS_MAX });
}

/** Who keeps neither units nor people has no business with a list. @throws ArchiveError `desk/not-allowed` (caller) */
export function checkOffice(desk: Desk): void {
  if (!desk.may('organisation.change')) desk.scope('directory.sync');
}

/**
 * What a list would change, with an entry that somebody looked. Changes nothing else.
 * @throws ArchiveError `desk/not-allowed`, `directory/too-many-rows`, `fonds/not-found` (caller)
 */
export async function previewRun(archive: Archive, desk: Desk, list: DirectoryList, options: RunOptions): Promise<DirectoryPlan> {
  checkOffice(desk);
  checkSize(list);
  return desk.tx(async (tx) => {
    if (!(await tx.one('select 1 as one from fonds where id = $1', [options.fondsId]))) throw new ArchiveError('fonds/not-found', 'caller');
    const plan = await planRun(archive, desk, tx, list, options);
    await tx.log({
      kind: 'directory.planned',
      objectId: options.fondsId,
      params: { units: list.units.length, people: list.people.length },
    });
    return plan;
  });
}

/**
 * Applies a list. Units land in one transaction; then people, each in one of their own, those who leave first (docs/adr/0200): what one row
 * is refused keeps no other from happening, and a run that dies is gone on with by the next.
 * Each administrator's part alone is done: units by the system administrator, people by the security administrator.
 * @throws ArchiveError `directory/plan-changed`, `directory/too-many-vanish`, `directory/too-many-passwords`, as {@link previewRun} (caller)
 */
export async function applyRun(archive: Archive, desk: Desk, list: DirectoryList, options: ApplyOptions): Promise<RunResult> {
  checkOffice(desk);
  checkSize(list);
  const plan = await planRun(archive, desk, desk.sql, list, options);
  if (options.digest !== null && options.digest !== plan.digest) throw new ArchiveError('directory/plan-changed', 'caller');
  if (plan.refusal) throw new ArchiveError(plan.refusal.code, 'caller', plan.refusal.params);
  if (options.givesPasswords && plan.people.filter((s) => s.act === 'create').length > PASSWORDS_MAX)
    throw new ArchiveError('directory/too-many-passwords', 'caller', { max: PASSWORDS_MAX });
  const units =
    desk.may('organisation.change') && list.units.length
      ? await applyUnits(archive, desk, options.fondsId, list.units, list.belowCode)
      : plan.units;
  const people = desk.may('directory.sync') ? await applyPeople(archive, desk, list, plan, options) : plan.people.map(untouched);
  await desk.tx(async (tx) => {
    const source = await findSource(tx, options.kind, options.fondsId);
    if (source && desk.may('directory.sync'))
      await tx.query('update directory_source set ran_at_ms = $2, fault = null where id = $1', [source.id, archive.clock.nowMs()]);
    await tx.log({
      kind: 'directory.applied',
      objectId: options.fondsId,
      params: countsOf(
        units,
        people.map((p) => p.step),
      ),
    });
  });
  return { units, people };
}

const untouched = (step: PersonStep): PersonDone => ({ step, accountId: step.accountId, password: null });

/** Whoever leaves goes first: their sessions end even when the run ends early. */
const RANK: Readonly<Record<PersonStep['act'], number>> = { disable: 0, change: 1, enable: 2, create: 3, nothing: 4, refused: 5 };

async function applyPeople(
  archive: Archive,
  desk: Desk,
  list: DirectoryList,
  plan: DirectoryPlan,
  options: ApplyOptions,
): Promise<PersonDone[]> {
  const sourceId = await desk.act('directory.sync', (tx) => openSource(tx, archive, options.kind, options.fondsId));
  const units = await readUnits(archive, desk.sql, options.fondsId);
  const texts = list.people.map((p) => p.unit);
  const find = await unitFinder(desk.sql, { fondsId: options.fondsId, units, made: new Set(), texts });
  const work: PersonWork = { archive, desk, options, sourceId, find, givesPasswords: options.givesPasswords };
  const done = new Map<PersonStep, PersonDone>();
  const order = plan.people.map((step, at) => ({ step, at })).sort((a, b) => RANK[a.step.act] - RANK[b.step.act] || a.at - b.at);
  for (const { step } of order) done.set(step, await applyStep(work, step));
  return plan.people.map((step) => done.get(step) ?? untouched(step));
}

async function applyStep(work: PersonWork, step: PersonStep): Promise<PersonDone> {
  if (step.act === 'refused' || step.act === 'nothing') return untouched(step);
  try {
    return await inOwnTx(work, (tx) =>
      step.wanted ? keepPerson(tx, work, step.wanted.person) : dropPerson(tx, work, step.accountId ?? ''),
    );
  } catch (error) {
    // What accounts refuse is this row's outcome; the disk and the database are not.
    if (!isArchiveError(error) || error.fault !== 'caller') throw error;
    return untouched({
      ...step,
      act: 'refused',
      refusal: refusal(error.code, null, { ...error.detail } as Record<string, string | number>),
    });
  }
}

/** How many rows came to what. */
export function countsOf(units: readonly UnitStep[], people: readonly PersonStep[]): Record<string, number> {
  const counts: Record<string, number> = { unitsRefused: 0, peopleRefused: 0 };
  const count = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  for (const { act } of units) count(`units${act[0]!.toUpperCase()}${act.slice(1)}`);
  for (const { act } of people) count(`people${act[0]!.toUpperCase()}${act.slice(1)}`);
  return counts;
}
