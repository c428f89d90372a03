import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArchiveError } from '@lantai/values';
import { binariesIn, getBinaries } from './binaries.ts';
import { type Choice, chooseRunner } from './choose-runner.ts';
import { createCluster, findClusterVersion, getProgramVersion, makeOwnFolder, takeOwnership } from './cluster.ts';
import { type Postmaster, startPostmaster } from './postmaster.ts';
import { stopOrphan } from './postmaster-file.ts';
import type { Runner } from './runner.ts';
import { formatSettings, heldSettings, settingArguments, tuningSettings } from './settings.ts';
import { makeSocketFolder, removeSocketFolder } from './socket-folder.ts';

export interface EmbeddedOptions {
  /** Replaces settings; tests only. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Considers this way to run alone; tests only. */
  readonly way?: Runner['way'];
  /** PostgreSQL's programs, when they are not under node_modules; tests only. */
  readonly nativeFolder?: string;
}

/** Who may connect: whoever reaches the socket, whose folder is closed to all but PostgreSQL's user. docs/adr/0051 */
const ACCESS_RULES = 'local all all trust\n';

/** Writes PostgreSQL's configuration anew at each start; what an operator changes goes to `<data>/postgresql.local.conf`. */
function writeConfiguration(runFolder: string, dataFolder: string): string[] {
  const local = join(dataFolder, 'postgresql.local.conf');
  const files = {
    'postgresql.conf': `${formatSettings(tuningSettings())}include_if_exists = '${local.replaceAll("'", "''")}'\n`,
    'pg_hba.conf': ACCESS_RULES,
    'pg_ident.conf': '',
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(runFolder, name), text);
    chmodSync(join(runFolder, name), 0o644);
  }
  return settingArguments({
    config_file: join(runFolder, 'postgresql.conf'),
    hba_file: join(runFolder, 'pg_hba.conf'),
    ident_file: join(runFolder, 'pg_ident.conf'),
  });
}

function checkVersion({ runner, binaries }: Choice, pgFolder: string): void {
  const found = findClusterVersion(pgFolder);
  const program = getProgramVersion(runner, binaries);
  if (found !== null && found !== program) throw new ArchiveError('db/major-differs', 'environment', { found, program });
}

/** An embedded PostgreSQL that answers. */
export interface Embedded {
  readonly postmaster: Postmaster;
  readonly pgFolder: string;
  readonly way: Runner['way'];
  /** True when the cluster was made just now. */
  readonly fresh: boolean;
  /** Starts PostgreSQL again after it died. */
  restart(): Promise<Postmaster>;
  /** Removes what only a running database needs. Call after it stopped. */
  clear(): void;
}

/**
 * Starts PostgreSQL on `<dataFolder>/pg`, making the cluster when there is none. Call only while holding the folder's lock.
 * @param dataFolder absolute; exists
 */
export async function startEmbedded(dataFolder: string, options: EmbeddedOptions = {}): Promise<Embedded> {
  const choice = chooseRunner(options.nativeFolder ? binariesIn(options.nativeFolder) : getBinaries(), dataFolder, options.way);
  const { runner, binaries } = choice;
  const pgFolder = join(dataFolder, 'pg');
  const runFolder = join(dataFolder, 'run');
  mkdirSync(runFolder, { recursive: true });
  chmodSync(runFolder, 0o711);
  const fresh = findClusterVersion(pgFolder) === null;
  checkVersion(choice, pgFolder);
  if (fresh) createCluster(runner, binaries, pgFolder);
  await stopOrphan(pgFolder);
  takeOwnership(runner, pgFolder);
  const socketFolder = makeSocketFolder(runFolder);
  makeOwnFolder(socketFolder, runner);
  const settings = [
    ...writeConfiguration(runFolder, dataFolder),
    ...settingArguments({ ...heldSettings(socketFolder), ...options.overrides }),
  ];
  const start = () => startPostmaster(runner, binaries, { pgFolder, socketFolder, settings });
  return {
    postmaster: await start(),
    pgFolder,
    way: runner.way,
    fresh,
    restart: start,
    clear: () => removeSocketFolder(runFolder),
  };
}
