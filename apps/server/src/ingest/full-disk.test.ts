import { openDiskBlobStore } from '@lantai/disk';
import { ArchiveError } from '@lantai/values';
import type { BlobStore } from '@lantai/vault';
import { describe, expect, it } from 'vitest';
import { checkArchive } from '../keeping/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import type { IncomingFile } from './folder-source.ts';
import { importFiles } from './import-files.ts';

const FILES = 60;
const files: IncomingFile[] = Array.from({ length: FILES }, (_, i) => {
  const bytes = makeSmallPng(1000 + i);
  return { path: `${String(i).padStart(3, '0')}.png`, byteCount: bytes.length, read: async () => bytes };
});

/** A store that fails at its n-th write, and from then on, until it is mended: a full disk, or an object store that went away. */
function failingStore(inner: BlobStore, at: number, code: string): BlobStore & { mend(): void; writes: number } {
  let limit = at;
  const store = {
    writes: 0,
    mend: () => {
      limit = Number.POSITIVE_INFINITY;
    },
    put: async (sealed: Uint8Array) => (await store.putMany([sealed]))[0]!,
    putMany: async (sealed: readonly Uint8Array[]) => {
      const out: Uint8Array[] = [];
      for (const one of sealed) {
        if (++store.writes >= limit) throw new ArchiveError(code, 'environment');
        out.push(await inner.put(one));
      }
      return out;
    },
    putStream: (sealed: AsyncIterable<Uint8Array>) => inner.putStream(sealed),
    get: (address: Uint8Array) => inner.get(address),
    getRange: (address: Uint8Array, offset: number, length: number) => inner.getRange(address, offset, length),
    lengthOf: (address: Uint8Array) => inner.lengthOf(address),
    has: (address: Uint8Array) => inner.has(address),
    remove: (address: Uint8Array) => inner.remove(address),
    list: () => inner.list(),
    flush: () => inner.flush(),
  };
  return store;
}

describe('a disk that fills up while pages are received', () => {
  const house = useArchive();

  it.each([
    ['blob/store-full', 1],
    ['blob/store-full', 7],
    ['blob/store-failed', 30],
    ['blob/store-failed', 49],
    ['blob/store-full', 60],
  ])('stops with %s at write %i, keeps what was acknowledged, and goes on when there is room again', async (code, at) => {
    const dossierId = await house.addDossier({ code: `F${at}` });
    const blobs = failingStore(await openDiskBlobStore(`${house.archive.config.dataFolder}/objects`), at, code);
    const archive = { ...house.archive, blobs };
    const acknowledged: string[] = [];
    const desk = await house.desk();
    await expect(
      importFiles(archive, desk, dossierId, files, { onOutcome: (o) => void (o.outcome === 'pages' && acknowledged.push(o.file)) }),
    ).rejects.toMatchObject({ code, fault: 'environment' });
    const held = await archive.db
      .system('test')
      .query<{ n: number }>('select count(*)::int as n from page where dossier_id = $1', [dossierId]);
    expect(held[0]?.n).toBeGreaterThanOrEqual(acknowledged.length);
    blobs.mend();
    const again = await importFiles(archive, desk, dossierId, files);
    expect(again.pages + again.duplicates).toBe(FILES);
    expect(again.duplicates).toBe(held[0]?.n);
    const walk = await checkArchive(archive);
    expect(walk.findings.filter((f) => f.kind !== 'left_over')).toEqual([]);
  });
});
