import { ArchiveError, isArchiveError } from '@lantai/values';
import { findAccountByName } from '../../access/index.ts';
import type { Archive } from '../../archive/index.ts';
import { type Desk, openDesk } from '../../desk/index.ts';
import { type Kept, keepDoing } from '../../jobs/index.ts';
import { applyRun, checkOffice, countsOf, previewRun } from '../apply-run.ts';
import type { DirectoryList } from '../directory-list.ts';
import { readUnits } from '../directory-rows.ts';
import type { PersonStep } from '../plan-people.ts';
import type { RunOptions } from '../plan-run.ts';
import { type UnitStep, unnamedUnits } from '../plan-units.ts';
import { getOnlyFonds, openSource } from '../sources.ts';
import { type LdapSettings, readLdapSettings } from './ldap-settings.ts';
import { readLdap } from './read-ldap.ts';

/** How a synchronisation is meant. */
export interface SyncOptions {
  /** Shows and changes nothing. */
  readonly dryRun?: boolean;
  /** One person, by sign-in name: nobody else is looked at, and nobody vanishes. */
  readonly person?: string | undefined;
  /** That many people vanish is meant. */
  readonly mayEmpty?: boolean;
}

/** The settings of this archive. @throws ArchiveError `ldap/off`, and as {@link readLdapSettings} (caller) */
export function ldapSettingsOf({ config }: Pick<Archive, 'config'>): LdapSettings {
  if (!config.access.ldapFile) throw new ArchiveError('ldap/off', 'caller');
  return readLdapSettings(config.access.ldapFile, config.dataFolder);
}

/** What a synchronisation did, or would do. */
export interface SyncResult {
  readonly units: readonly UnitStep[];
  readonly people: readonly PersonStep[];
  /** Codes of units here that the directory does not name. They stay as they are. */
  readonly unnamed: readonly string[];
}

/**
 * Reads the LDAP directory and keeps in step what the desk's office keeps: units the system administrator, accounts the security
 * administrator. Whatever goes wrong stands at the source until it goes well.
 * @throws ArchiveError as {@link readLdap}, previewRun and applyRun; `directory/complete-with-errors` when somebody has no external id
 */
export async function syncLdap(archive: Archive, desk: Desk, settings: LdapSettings, options: SyncOptions = {}): Promise<SyncResult> {
  if (options.person === undefined && settings.units) checkOffice(desk);
  else desk.scope('directory.sync');
  const fondsId = await getOnlyFonds(desk.sql, settings.fonds ?? null);
  const run: RunOptions = { kind: 'ldap', fondsId, adopts: settings.adopts, mayEmpty: options.mayEmpty === true };
  try {
    const list = await readList(desk, settings, options);
    const known = list.units.length ? await readUnits(archive, desk.sql, fondsId) : [];
    const unnamed = unnamedUnits(list.units, known, list.belowCode ?? null);
    if (options.dryRun) {
      const plan = await previewRun(archive, desk, list, run);
      if (plan.refusal) throw new ArchiveError(plan.refusal.code, 'caller', plan.refusal.params);
      return { units: plan.units, people: plan.people, unnamed };
    }
    const { units, people } = await applyRun(archive, desk, list, { ...run, digest: null, givesPasswords: false });
    return { units, people: people.map((done) => done.step), unnamed };
  } catch (error) {
    if (!options.dryRun) await noteFault(archive, desk, fondsId, codeOf(error));
    throw error;
  }
}

const codeOf = (error: unknown) => (isArchiveError(error) ? error.code : 'program/failed');

async function readList(desk: Desk, settings: LdapSettings, { person }: SyncOptions): Promise<DirectoryList> {
  const keepsPeople = desk.may('directory.sync');
  const { units, people } = await readLdap(settings, { loginName: person ?? null, withoutPeople: !keepsPeople });
  const nameless = people.filter((p) => !p.externalId).length;
  // Whoever could not be told apart would be taken for vanished.
  if (nameless && person === undefined) throw new ArchiveError('directory/complete-with-errors', 'caller', { count: nameless });
  // INVARIANT: a list without people is never a complete one, or everybody would have vanished.
  const isComplete = keepsPeople && person === undefined;
  return { units: person === undefined ? units : [], people, isComplete, belowCode: settings.units?.below ?? null };
}

async function noteFault(archive: Archive, desk: Desk, fondsId: string, code: string): Promise<void> {
  await desk.act(desk.may('directory.sync') ? 'directory.sync' : 'organisation.change', async (tx) => {
    const sourceId = await openSource(tx, archive, 'ldap', fondsId);
    await tx.query('update directory_source set fault = $2 where id = $1', [sourceId, code]);
    await tx.log({ kind: 'directory.failed', objectId: sourceId, params: { code } });
  });
}

const MINUTE_MS = 60_000;

async function openOffice(archive: Archive, name: string): Promise<Desk> {
  const account = await findAccountByName(archive, name);
  if (!account) throw new ArchiveError('ldap/account', 'caller');
  return openDesk(archive, account, 'administration');
}

/** One office's part in the name of its account; what it was refused is told in the journal. */
async function syncOffice(archive: Archive, settings: LdapSettings, name: string): Promise<void> {
  const { units, people } = await syncLdap(archive, await openOffice(archive, name), settings);
  const isElsewhere = (step: UnitStep) => step.refusal?.code === 'directory/not-your-office';
  const { peopleRefused = 0, unitsRefused = 0 } = countsOf(
    units.filter((step) => !isElsewhere(step)),
    people,
  );
  if (peopleRefused + unitsRefused) journal('directory/rows-refused', peopleRefused + unitsRefused);
}

/**
 * Keeps units and people in step as often as the settings say, beginning at once. A failure is told in the journal by its code, and tried
 * again next time; units that cannot be kept keep nobody from being disabled.
 */
export function startLdapJob(archive: Archive, settings: LdapSettings): Kept {
  const once = async () => {
    const unitsAs = settings.units?.as;
    const fault = unitsAs === undefined ? null : await faultOf(syncOffice(archive, settings, unitsAs));
    await syncOffice(archive, settings, settings.as);
    if (fault === null) return;
    // The people's run took the units' fault away from the source; it stands there again before it is told.
    const desk = await openOffice(archive, settings.as);
    await noteFault(archive, desk, await getOnlyFonds(desk.sql, settings.fonds ?? null), codeOf(fault.error));
    throw fault.error;
  };
  return keepDoing(once, { restMs: settings.everyMinutes * MINUTE_MS, failed: 'program/failed', onFault: journal });
}

/** What a piece of work failed with, kept until the next piece is done; null: it went well. */
const faultOf = (work: Promise<void>): Promise<{ error: unknown } | null> =>
  work.then(
    () => null,
    (error: unknown) => ({ error }),
  );

function journal(what: string, count?: number): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), what, ...(count ? { count } : {}) })}\n`);
}
