import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDiskBlobStore } from '@lantai/disk';
import { nodePrimitives } from '@lantai/primitives-node';
import { afterAll, beforeAll } from 'vitest';
import { type Account, findTrialOwner, insertAccount } from '../access/index.ts';
import { type Archive, createKeys, Moments, openLogSigners, PURPOSE, Sealer, systemClock } from '../archive/index.ts';
import { createDossier } from '../catalogue/index.ts';
import { createChildPool } from '../children/index.ts';
import { readConfig } from '../config.ts';
import { type TestDatabase, useTestDatabase } from '../db/test-database.ts';
import { type Actor, type Desk, deskTx, openDesk } from '../desk/index.ts';
import { type ImportResult, importFiles } from '../ingest/index.ts';
import { JobQueue } from '../jobs/index.ts';
import { startPipeline } from '../pipeline/index.ts';
import { openLogReader, startSequencer } from '../sequencer/index.ts';
import { createPurposeKeys, fillArchive } from '../setup/create-archive.ts';
import { makeSmallPng } from './small-png.ts';

/** A whole archive at work: real database, keys, objects, log and child processes. Read its members inside tests and hooks. */
export interface ArchiveFixture {
  readonly archive: Archive;
  readonly owner: Account;
  readonly fondsId: string;
  readonly rootUnitId: string;
  readonly database: TestDatabase;
  /** Folder of data and keys of this archive. */
  readonly folder: string;
  /** A desk of the trial's owner, or of an actor made of it with these differences. */
  desk(change?: Partial<Actor>): Promise<Desk>;
  /** A unit under the root. */
  addUnit(code: string): Promise<string>;
  /** An account of its own, for what must tell actors apart. */
  addAccount(input: { role: Account['role']; unitId?: string | null }): Promise<Actor>;
  addDossier(input?: { code?: string; name?: string; unitId?: string; scheme?: string }): Promise<string>;
  /** Imports pages, each a small image of its own, under these paths. */
  importPages(dossierId: string, paths: readonly string[]): Promise<ImportResult>;
}

export interface ArchiveFixtureOptions {
  /** Processes that read pages; default none: pages then wait. */
  readonly readerCount?: number;
  /** Orders the log; default off. */
  readonly sequenced?: boolean;
}

const DECODER = { entry: 'decoder', count: 1, memoryLimitMb: 1500, timeoutMs: 120_000 } as const;
const READER = { entry: 'reader', memoryLimitMb: 1800, timeoutMs: 120_000 } as const;
const FONDS = { code: 'Z999', name: '试验全宗' };

/**
 * Opens a trial archive for the tests of a file: call at the top of the file, like {@link useTestDatabase}.
 * The bundles of the children are those in `dist`, which `npm test` builds first.
 */
export function useArchive(options: ArchiveFixtureOptions = {}): ArchiveFixture {
  const database = useTestDatabase();
  let made: ArchiveFixture | undefined;
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lantai-archive-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    made = await openFixture(database, folder, options, closers);
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });
  return new Proxy({} as ArchiveFixture, {
    get: (_, name) => {
      if (!made) throw new Error('the archive is there from the first hook on: read its members inside a test');
      return made[name as keyof ArchiveFixture];
    },
  });
}

async function openFixture(
  database: TestDatabase,
  folder: string,
  options: ArchiveFixtureOptions,
  closers: (() => Promise<unknown>)[],
): Promise<ArchiveFixture> {
  const { db } = database;
  const readerCount = options.readerCount ?? 0;
  const config = readConfig(
    { LANTAI_DATA: join(folder, 'data'), LANTAI_KEYS: join(folder, 'keys'), LANTAI_PORT: '0', LANTAI_READERS: String(readerCount) },
    folder,
  );
  const clock = systemClock();
  const { keys } = await createKeys(config, nodePrimitives, 'intl');
  closers.push(() => keys.close());
  const sealer = new Sealer(nodePrimitives, keys, 'intl');
  await createPurposeKeys(sealer);
  await JobQueue.install(db);
  const archiveId = clock.newId();
  const file = { format: 1, kind: 'trial', archiveId, suite: 'intl', createdAtMs: clock.nowMs() } as const;
  await fillArchive({ db, sealer, clock }, file, { kind: 'trial', fonds: FONDS });
  const logOrigin = `lantai.archive/${archiveId}`;
  const [signer, ...moreSigners] = openLogSigners(sealer, logOrigin);
  const logFolder = join(config.dataFolder, 'log');
  if (options.sequenced) {
    const sequencer = startSequencer({ db, folder: logFolder, signer, moreSigners, origin: logOrigin, clock, intervalMs: 20 });
    closers.push(() => sequencer.stop());
  }
  const queue = await JobQueue.open(db, { supervise: false });
  closers.push(() => queue.close());
  const decoders = createChildPool({ ...DECODER, entryFolder: config.programFolder });
  closers.push(() => decoders.close());
  const readers = readerCount > 0 ? createChildPool({ ...READER, count: readerCount, entryFolder: config.programFolder }) : null;
  if (readers) closers.push(() => readers.close());
  const archive: Archive = {
    config,
    identity: {
      archiveId,
      kind: 'trial',
      suite: 'intl',
      logOrigin,
      logKey: signer.verifierKey,
      logKeys: [signer, ...moreSigners].map((s) => s.verifierKey),
    },
    db,
    keys,
    sealer,
    clock,
    blobs: await openDiskBlobStore(join(config.dataFolder, 'objects')),
    log: openLogReader(logFolder),
    queue,
    decoders,
    readers,
    moments: new Moments(null),
  };
  if (readers) startPipeline(archive, readerCount);
  return fixtureOf(archive, database, folder);
}

async function fixtureOf(archive: Archive, database: TestDatabase, folder: string): Promise<ArchiveFixture> {
  const { db, sealer, clock } = archive;
  const owner = await findTrialOwner(archive);
  const root = await db.one<{ id: string; fonds_id: string }>('select id, fonds_id from unit where parent_id is null');
  if (!owner || !root) throw new Error('a trial archive has an owner and a root unit');
  const nameOf = (id: string) =>
    sealer.seal({ kind: 'fonds', id: root.fonds_id }, { table: 'unit', column: 'name', rowId: id, version: 1 }, '试验处');
  const desk = (change: Partial<Actor> = {}) => openDesk(archive, { ...owner, ...change }, 'archive_work');
  let count = 0;
  return {
    archive,
    owner,
    fondsId: root.fonds_id,
    rootUnitId: root.id,
    database,
    folder,
    desk,
    addUnit: async (code) => {
      const id = clock.newId();
      await db.query('insert into unit (id, fonds_id, parent_id, code, name) values ($1, $2, $3, $4, $5)', [
        id,
        root.fonds_id,
        root.id,
        code,
        nameOf(id),
      ]);
      return id;
    },
    addAccount: async ({ role, unitId = null }) => {
      const place = { role, fondsId: root.fonds_id, unitId, levelMax: 3 };
      const name = `account${++count}`;
      const accountId = await db.tx((tx) =>
        insertAccount(deskTx(tx, archive, null, 'administration'), archive, {
          ...place,
          name,
          password: `${PURPOSE.account}-${clock.newId()}`,
          mustChangePassword: false,
        }),
      );
      return { accountId, ...place };
    },
    addDossier: async (input = {}) => {
      const made = await createDossier(archive, await desk(), {
        code: input.code ?? `P${String(++count).padStart(4, '0')}`,
        unitId: input.unitId ?? root.id,
        scheme: input.scheme ?? 'cadre-2018',
        subject: { kind: 'person', name: input.name ?? '赵一鸣' },
      });
      return made.dossierId;
    },
    importPages: async (dossierId, paths) => {
      const files = await Promise.all(
        paths.map(async (path) => {
          const bytes = makeSmallPng(++count);
          return { path, byteCount: bytes.length, read: async () => bytes };
        }),
      );
      return importFiles(archive, await desk(), dossierId, files);
    },
  };
}
