import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { rootKeyName } from '@lantai/vault';
import { FaultyFileSystem, SimulatedDisk } from '@lantai/vault/memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPlaceProblems } from './key-places.ts';
import { createKeyFileStore, openKeyFileStore } from './open-key-file-store.ts';
import { formatRecoveryKit, parseRecoveryKit } from './recovery-kit.ts';
import { createRootKey, readRootKey, readRootKeys, replaceRootKey } from './root-key.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantai-root-'));
  path = `${folder}/secret/root.key`;
});
afterEach(() => rm(folder, { recursive: true }));

describe('the root key file', () => {
  it('is made once, for its owner only, and read back', async () => {
    const key = await createRootKey(path, p);
    expect(key.length).toBe(32);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(`${folder}/secret`)).mode & 0o777).toBe(0o700);
    expect(await readRootKey(path, p)).toEqual(key);
    await expect(createRootKey(path, p)).rejects.toMatchObject({ code: 'key/root-exists', fault: 'caller' });
    expect(await readRootKey(path, p)).toEqual(key);
  });

  it('comes back out of the recovery kit, under the same name', async () => {
    const key = await createRootKey(path, p);
    const reading = parseRecoveryKit(formatRecoveryKit(key).join('\n'));
    if (reading.kind !== 'key') throw new Error(reading.kind);
    const again = await createRootKey(`${folder}/again/root.key`, p, { key: reading.key });
    expect(again).toEqual(key);
    expect(rootKeyName(p, again)).toBe(rootKeyName(p, key));
    expect(rootKeyName(p, key)).toMatch(/^[0-9a-f]{8}$/);
  });

  it('is refused when others may read it, when it is missing, and when a letter of it is another', async () => {
    await createRootKey(path, p);
    await chmod(path, 0o644);
    const wide = { code: 'key/mode-too-wide', fault: 'environment', detail: { what: 'root-key', mode: '0644', must: '0600' } };
    await expect(readRootKey(path, p)).rejects.toMatchObject(wide);
    await chmod(path, 0o600);
    const text = await readFile(path, 'utf8');
    for (const at of [0, 20, 60, 85, 90]) {
      await writeFile(path, text.slice(0, at) + (text[at] === 'a' ? 'b' : 'a') + text.slice(at + 1));
      await expect(readRootKey(path, p), `letter ${at}`).rejects.toMatchObject({ code: 'key/root-malformed', fault: 'corruption' });
    }
    for (const cut of ['', text.slice(0, 50)]) {
      await writeFile(path, cut);
      await expect(readRootKey(path, p)).rejects.toMatchObject({ code: 'key/root-malformed' });
    }
    await expect(readRootKey(`${folder}/none`, p)).rejects.toMatchObject({ code: 'key/root-missing', fault: 'environment' });
  });

  it('leaves nothing half in its place when the disk is full', async () => {
    const disk = new SimulatedDisk();
    await disk.makeFolder('/secret');
    const fs = new FaultyFileSystem(disk);
    for (let step = 1, isDone = false; !isDone; step++) {
      fs.breakDown({ firstStep: fs.stepCount + step, code: 'ENOSPC', once: true });
      isDone = await createRootKey('/secret/root.key', p, { fs }).then(
        () => true,
        () => false,
      );
      if (isDone) break;
      fs.mend();
      await createRootKey('/secret/root.key', p, { fs });
      await disk.remove('/secret/root.key');
    }
    fs.mend();
    expect((await readRootKey('/secret/root.key', p, fs)).length).toBe(32);
  });

  it('is replaced together with what it wraps; interrupted anywhere, one of the two keys at hand opens the store', async () => {
    for (let steps = 0, isCut = true; isCut; steps++) {
      const disk = new SimulatedDisk();
      const lockOwner = (boot: number) => ({ text: `boot ${boot}`, isRunning: (text: string) => text === `boot ${boot}` });
      const place = { folder: '/keys', copyFolder: '/copy', p };
      const rootKey = await createRootKey('/secret/root.key', p, { fs: disk });
      const store = await createKeyFileStore({ ...place, rootKey, fs: disk, lockOwner: lockOwner(1) });
      await store.create('purpose', 'audit', null);
      const key = store.get('purpose', 'audit');
      disk.powerCutAfter(steps);
      isCut = await replaceRootKey(store, '/secret/root.key', p, disk).then(
        () => false,
        () => true,
      );
      const after = disk.restart();
      // A next key that was cut while it was written was never used.
      const keys = await readRootKeys('/secret/root.key', p, after).catch(async () => [await readRootKey('/secret/root.key', p, after)]);
      const opened = await Promise.allSettled(
        keys.map(async (each) => {
          const again = await openKeyFileStore({ ...place, rootKey: each, fs: after.restart(), lockOwner: lockOwner(2) });
          expect(again.get('purpose', 'audit')).toEqual(key);
          await again.close();
        }),
      );
      expect(
        opened.some(({ status }) => status === 'fulfilled'),
        `after ${steps} steps`,
      ).toBe(true);
      if (!isCut) expect(keys.length).toBe(1);
    }
  });
});

describe('where keys and data lie', () => {
  it('warns when they share a disk and when the copies do, and calls keys inside the data an error', async () => {
    const codes = async (keyFolder: string, copyFolder: string, dataFolder: string) =>
      (await findPlaceProblems({ keyFolder, copyFolder, dataFolder })).map(({ code, severity }) => `${severity} ${code}`);
    expect(await codes(`${folder}/keys`, `${folder}/copy`, `${folder}/data`)).toEqual([
      'warning key/same-disk-as-data',
      'warning key/copies-on-same-disk',
    ]);
    expect(await codes(`${folder}/data/keys`, `${folder}/copy`, `${folder}/data`)).toContain('error key/inside-data');
    expect(await codes(`${folder}/data-keys`, `${folder}/copy`, `${folder}/data`)).not.toContain('error key/inside-data');
  });

  it('has nothing to say when all three lie on disks of their own', async () => {
    const fs = new SimulatedDisk();
    for (const each of ['/keys', '/copy', '/data']) await fs.makeFolder(each);
    const apart = {
      findStatus: async (path: string) => {
        const status = await fs.findStatus(path);
        return status && { ...status, device: path };
      },
    };
    const problems = await findPlaceProblems({ keyFolder: '/keys', copyFolder: '/copy', dataFolder: '/data', fs: apart });
    expect(problems).toEqual([]);
  });
});
