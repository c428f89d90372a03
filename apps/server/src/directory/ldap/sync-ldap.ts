import { ArchiveError, isArchiveError } from '@lantai/values';
import { findAccountByName } from '../../access/index.ts';
import type { Archive } from '../../archive/index.ts';
import { type Desk, openDesk } from '../../desk/index.ts';
import { type Kept, keepDoing } from '../../jobs/index.ts';
import { applyRun, countsOf, previewRun } from '../apply-run.ts';
import type { DirectoryList } from '../directory-list.ts';
import type { PersonStep } from '../plan-people.ts';
import type { RunOptions } from '../plan-run.ts';
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

/**
 * Reads the people of the LDAP directory and keeps their accounts in step. Whatever goes wrong stands at the source until it goes well.
 * @throws ArchiveError as {@link readLdap}, previewRun and applyRun; `directory/complete-with-errors` when somebody has no external id
 */
export async function syncLdap(archive: Archive, desk: Desk, settings: LdapSettings, options: SyncOptions = {}): Promise<PersonStep[]> {
  desk.scope('directory.sync');
  const fondsId = await getOnlyFonds(desk.sql, settings.fonds ?? null);
  const run: RunOptions = { kind: 'ldap', fondsId, adopts: settings.adopts, mayEmpty: options.mayEmpty === true };
  try {
    const list = await readList(settings, options);
    if (options.dryRun) {
      const plan = await previewRun(archive, desk, list, run);
      if (plan.refusal) throw new ArchiveError(plan.refusal.code, 'caller', plan.refusal.params);
      return [...plan.people];
    }
    const { people } = await applyRun(archive, desk, list, { ...run, digest: null, givesPasswords: false });
    return people.map((done) => done.step);
  } catch (error) {
    if (!options.dryRun) await noteFault(archive, desk, fondsId, isArchiveError(error) ? error.code : 'program/failed');
    throw error;
  }
}

async function readList(settings: LdapSettings, { person }: SyncOptions): Promise<DirectoryList> {
  const people = await readLdap(settings, person ?? null);
  const nameless = people.filter((p) => !p.externalId).length;
  // Whoever could not be told apart would be taken for vanished.
  if (nameless && person === undefined) throw new ArchiveError('directory/complete-with-errors', 'caller', { count: nameless });
  return { units: [], people, isComplete: person === undefined };
}

async function noteFault(archive: Archive, desk: Desk, fondsId: string, code: string): Promise<void> {
  await desk.act('directory.sync', async (tx) => {
    const sourceId = await openSource(tx, archive, 'ldap', fondsId);
    await tx.query('update directory_source set fault = $2 where id = $1', [sourceId, code]);
    await tx.log({ kind: 'directory.failed', objectId: sourceId, params: { code } });
  });
}

const MINUTE_MS = 60_000;

/** Keeps people in step as often as the settings say, beginning at once. A failure is told in the journal by its code, and tried again next time. */
export function startLdapJob(archive: Archive, settings: LdapSettings): Kept {
  const once = async () => {
    const account = await findAccountByName(archive, settings.as);
    if (!account) throw new ArchiveError('ldap/account', 'caller');
    const steps = await syncLdap(archive, await openDesk(archive, account, 'administration'), settings);
    const { peopleRefused = 0 } = countsOf([], steps);
    if (peopleRefused) journal('directory/rows-refused', peopleRefused);
  };
  return keepDoing(once, { restMs: settings.everyMinutes * MINUTE_MS, failed: 'program/failed', onFault: journal });
}

function journal(what: string, count?: number): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), what, ...(count ? { count } : {}) })}\n`);
}
