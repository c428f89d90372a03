import { join } from 'node:path';
import { nodeFileSystem, openDiskBlobStore } from '@lantai/disk';
import { openKeyFileStore, readRootKey } from '@lantai/keys-file';
import { nodePrimitives } from '@lantai/primitives-node';
import { isArchiveError } from '@lantai/values';
import { FaultyFileSystem } from '@lantai/vault/memory';
import { describe, expect, it } from 'vitest';
import { type Archive, type ObjectRow, openLogSigners, openStoredObject, Sealer } from '../archive/index.ts';
import { createDossier } from '../catalogue/index.ts';
import { openDesk } from '../desk/index.ts';
import { checkArchive } from '../keeping/index.ts';
import { startSequencer } from '../sequencer/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { type DbFaults, faultyDb } from '../testing/faulty-db.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import type { IncomingFile } from './folder-source.ts';
import { importFiles } from './import-files.ts';

const SLOW_MS = 300_000;
const NEVER = Number.POSITIVE_INFINITY;
const PAGES = 2;

const files: IncomingFile[] = [makeSmallPng(1), makeSmallPng(2)].map((bytes, i) => ({
  path: `${i}.png`,
  byteCount: bytes.length,
  read: async () => bytes,
}));

/** What an attempt acknowledged: the dossier it opened, and the files it said were taken. */
interface Attempt {
  readonly code: string;
  dossierId: string | null;
  readonly acknowledged: string[];
  failure: unknown;
}

describe('a disk that is full from one write on', () => {
  const house = useArchive();
  const fs = new FaultyFileSystem(nodeFileSystem);
  const faults: DbFaults = { firstWrite: NEVER, writeCount: 0 };

  /** The archive over a disk and a database that can be told to fail; its keys are opened a second time, as a command beside the server does. */
  async function openFaulty(): Promise<{ archive: Archive; close(): Promise<void> }> {
    const { config } = house.archive;
    const [folder, copyFolder] = [join(config.keyFolder, 'store'), join(config.keyFolder, 'copy')];
    const rootKey = await readRootKey(join(config.keyFolder, 'root.key'), nodePrimitives);
    const keys = await openKeyFileStore({ folder, copyFolder, rootKey, p: nodePrimitives, fs });
    const archive = {
      ...house.archive,
      keys,
      sealer: new Sealer(nodePrimitives, keys, 'intl'),
      blobs: await openDiskBlobStore(join(config.dataFolder, 'objects'), { fs }),
      db: faultyDb(house.archive.db, faults),
    };
    return { archive, close: () => keys.close() };
  }

  /** One round of the log; a fault of the environment is tried again by the next. */
  async function orderLog(archive: Archive): Promise<void> {
    const { logOrigin: origin } = archive.identity;
    const failed: { error: unknown; isFinal: boolean }[] = [];
    let tell = () => {};
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const sequencer = startSequencer({
      db: archive.db,
      folder: join(archive.config.dataFolder, 'log'),
      signer: openLogSigners(archive.sealer, origin)[0],
      origin,
      fs,
      intervalMs: 5,
      onFault: (error, isFinal) => {
        failed.push({ error, isFinal });
        tell();
      },
    });
    await Promise.race([sequencer.drain().catch(() => undefined), told]);
    await sequencer.stop();
    expect(failed.filter((f) => f.isFinal)).toEqual([]);
    if (failed[0]) throw failed[0].error;
  }

  /** Opens a dossier, imports two files, orders the log: until the first failure. */
  async function attempt(archive: Archive, code: string): Promise<Attempt> {
    const done: Attempt = { code, dossierId: null, acknowledged: [], failure: null };
    try {
      const desk = await openDesk(archive, house.owner, 'archive_work');
      const subject = { kind: 'person', name: '赵一鸣' } as const;
      done.dossierId = (await createDossier(archive, desk, { code, unitId: house.rootUnitId, scheme: 'cadre-2018', subject })).dossierId;
      await importFiles(archive, desk, done.dossierId, files, {
        onOutcome: (o) => void (o.outcome === 'pages' && done.acknowledged.push(o.file)),
      });
      await orderLog(archive);
    } catch (error) {
      done.failure = error;
    }
    return done;
  }

  async function openPages(dossierId: string): Promise<number> {
    const rows = await house.archive.db
      .system('test')
      .query<ObjectRow>(
        'select o.address, o.dossier_id, o.object_id, o.suite, o.wrapped_key from page p join stored_object o on o.address = p.object_address where p.dossier_id = $1',
        [dossierId],
      );
    for (const row of rows) expect((await openStoredObject(house.archive, row)).length).toBeGreaterThan(0);
    return rows.length;
  }

  /** Fails at the first write, the second, … until an attempt is through before its turn comes. */
  async function failAtEach(name: string, breakAt: (n: number) => void): Promise<Attempt[]> {
    const attempts: Attempt[] = [];
    for (let n = 1; ; n++) {
      const { archive, close } = await openFaulty();
      breakAt(n);
      const done = await attempt(archive, `${name}${n}`);
      fs.mend();
      faults.firstWrite = NEVER;
      await close();
      attempts.push(done);
      if (!done.failure) return attempts;
      expect({
        n,
        isEnvironment: isArchiveError(done.failure) && done.failure.fault === 'environment',
        why: String(done.failure),
      }).toMatchObject({
        n,
        isEnvironment: true,
      });
      // All files of a batch are acknowledged together, or none.
      const held = done.dossierId ? await openPages(done.dossierId) : 0;
      expect([0, PAGES]).toContain(held);
      if (done.acknowledged.length) expect(held).toBe(PAGES);
    }
  }

  async function goOn(attempts: readonly Attempt[]): Promise<void> {
    expect((await checkArchive(house.archive)).findings.filter((f) => f.kind !== 'left_over')).toEqual([]);
    const { archive, close } = await openFaulty();
    for (const done of attempts) {
      const held = done.dossierId ? await openPages(done.dossierId) : 0;
      if (!done.dossierId) expect((await attempt(archive, done.code)).failure).toBeNull();
      else {
        const again = await importFiles(archive, await openDesk(archive, house.owner, 'archive_work'), done.dossierId, files);
        expect({ code: done.code, pages: again.pages + held }).toEqual({ code: done.code, pages: PAGES });
        expect(await openPages(done.dossierId)).toBe(PAGES);
      }
    }
    await orderLog(archive);
    await close();
    // Sealed bytes and keys without a row may be left over; nothing may be missing or altered.
    expect((await checkArchive(house.archive)).findings.filter((f) => f.kind !== 'left_over')).toEqual([]);
  }

  it(
    'keeps what was acknowledged, whichever write of objects, keys or log tiles it is, and goes on when there is room again',
    async () => {
      const attempts = await failAtEach('F', (n) => {
        fs.breakDown({ firstStep: fs.stepCount + n, code: 'ENOSPC', once: false });
      });
      expect(attempts.length).toBeGreaterThan(20);
      expect(attempts.filter((a) => a.acknowledged.length && a.failure).length).toBeGreaterThan(0);
      await goOn(attempts);
    },
    SLOW_MS,
  );

  it(
    'keeps what was acknowledged, whichever statement, queued job or commit of the database it is, and goes on when there is room again',
    async () => {
      const attempts = await failAtEach('D', (n) => {
        faults.writeCount = 0;
        faults.firstWrite = n;
      });
      expect(attempts.length).toBeGreaterThan(12);
      expect(attempts.filter((a) => a.acknowledged.length && a.failure).length).toBeGreaterThan(0);
      await goOn(attempts);
    },
    SLOW_MS,
  );
});
