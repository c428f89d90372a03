import { mkdirSync, realpathSync } from 'node:fs';
import { ArchiveError, isArchiveError } from '@lantai/values';
import { SUPER_ROLE } from './embedded/cluster.ts';
import type { Postmaster } from './embedded/postmaster.ts';
import { type Embedded, type EmbeddedOptions, startEmbedded } from './embedded/start-embedded.ts';
import { type Connections, prepareExternal } from './external.ts';
import { lockFolder } from './folder-lock.ts';
import { APP_ROLE, checkBoundRole, createDatabase, createRoles, OWNER_ROLE, SYSTEM_ROLE, withClient } from './roles.ts';
import { announceServer, retractServer } from './running-server.ts';

export interface DatabaseConfig {
  /** Absolute; made when missing. Locked for this process until `stop`. */
  readonly dataFolder: string;
  /** A PostgreSQL 15+ of the operator's; without it the embedded one runs on `<dataFolder>/pg`. */
  readonly databaseUrl?: string | null;
}

/** A database that answers, on a data folder that is this process's alone. */
export interface RunningDatabase extends Connections {
  readonly kind: 'embedded' | 'external';
  /** The files of the embedded database, for a physical backup; null when external. */
  readonly pgFolder: string | null;
  /** Tells other programs of this user where the web answers. */
  announceWeb(webUrl: string): void;
  /** Rejects when the database died and could not be started again; never resolves. */
  readonly lost: Promise<never>;
  /** Close the pools first. Stops the embedded database in good order and gives the folder free. May be called twice. */
  stop(): Promise<void>;
}

const DATABASE = 'lantai';
/** A database that dies again and again must not be started for ever. */
const RESTARTS_MAX = 5;
const RESTART_WINDOW_MS = 600_000;

/** Brings a new cluster to where the migrations begin; does nothing the second time. */
async function prepareEmbedded(postmaster: Postmaster): Promise<void> {
  await withClient(postmaster.connectionAs(SUPER_ROLE, 'postgres'), async (client) => {
    await createRoles(client, 'LOGIN');
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (!rowCount) await createDatabase(client, DATABASE);
    // A database made by a program that knew two roles lets the third in.
    else await client.query(`GRANT CONNECT ON DATABASE ${DATABASE} TO ${SYSTEM_ROLE}`);
  });
  // CRASH: each of these may be repeated.
  await withClient(postmaster.connectionAs(SUPER_ROLE, DATABASE), async (client) => {
    // Physical backups are made by statements; see docs/adr/0052.
    await client.query(`GRANT EXECUTE ON FUNCTION pg_backup_start, pg_backup_stop, pg_switch_wal TO ${OWNER_ROLE}`);
  });
}

/** Starts PostgreSQL again whenever it died, so that a killed database costs seconds and no operator. */
class Supervisor {
  private postmaster: Postmaster;
  private stopping = false;
  private readonly diedAtMs: number[] = [];
  private readonly embedded: Embedded;
  private running: Promise<void>;
  readonly lost: Promise<never>;

  constructor(embedded: Embedded) {
    this.embedded = embedded;
    this.postmaster = embedded.postmaster;
    this.running = this.watch();
    this.lost = new Promise<never>((_, reject) => {
      this.running.catch(reject);
    });
    // Whoever does not listen sees `db/unavailable` at the next statement.
    this.lost.catch(() => undefined);
  }

  private async watch(): Promise<void> {
    while (!this.stopping) {
      await this.postmaster.gone;
      await this.revive();
    }
  }

  private async revive(): Promise<void> {
    while (!this.stopping) {
      this.countDeath();
      try {
        this.postmaster = await this.embedded.restart();
        return;
      } catch (error) {
        // Killed again before it answered: that counts as one more death.
        if (!isArchiveError(error, 'db/does-not-start')) throw error;
      }
    }
  }

  private countDeath(): void {
    const now = Date.now();
    this.diedAtMs.push(now);
    if (this.diedAtMs.filter((at) => now - at < RESTART_WINDOW_MS).length > RESTARTS_MAX) {
      throw new ArchiveError('db/keeps-dying', 'environment', { restarts: RESTARTS_MAX });
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.postmaster.stop();
    // A restart may have been under way: it ends in a server of its own, or in an error that `lost` has told.
    await this.running.catch(() => undefined);
    await this.postmaster.stop();
  }
}

type Started = Omit<RunningDatabase, 'announceWeb' | 'kind'>;

async function startEmbeddedDatabase(dataFolder: string, options: EmbeddedOptions): Promise<Started> {
  const embedded = await startEmbedded(dataFolder, options);
  try {
    await prepareEmbedded(embedded.postmaster);
  } catch (error) {
    await embedded.postmaster.stop();
    throw error;
  }
  const supervisor = new Supervisor(embedded);
  return {
    connection: embedded.postmaster.connectionAs(APP_ROLE, DATABASE),
    systemConnection: embedded.postmaster.connectionAs(SYSTEM_ROLE, DATABASE),
    ownerConnection: embedded.postmaster.connectionAs(OWNER_ROLE, DATABASE),
    pgFolder: embedded.pgFolder,
    lost: supervisor.lost,
    stop: async () => {
      await supervisor.stop();
      embedded.clear();
    },
  };
}

async function startExternalDatabase(databaseUrl: string): Promise<Started> {
  const connections = await prepareExternal(databaseUrl);
  return { ...connections, pgFolder: null, lost: new Promise<never>(() => undefined), stop: async () => undefined };
}

/**
 * Takes the data folder for this process and gives a database that answers: the embedded PostgreSQL, recovered from whatever a crash
 * left, or the operator's.
 * @throws ArchiveError `data/in-use`, `data/not-writable`, `db/no-binaries`, `db/cannot-run`, `db/cannot-create`, `db/does-not-start`,
 * `db/does-not-stop`, `db/major-differs`, `db/not-owner` (environment), for the embedded one
 * @throws ArchiveError `db/address-malformed` (caller), `db/unavailable`, `db/too-old`, `db/not-utf8`, `db/not-durable`,
 * `db/roles-missing`, `db/role-too-strong` (environment), for an external one
 */
export async function startDatabase(config: DatabaseConfig, options: EmbeddedOptions = {}): Promise<RunningDatabase> {
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 });
  const dataFolder = realpathSync(config.dataFolder);
  const lock = await lockFolder(dataFolder);
  let started: Started | undefined;
  try {
    started = config.databaseUrl ? await startExternalDatabase(config.databaseUrl) : await startEmbeddedDatabase(dataFolder, options);
    await checkBoundRole(started.connection, APP_ROLE);
    await checkBoundRole(started.systemConnection, SYSTEM_ROLE);
    return present(dataFolder, started, lock.release, config.databaseUrl ? 'external' : 'embedded');
  } catch (error) {
    await started?.stop();
    lock.release();
    throw error;
  }
}

function present(dataFolder: string, started: Started, release: () => void, kind: RunningDatabase['kind']): RunningDatabase {
  const { connection, systemConnection, ownerConnection } = started;
  const announce = (webUrl: string | null) =>
    announceServer(dataFolder, { database: kind === 'embedded' ? { connection, systemConnection, ownerConnection } : null, webUrl });
  announce(null);
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    retractServer(dataFolder);
    await started.stop();
    // INVARIANT: the folder is given free only after PostgreSQL is gone from it.
    release();
  };
  return {
    ...started,
    kind,
    announceWeb: announce,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** True when an error means that another server is at work on the folder. */
export const isFolderInUse = (error: unknown): boolean => isArchiveError(error, 'data/in-use');
