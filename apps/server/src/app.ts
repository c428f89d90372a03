import { join } from 'node:path';
import { openDiskBlobStore } from '@lantai/disk';
import { nodePrimitives } from '@lantai/primitives-node';
import { ArchiveError, isArchiveError } from '@lantai/values';
import { keepAnchors } from './anchors/index.ts';
import {
  type Archive,
  type ArchiveIdentity,
  findArchiveFile,
  LOG_KEY_FILE,
  LogKeys,
  Moments,
  openKeys,
  Sealer,
  systemClock,
  writeDurably,
} from './archive/index.ts';
import { queueProposals } from './catalogue/index.ts';
import { createChildPool } from './children/index.ts';
import type { Config } from './config.ts';
import { connectionsBeside, type Db, findRunningServer, openDb, POOL_MAX, type RunningDatabase, startDatabase } from './db/index.ts';
import { expireUploads } from './ingest/index.ts';
import { JobQueue } from './jobs/index.ts';
import { settleLogKeys } from './keeping/index.ts';
import { queueExaminations } from './keyfacts/index.ts';
import { runLearning } from './learning/index.ts';
import { fileManifest } from './manifest/index.ts';
import { keepConsultations, runReorganisation } from './organisation/index.ts';
import { optimiseRead, queueOptimising } from './pages/index.ts';
import { finishDestructions, repeatDestructions } from './personal/index.ts';
import { startPipeline } from './pipeline/index.ts';
import { runPropertyCheck } from './properties/index.ts';
import { keepFrequencies } from './search/index.ts';
import { openLogReader, type Sequencer, startSequencer } from './sequencer/index.ts';
import { migrateDatabase } from './setup/index.ts';

/** An archive that this process works with, until it is closed. */
export interface OpenArchive extends Archive {
  /** True when another process serves the folder: this one shares its database and leaves ordering and reading to it. */
  readonly isShared: boolean;
  /** Where the serving process answers; null when nobody does. */
  readonly webUrl: string | null;
  /** Present in the process that holds the folder. */
  readonly sequencer: Sequencer | null;
  readonly database: RunningDatabase | null;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Starts reading pages in this process, if it holds the folder. */
  readonly reads: boolean;
  /** Reads also when another process serves the folder: a worker beside it. */
  readonly joins?: boolean;
  /** Refuses to share: the server wants the folder alone. */
  readonly exclusive?: boolean;
}

/** A file is taken apart in this much memory and time, or it is refused. */
const DECODER = { entry: 'decoder', count: 2, memoryLimitMb: 1500, timeoutMs: 120_000 } as const;
/** A page that needs more is kept for a person. Measured: a reader peaks below 900 MB. */
const READER = { entry: 'reader', memoryLimitMb: 1800, timeoutMs: 120_000 } as const;

/**
 * Opens the archive of the data folder: every part constructed and joined, on this one screen.
 * @throws ArchiveError `archive/none` (caller), `data/in-use`, `key/…`, `db/…`
 */
export async function openArchive(config: Config, options: OpenOptions): Promise<OpenArchive> {
  const file = findArchiveFile(config.dataFolder);
  if (!file) throw new ArchiveError('archive/none', 'caller');
  const running = options.exclusive ? null : findRunningServer(config.dataFolder);
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of closers.reverse()) await close();
  };
  try {
    const database = running ? null : await startDatabase(config);
    if (database) closers.push(() => database.stop());
    const { connection, systemConnection } = database ?? connectionsBeside(running!, config.databaseUrl);
    if (database) await migrateDatabase(database);
    const db = openDb(connection, { poolMax: running ? POOL_MAX.beside : POOL_MAX.server, system: systemConnection });
    closers.push(() => db.close());
    const keys = await openKeys(config, nodePrimitives);
    closers.push(() => keys.close());
    const sealer = new Sealer(nodePrimitives, keys, file.suite);
    const { identity, logKeys } = await readIdentity(db, sealer);
    const logFolder = join(config.dataFolder, 'log');
    const clock = systemClock();
    const parts = {
      config,
      identity,
      db,
      keys,
      sealer,
      clock,
      moments: new Moments(config.dieAt),
      log: openLogReader(logFolder),
      blobs: await openDiskBlobStore(join(config.dataFolder, 'objects')),
    };
    const sequencer = database
      ? startSequencer({
          db,
          folder: logFolder,
          signer: logKeys.present()[0],
          generations: () => logKeys.generations(),
          origin: identity.logOrigin,
          clock,
          onFault: reportLogFault,
        })
      : null;
    if (sequencer) closers.push(() => sequencer.stop());
    if (database) writeDurably(join(config.dataFolder, LOG_KEY_FILE), `${identity.logKeys.join('\n')}\n`, 0o644);
    if (database && options.reads) {
      const kept = keepFrequencies({ db, sealer, clock, onFault: (code) => reportFault(code, false) });
      closers.push(() => kept.stop());
    }
    const queue = await JobQueue.open(db, { supervise: database !== null });
    closers.push(() => queue.close());
    const decoders = createChildPool({ ...DECODER, entryFolder: config.programFolder });
    closers.push(() => decoders.close());
    const readers =
      config.readerCount > 0 ? createChildPool({ ...READER, count: config.readerCount, entryFolder: config.programFolder }) : null;
    if (readers) closers.push(() => readers.close());
    const archive: Archive = { ...parts, queue, decoders, readers };
    if (database) {
      await settleInterrupted(archive);
      await settleLogKeys(archive);
    }
    if (database && options.reads) {
      const kept = keepAnchors({ archive, onAlarm: reportAnchorAlarm }, { onFault: (code) => reportFault(code, false) });
      closers.push(() => kept.stop());
      const expiring = keepConsultations(archive, { onFault: (code) => reportFault(code, false) });
      closers.push(() => expiring.stop());
    }
    if (options.reads && (database || options.joins)) {
      if (database) {
        await queue.takeUpOrphans();
        await queueProposals(archive);
        await queueExaminations(archive);
        await queueOptimising(archive);
      }
      startPipeline(archive, config.readerCount);
      queue.work('manifest', 1, (data) => fileManifest(archive, data.manifestId ?? ''));
      queue.work('optimise', 1, (data) => optimiseRead(archive, data.pageId ?? ''));
      queue.work('learn', 1, (data) => runLearning(archive, data));
      queue.work('properties', 1, (data, { isLastTry }) => runPropertyCheck(archive, data.checkId ?? '', isLastTry));
      queue.work('reorganise', 1, (data) => runReorganisation(archive, data.reorganisationId ?? ''));
    }
    return { ...archive, isShared: !database, webUrl: running?.webUrl ?? null, sequencer, database, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/**
 * What a process that died left begun. This process holds the folder, so no import can be running; those whose uploads wait go on as jobs.
 * Uploads that nobody imported in time are thrown away.
 */
async function settleInterrupted(archive: Archive): Promise<void> {
  await archive.db
    .system('uploads')
    .query(
      `update import i set state = 'stopped', ended_at_ms = $1 where state = 'running' and not exists (select 1 from import_upload u where u.import_id = i.id)`,
      [archive.clock.nowMs()],
    );
  await expireUploads(archive);
  await finishDestructions(archive);
  await repeatDestructions(archive);
}

/** The alarm of the log: in the journal, by code. A final fault means that two histories might be signed; nothing more is ordered then. */
function reportLogFault(error: unknown, isFinal: boolean): void {
  reportFault(isArchiveError(error) ? error.code : 'log/bug', isFinal);
}

/** The alarm of the anchors: code and provider alone. The log goes on. */
function reportAnchorAlarm(code: string, detail: Readonly<Record<string, string | number>>): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), alarm: true, what: code, ...detail })}\n`);
}

function reportFault(code: string, isFinal: boolean): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), alarm: isFinal, what: code })}\n`);
}

/** What the archive's row says of itself, and the signers of its log. @throws ArchiveError `archive/unfinished` (caller) */
async function readIdentity(db: Db, sealer: Sealer): Promise<{ identity: ArchiveIdentity; logKeys: LogKeys }> {
  const row = await db.one<{ archive_id: string; kind: 'trial' | 'production'; suite: 'intl' | 'gm'; log_origin: string; log_key: string }>(
    'select archive_id, kind, suite, log_origin, log_key from archive',
  );
  if (!row) throw new ArchiveError('archive/unfinished', 'caller');
  const logKeys = new LogKeys(sealer, row.log_origin);
  // The keys are asked for each time: a rotation in another process is taken up while this one runs.
  const identity: ArchiveIdentity = {
    archiveId: row.archive_id,
    kind: row.kind,
    suite: row.suite,
    logOrigin: row.log_origin,
    get logKey() {
      return logKeys.present()[0].verifierKey;
    },
    get logKeys() {
      return logKeys.verifierKeys();
    },
  };
  return { identity, logKeys };
}
