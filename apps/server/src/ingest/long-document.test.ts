import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openDiskBlobStore } from '@lantai/disk';
import { ArchiveError } from '@lantai/values';
import type { BlobStore } from '@lantai/vault';
import { describe, expect, it } from 'vitest';
import yazl from 'yazl';
import type { Archive } from '../archive/index.ts';
import { createChildPool } from '../children/index.ts';
import { checkArchive } from '../keeping/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { makeManyPagePdf } from '../testing/many-page-pdf.ts';
import { HeldText } from './held-text.ts';
import { importFiles } from './import-files.ts';

const PAGES = 200;
const MB = 1024 * 1024;
/** Two groups of parts, the one being sealed and the one being written, the file itself, and what the pipe has in hand. */
const HELD_BYTES_MAX = 48 * MB;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A store that looks, at every group it is given, how many bytes the process holds outside the heap. */
function watchingStore(inner: BlobStore, onPut: () => void | Promise<void>): BlobStore {
  return new Proxy(inner, {
    get: (target, name) => {
      if (name !== 'putMany') {
        const own = Reflect.get(target, name);
        return typeof own === 'function' ? own.bind(target) : own;
      }
      return async (sealed: readonly Uint8Array[]) => {
        await onPut();
        return target.putMany(sealed);
      };
    },
  });
}

async function zipOf(members: readonly [string, Uint8Array][]): Promise<Uint8Array> {
  const zip = new yazl.ZipFile();
  for (const [name, bytes] of members) zip.addBuffer(Buffer.from(bytes), name);
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(part as Buffer);
  return new Uint8Array(Buffer.concat(parts));
}

const fileOf = (path: string, bytes: Uint8Array) => ({ path, byteCount: bytes.length, read: async () => bytes });

describe('a document of very many pages', () => {
  const house = useArchive();
  const openStore = () => openDiskBlobStore(`${house.archive.config.dataFolder}/objects`);
  const rowsOf = async (dossierId: string) =>
    house.archive.db
      .system('test')
      .one<{ pages: number; objects: number }>(
        `select (select count(*)::int from page where dossier_id = $1) as pages, (select count(*)::int from stored_object where dossier_id = $1) as objects`,
        [dossierId],
      );
  const leftOver = async (archive: Archive) => (await checkArchive(archive)).findings;

  it('is registered whole or not at all when the disk fills up in the middle', async () => {
    const { pdf } = await makeManyPagePdf(60);
    const dossierId = await house.addDossier();
    let puts = 0;
    const blobs = watchingStore(await openStore(), () => {
      if (++puts === 2) throw new ArchiveError('blob/store-full', 'environment');
    });
    const desk = await house.desk();
    const attempt = importFiles({ ...house.archive, blobs }, desk, dossierId, [fileOf('long.pdf', pdf)]);
    await expect(attempt).rejects.toMatchObject({ code: 'blob/store-full' });
    expect(await rowsOf(dossierId)).toEqual({ pages: 0, objects: 0 });
    expect(await leftOver(house.archive)).toEqual([]);
    expect((await importFiles(house.archive, desk, dossierId, [fileOf('long.pdf', pdf)])).pages).toBe(60);
  });

  it('leaves nothing but its own bytes, kept for a person, when its child breaks a limit in the middle', async () => {
    const { pdf } = await makeManyPagePdf(60);
    const dossierId = await house.addDossier();
    const decoders = createChildPool({
      entry: 'decoder',
      entryFolder: house.archive.config.programFolder,
      count: 1,
      memoryLimitMb: 1500,
      timeoutMs: 120_000,
      maxParts: 50,
    });
    try {
      const result = await importFiles({ ...house.archive, decoders }, await house.desk(), dossierId, [fileOf('long.pdf', pdf)]);
      expect(result).toMatchObject({ pages: 0, needsPerson: 1 });
    } finally {
      await decoders.close();
    }
    expect(await rowsOf(dossierId)).toEqual({ pages: 0, objects: 1 });
    expect(await leftOver(house.archive)).toEqual([]);
  });

  it('is taken all the same when the system kills its child in the middle, once; twice, and a person is asked', async () => {
    const { pdf } = await makeManyPagePdf(60);
    for (const kills of [1, 2]) {
      const dossierId = await house.addDossier();
      let puts = 0;
      const blobs = watchingStore(await openStore(), () => {
        if (++puts <= kills) for (const pid of house.archive.decoders.state.pids) process.kill(pid, 'SIGKILL');
      });
      const result = await importFiles({ ...house.archive, blobs }, await house.desk(), dossierId, [fileOf('long.pdf', pdf)]);
      expect(result).toMatchObject(kills === 1 ? { pages: 60, needsPerson: 0 } : { pages: 0, needsPerson: 1 });
      expect(await rowsOf(dossierId)).toEqual(kills === 1 ? { pages: 60, objects: 61 } : { pages: 0, objects: 1 });
    }
    expect(await leftOver(house.archive)).toEqual([]);
  });

  it('loses the bytes of a second receipt again, and no page of the first', async () => {
    const { pdf } = await makeManyPagePdf(20);
    const zip = await zipOf([['long.pdf', pdf]]);
    const dossierId = await house.addDossier();
    const desk = await house.desk();
    expect((await importFiles(house.archive, desk, dossierId, [fileOf('a.zip', zip)])).pages).toBe(20);
    expect(await importFiles(house.archive, desk, dossierId, [fileOf('b.zip', zip)])).toMatchObject({ pages: 0, duplicates: 2 });
    expect(await rowsOf(dossierId)).toEqual({ pages: 20, objects: 21 });
    expect(await leftOver(house.archive)).toEqual([]);
  });

  // Last: each check above walks every object there is.
  it.each(['document.pdf', 'scans.zip'])('is never held whole in memory: %s', async (path) => {
    const { pdf, pageBytes } = await makeManyPagePdf(PAGES);
    const bytes = path.endsWith('.pdf') ? pdf : await zipOf([['document.pdf', pdf]]);
    expect(PAGES * pageBytes).toBeGreaterThan(1.5 * HELD_BYTES_MAX);
    const dossierId = await house.addDossier();
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    const blobs = watchingStore(await openStore(), () => {
      collectGarbage();
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    });
    const result = await importFiles({ ...house.archive, blobs }, await house.desk(), dossierId, [fileOf(path, bytes)]);
    expect(result.pages).toBe(PAGES);
    expect(peak).toBeLessThan(HELD_BYTES_MAX);
    expect(await rowsOf(dossierId)).toEqual({ pages: PAGES, objects: PAGES + 1 });
    expect(await leftOver(house.archive)).toEqual([]);
  });
});

describe('the text of a document that is held', () => {
  it('is given back as it was, up to a bound', () => {
    const lines = (n: number) => [{ text: `第${n}行`, box: [1, 2, 3, 4] as const, confidence01: 1, source: 'born_digital' as const }];
    const held = new HeldText(150);
    const packed = [1, 2, 3].map((n) => held.pack(lines(n)));
    expect(packed[0] && HeldText.open(packed[0])).toEqual(lines(1));
    expect(packed.at(-1)).toBeNull();
  });
});
