import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BlobDamage, describeBlobStore, sampleBytes } from '@lantai/vault/contract';
import { FaultyFileSystem, MemoryBlobStore, PowerCut, SimulatedDisk, seededChance } from '@lantai/vault/memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDiskBlobStore } from './disk-blob-store.ts';
import { withFlushDelay } from './flush-delay.ts';
import { nodeFileSystem } from './node-file-system.ts';

const hash = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const pathOf = (folder: string, address: Uint8Array) => {
  const hex = toHex(address);
  return `${folder}/${hex.slice(0, 2)}/${hex.slice(2, 4)}/${hex}`;
};

function spoil(bytes: Uint8Array, how: BlobDamage): Uint8Array {
  if (how === 'flip') return bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte));
  if (how === 'truncate') return bytes.slice(0, bytes.length - 1);
  return how === 'extend' ? Uint8Array.from([...bytes, 0]) : new Uint8Array(0);
}

describeBlobStore('memory', async () => {
  const store = new MemoryBlobStore(hash);
  return {
    store,
    hash,
    damage: async (address, how) => {
      store.objects.set(toHex(address), spoil(store.objects.get(toHex(address)) ?? new Uint8Array(0), how));
    },
    dispose: async () => store.objects.clear(),
  };
});

describeBlobStore(
  'disk, on the machine',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lantai-disk-'));
    const fs = new FaultyFileSystem(nodeFileSystem);
    return {
      store: await openDiskBlobStore(`${folder}/objects`, { fs }),
      hash,
      damage: async (address, how) => {
        const path = pathOf(`${folder}/objects`, address);
        await writeFile(path, spoil(await readFile(path), how));
      },
      fillUp: (step) => fs.breakDown({ firstStep: fs.stepCount + step, code: 'ENOSPC', once: false }),
      mend: () => fs.mend(),
      dispose: () => rm(folder, { recursive: true }),
    };
  },
  { canBeFull: true },
);

for (const seed of [1, 2, 3]) {
  describeBlobStore(
    `disk, simulated, chance ${seed}`,
    async () => {
      const chance = seededChance(seed);
      const disk = new SimulatedDisk(chance);
      return {
        store: await openDiskBlobStore('/data/objects', { fs: disk }),
        hash,
        damage: async (address, how) => disk.damage(pathOf('/data/objects', address), (bytes) => spoil(bytes, how)),
        async crashDuring(steps, work) {
          const dying = new SimulatedDisk(chance);
          dying.powerCutAfter(steps);
          const isCut = await openDiskBlobStore('/data/objects', { fs: dying })
            .then(work)
            .then(
              () => false,
              (error: unknown) => {
                if (error instanceof PowerCut) return true;
                throw error;
              },
            );
          return { isCut, store: await openDiskBlobStore('/data/objects', { fs: dying.restart(), orphanAgeMs: 0 }) };
        },
        dispose: async () => {},
      };
    },
    { isDurable: true },
  );
}

describe('the disk store', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lantai-disk-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps files and folders to their owner', async () => {
    const store = await openDiskBlobStore(`${folder}/objects`);
    const address = await store.put(sampleBytes(10, 1));
    expect((await stat(pathOf(`${folder}/objects`, address))).mode & 0o777).toBe(0o600);
    expect((await stat(`${folder}/objects`)).mode & 0o777).toBe(0o700);
    expect((await stat(`${folder}/objects/tmp`)).mode & 0o777).toBe(0o700);
  });

  it('leaves no temporary file behind, also after a failure', async () => {
    const fs = new FaultyFileSystem(nodeFileSystem);
    const store = await openDiskBlobStore(folder, { fs });
    await store.putMany(Array.from({ length: 20 }, (_, i) => sampleBytes(100, i)));
    fs.breakDown({ firstStep: fs.stepCount + 2, code: 'ENOSPC', once: true });
    await expect(store.put(sampleBytes(100, 99))).rejects.toMatchObject({ code: 'blob/store-full', fault: 'environment' });
    expect(await readdir(`${folder}/tmp`)).toEqual([]);
  });

  it('sweeps old temporary files at the start and leaves young ones, which another process may be writing', async () => {
    await mkdir(`${folder}/tmp`, { recursive: true });
    await writeFile(`${folder}/tmp/1-dead-0`, 'half');
    await writeFile(`${folder}/tmp/2-alive-0`, 'half');
    const longAgo = new Date(Date.now() - 7_200_000);
    await utimes(`${folder}/tmp/1-dead-0`, longAgo, longAgo);
    await openDiskBlobStore(folder);
    expect(await readdir(`${folder}/tmp`)).toEqual(['2-alive-0']);
  });

  it('lists only its own files', async () => {
    const store = await openDiskBlobStore(folder);
    const address = await store.put(randomBytes(50));
    const leaf = pathOf(folder, address).slice(0, -65);
    await writeFile(`${leaf}/README`, 'not an object');
    await writeFile(`${leaf}/${'0'.repeat(64)}`, 'in the wrong folder');
    await appendFile(`${folder}/lost+found`, '');
    const found: Uint8Array[] = [];
    for await (const each of store.list()) found.push(each);
    expect(found).toEqual([address]);
  });

  it('shares one flush of a folder among those who wait for it, and acknowledges none before', async () => {
    const flushed: string[] = [];
    const fs = withFlushDelay(
      {
        open: (path, how, mode) => nodeFileSystem.open(path, how, mode),
        read: nodeFileSystem.read,
        readRange: nodeFileSystem.readRange,
        readRangeSync: nodeFileSystem.readRangeSync,
        findStatus: nodeFileSystem.findStatus,
        findStatusSync: nodeFileSystem.findStatusSync,
        list: nodeFileSystem.list,
        makeFolder: nodeFileSystem.makeFolder,
        rename: nodeFileSystem.rename,
        remove: nodeFileSystem.remove,
        removeFolder: nodeFileSystem.removeFolder,
        syncFolder: async (path) => {
          flushed.push(path);
          await nodeFileSystem.syncFolder(path);
        },
      },
      2,
    );
    const store = await openDiskBlobStore(folder, { fs });
    const object = sampleBytes(100, 1);
    await Promise.all(Array.from({ length: 10 }, () => store.put(object)));
    const leaf = pathOf(folder, hash(object)).slice(0, -65);
    const count = flushed.filter((path) => path === leaf).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(10);
  });

  it('reports a disk that fails while reading as environment, not as a missing object', async () => {
    const store = await openDiskBlobStore(folder);
    const address = await store.put(sampleBytes(10, 1));
    const path = pathOf(folder, address);
    await rm(path);
    await mkdir(path);
    await expect(store.get(address)).rejects.toMatchObject({ code: 'blob/store-failed', fault: 'environment' });
  });
});
