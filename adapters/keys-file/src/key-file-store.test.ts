import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePrimitives as p } from '@lantai/primitives-node';
import type { KeyName } from '@lantai/vault';
import { describeKeyStore } from '@lantai/vault/contract';
import { FaultyFileSystem, MemoryKeyStore, PowerCut, SimulatedDisk, seededChance } from '@lantai/vault/memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyFileStore, KeyFileStoreOptions } from './key-file-store.ts';
import { createKeyFileStore, openKeyFileStore, restoreKeyFile } from './open-key-file-store.ts';
import type { LockOwner } from './writer-lock.ts';

const FONDS: KeyName = { kind: 'fonds', id: '0193a000-0000-7000-8000-000000000001' };
const dossier = (n: number): KeyName => ({ kind: 'dossier', id: `0193a000-0000-7000-8000-${n.toString(16).padStart(12, '0')}` });
const FILES = ['/keys/keys.lks', '/copy/keys.lks'] as const;

/** A writer of one power-up of a simulated machine: those of earlier ones are dead. */
function bootOwner(boot: number): LockOwner {
  return { text: `boot ${boot}`, isRunning: (text) => text === `boot ${boot}` };
}

function simulated(disk: SimulatedDisk, boot = 1): KeyFileStoreOptions {
  return { folder: '/keys', copyFolder: '/copy', rootKey: new Uint8Array(32).fill(7), p, fs: disk, lockOwner: bootOwner(boot) };
}

describeKeyStore('memory', async () => ({
  store: new MemoryKeyStore({ random: (length) => p.random(length), nowMs: Date.now }),
  dispose: async () => {},
}));

describeKeyStore('file, on the machine', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lantai-keys-'));
  const options = { folder: `${folder}/keys`, copyFolder: `${folder}/copy`, rootKey: p.random(32), p };
  const store = await createKeyFileStore(options);
  return {
    store,
    reopen: () => openKeyFileStore(options),
    dispose: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});

for (const suite of ['intl', 'gm'] as const) {
  for (const seed of [1, 2, 3, 4]) {
    describeKeyStore(`file, simulated, ${suite}, chance ${seed}`, async () => {
      const chance = seededChance(seed);
      const disk = new SimulatedDisk(chance);
      const store = await createKeyFileStore({ ...simulated(disk), suite });
      return {
        store,
        reopen: () => openKeyFileStore(simulated(disk)),
        async crashDuring(steps, work) {
          const fresh = new SimulatedDisk(chance);
          const dying = await createKeyFileStore({ ...simulated(fresh), suite });
          fresh.powerCutAfter(steps);
          const isCut = await work(dying).then(
            () => false,
            (error: unknown) => {
              if (error instanceof PowerCut) return true;
              throw error;
            },
          );
          return { isCut, store: await openKeyFileStore(simulated(fresh.restart(), 2)) };
        },
        dispose: () => store.close(),
      };
    });
  }
}

async function filled(disk: SimulatedDisk, count: number): Promise<KeyFileStore> {
  const store = await createKeyFileStore(simulated(disk));
  await store.create(FONDS.kind, FONDS.id, null);
  for (let n = 0; n < count; n++) await store.create('dossier', dossier(n).id, FONDS);
  return store;
}

const keysOf = (store: KeyFileStore, count: number) => Array.from({ length: count }, (_, n) => store.get('dossier', dossier(n).id));

describe('two copies', () => {
  it('are equal after every change', async () => {
    const disk = new SimulatedDisk();
    const store = await filled(disk, 3);
    expect(await disk.read(FILES[0])).toEqual(await disk.read(FILES[1]));
    await store.destroy('dossier', dossier(1).id);
    await store.compact();
    expect(await disk.read(FILES[0])).toEqual(await disk.read(FILES[1]));
    await store.close();
  });

  for (const [which, path] of FILES.entries()) {
    it(`mend copy ${which + 1} from the other wherever a bit of it is flipped or its end is cut`, async () => {
      const disk = new SimulatedDisk();
      const first = await filled(disk, 4);
      const keys = keysOf(first, 4);
      await first.close();
      const whole = await disk.read(path);
      for (let at = 0; at < whole.length; at += 3) {
        disk.damage(path, (bytes) => bytes.map((byte, i) => (i === at ? byte ^ 0x10 : byte)));
        const store = await openKeyFileStore(simulated(disk));
        const findings = [...store.findings, ...(await store.verifyCopies())];
        expect(findings, `flip at ${at}`).toContainEqual(expect.objectContaining({ code: 'key/copy-mended', severity: 'warning' }));
        expect(keysOf(store, 4)).toEqual(keys);
        await store.close();
        expect(await disk.read(path)).toEqual(whole);
        disk.damage(path, (bytes) => bytes.slice(0, at));
        const again = await openKeyFileStore(simulated(disk));
        expect(again.findings.length, `cut at ${at}`).toBe(1);
        expect(keysOf(again, 4)).toEqual(keys);
        await again.close();
        expect(await disk.read(path)).toEqual(whole);
      }
    });
  }

  it('mend a copy that is missing, and one that was put back from an older day', async () => {
    const disk = new SimulatedDisk();
    const store = await filled(disk, 2);
    const older = await disk.read(FILES[1]);
    await store.create('dossier', dossier(2).id, FONDS);
    const keys = keysOf(store, 3);
    await store.close();
    disk.damage(FILES[1], () => older);
    const behind = await openKeyFileStore(simulated(disk));
    expect(behind.findings).toEqual([{ code: 'key/copy-mended', severity: 'warning', params: { copy: 2, reason: 'behind' } }]);
    await behind.close();
    await disk.remove(FILES[0]);
    const missing = await openKeyFileStore(simulated(disk));
    expect(missing.findings).toEqual([{ code: 'key/copy-mended', severity: 'warning', params: { copy: 1, reason: 'missing' } }]);
    expect(keysOf(missing, 3)).toEqual(keys);
    await missing.close();
  });

  it('refuse to open when both are damaged, rather than forget keys', async () => {
    const disk = new SimulatedDisk();
    await (await filled(disk, 4)).close();
    for (const path of FILES) disk.damage(path, (bytes) => bytes.map((byte, i) => (i === 200 ? byte ^ 1 : byte)));
    await expect(openKeyFileStore(simulated(disk))).rejects.toMatchObject({ code: 'key/store-corrupt', fault: 'corruption' });
  });

  it('refuse to open when both lost the same end, rather than forget keys', async () => {
    const disk = new SimulatedDisk();
    await (await filled(disk, 4)).close();
    for (const path of FILES) disk.damage(path, (bytes) => bytes.slice(0, -5));
    await expect(openKeyFileStore(simulated(disk))).rejects.toMatchObject({ code: 'key/store-corrupt' });
  });

  it('refuse a copy of another store, also under the same root key', async () => {
    const disk = new SimulatedDisk();
    await (await filled(disk, 1)).close();
    const other = new SimulatedDisk();
    await (await filled(other, 1)).close();
    const foreign = await other.read(FILES[0]);
    disk.damage(FILES[1], () => foreign);
    await expect(openKeyFileStore(simulated(disk))).rejects.toMatchObject({ code: 'key/store-corrupt' });
  });

  it('tell another root key from damage', async () => {
    const disk = new SimulatedDisk();
    await (await filled(disk, 1)).close();
    const wrong = { ...simulated(disk), rootKey: p.random(32) };
    await expect(openKeyFileStore(wrong)).rejects.toMatchObject({ code: 'key/root-mismatch', fault: 'caller' });
    disk.damage(FILES[0], () => new Uint8Array(0));
    disk.damage(FILES[1], () => new TextEncoder().encode('not a key file, but long enough to be one: '.repeat(5)));
    await expect(openKeyFileStore(simulated(disk))).rejects.toMatchObject({ code: 'key/store-corrupt', fault: 'corruption' });
    await expect(openKeyFileStore(simulated(new SimulatedDisk()))).rejects.toMatchObject({ code: 'key/store-missing' });
  });

  it('are refused when a later version wrote them', async () => {
    const disk = new SimulatedDisk();
    await (await filled(disk, 1)).close();
    disk.damage(FILES[0], (bytes) => bytes.map((byte, i) => (i === 4 ? 2 : byte)));
    await expect(openKeyFileStore(simulated(disk))).rejects.toMatchObject({ code: 'key/store-newer' });
  });
});

describe('destroying', () => {
  it('erases the wrapped bytes from both copies when the files are written anew, and of all keys under a fonds', async () => {
    const disk = new SimulatedDisk();
    const store = await filled(disk, 4);
    const wrapped = (bytes: Uint8Array, n: number) => Buffer.from(bytes).indexOf(Buffer.from(dossier(n).id.replaceAll('-', ''), 'hex'));
    const before = await disk.read(FILES[0]);
    const record = before.slice(wrapped(before, 2), wrapped(before, 2) + 16 + 18 + 40);
    await store.destroy('dossier', dossier(2).id);
    await store.close();
    for (const path of FILES) expect(Buffer.from(await disk.read(path)).includes(Buffer.from(record.slice(-40)))).toBe(false);
    const again = await openKeyFileStore(simulated(disk));
    expect(again.isDestroyed('dossier', dossier(2).id)).toBe(true);
    expect([...again.list()].find(({ id }) => id === dossier(2).id)?.destroyedAtMs).toBeGreaterThan(0);
    await again.destroy(FONDS.kind, FONDS.id);
    await again.compact();
    expect((await disk.read(FILES[0])).length).toBeLessThan(before.length - 4 * 40);
    expect(again.isDestroyed('dossier', dossier(0).id)).toBe(true);
    expect([...again.list()].length).toBe(5);
    await again.close();
  });

  it('is carried through by itself, a moment later', async () => {
    const disk = new SimulatedDisk();
    const store = await createKeyFileStore({ ...simulated(disk), eraseDelayMs: 5 });
    await store.createMany([
      { ...FONDS, parent: null },
      { ...dossier(1), parent: FONDS },
    ]);
    const before = (await disk.read(FILES[0])).length;
    await store.destroy('dossier', dossier(1).id);
    await expect.poll(async () => (await disk.read(FILES[1])).length, { timeout: 5000 }).toBeLessThan(before);
    expect(store.get(FONDS.kind, FONDS.id).length).toBe(32);
    await store.close();
  });

  it('does not wipe a key that a caller still holds', async () => {
    const disk = new SimulatedDisk();
    const store = await filled(disk, 2);
    const held = store.get('dossier', dossier(1).id);
    await store.destroy('dossier', dossier(0).id);
    await store.close();
    expect(held.some((byte) => byte !== 0)).toBe(true);
  });
});

describe('writing anew', () => {
  it('leaves a whole store under the old or the new root key wherever the power is cut, never a half one', async () => {
    const newRoot = new Uint8Array(32).fill(9);
    for (let steps = 0, isCut = true; isCut; steps++) {
      const disk = new SimulatedDisk(seededChance(steps));
      const store = await filled(disk, 3);
      const keys = keysOf(store, 3);
      disk.powerCutAfter(steps);
      isCut = await store.rewrapRoot(newRoot).then(
        () => false,
        () => true,
      );
      const after = disk.restart();
      const roots = [new Uint8Array(32).fill(7), newRoot];
      const opened = await Promise.allSettled(
        roots.map(async (rootKey) => {
          const again = await openKeyFileStore({ ...simulated(after.restart(), 2), rootKey });
          expect(keysOf(again, 3)).toEqual(keys);
          await again.close();
        }),
      );
      expect(opened.some(({ status }) => status === 'fulfilled')).toBe(true);
      for (const end of opened) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'key/root-mismatch' });
      if (!isCut) expect(opened.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    }
  });

  it('happens when the history is older than thirty days', async () => {
    const disk = new SimulatedDisk();
    const clock = { nowMs: Date.now() };
    const options = { ...simulated(disk), nowMs: () => clock.nowMs, eraseDelayMs: 1 };
    const store = await createKeyFileStore(options);
    for (let n = 0; n < 5; n++) await store.create('purpose', `p${n}`, null);
    await store.close();
    const before = (await disk.read(FILES[0])).length;
    clock.nowMs += 31 * 86_400_000;
    const again = await openKeyFileStore(options);
    await expect.poll(async () => (await disk.read(FILES[1])).length, { timeout: 5000 }).toBe(before - 4 * 36);
    await again.close();
  });

  it('lets changes that come meanwhile wait, and loses none', async () => {
    const disk = new SimulatedDisk();
    const store = await filled(disk, 3);
    await Promise.all([store.compact(), store.create('dossier', dossier(3).id, FONDS), store.compact(), store.snapshot()]);
    const keys = keysOf(store, 4);
    await store.close();
    const again = await openKeyFileStore(simulated(disk));
    expect(keysOf(again, 4)).toEqual(keys);
    await again.close();
  });
});

describe('a full or failing disk', () => {
  it('fails the change at whichever step, keeps every key made before, and takes changes again once there is room', async () => {
    for (let step = 1, isDone = false; !isDone; step++) {
      const fs = new FaultyFileSystem(new SimulatedDisk());
      const options = { ...simulated(new SimulatedDisk()), fs };
      const store = await createKeyFileStore(options);
      await store.createMany([
        { ...FONDS, parent: null },
        { ...dossier(0), parent: FONDS },
      ]);
      const key = store.get('dossier', dossier(0).id);
      fs.breakDown({ firstStep: fs.stepCount + step, code: 'ENOSPC', once: false });
      const failure: unknown = await store.create('dossier', dossier(1).id, FONDS).then(
        () => null,
        (error: unknown) => error,
      );
      isDone = failure === null;
      if (failure) expect(failure).toMatchObject({ code: 'key/store-failed', fault: 'environment' });
      expect(store.get('dossier', dossier(0).id)).toEqual(key);
      fs.mend();
      await store.create('dossier', dossier(1).id, FONDS);
      const second = store.get('dossier', dossier(1).id);
      await store.close();
      const again = await openKeyFileStore(options);
      expect([again.get('dossier', dossier(0).id), again.get('dossier', dossier(1).id)]).toEqual([key, second]);
      await again.close();
    }
  });

  it('still opens when it is full and a crash cut the last frame', async () => {
    const disk = new SimulatedDisk();
    await (await filled(disk, 2)).close();
    disk.damage(FILES[0], (bytes) => Uint8Array.from([...bytes, 0, 0, 0, 90, 1, 2, 3]));
    const fs = new FaultyFileSystem(disk);
    const open = openKeyFileStore({ ...simulated(disk), fs });
    const store = await open;
    expect(store.findings).toEqual([{ code: 'key/copy-mended', severity: 'warning', params: { copy: 1, reason: 'cut' } }]);
    await store.close();
  });
});

describe('on the machine', () => {
  let folder: string;
  let options: KeyFileStoreOptions;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lantai-keys-'));
    options = { folder: `${folder}/keys`, copyFolder: `${folder}/copy`, rootKey: p.random(32), p };
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps folders at 0700 and files at 0600, and refuses wider ones with a code', async (test) => {
    if (process.platform === 'win32') return test.skip('Windows has no such modes');
    await (await createKeyFileStore(options)).close();
    expect((await stat(options.folder)).mode & 0o777).toBe(0o700);
    expect((await stat(`${options.copyFolder}/keys.lks`)).mode & 0o777).toBe(0o600);
    await chmod(`${options.copyFolder}/keys.lks`, 0o640);
    const refused = { code: 'key/mode-too-wide', fault: 'environment', detail: { what: 'key-file', mode: '0640', must: '0600' } };
    await expect(openKeyFileStore(options)).rejects.toMatchObject(refused);
    await chmod(`${options.copyFolder}/keys.lks`, 0o600);
    await chmod(options.folder, 0o750);
    await expect(openKeyFileStore(options)).rejects.toMatchObject({ code: 'key/mode-too-wide', detail: { what: 'key-folder' } });
  });

  it('refuses to be made twice, or with both copies in one folder', async () => {
    await (await createKeyFileStore(options)).close();
    await expect(createKeyFileStore(options)).rejects.toMatchObject({ code: 'key/store-exists', fault: 'caller' });
    const same = { ...options, copyFolder: options.folder };
    await expect(createKeyFileStore(same)).rejects.toMatchObject({ code: 'key/copy-in-same-folder' });
  });

  it('shows one opener the keys another made or destroyed, at once or within a moment', async () => {
    const server = await createKeyFileStore(options);
    const cli = await openKeyFileStore(options);
    await server.create(FONDS.kind, FONDS.id, null);
    await cli.create('dossier', dossier(1).id, FONDS);
    expect(server.get('dossier', dossier(1).id)).toEqual(cli.get('dossier', dossier(1).id));
    await server.destroy('dossier', dossier(1).id);
    await expect.poll(() => cli.isDestroyed('dossier', dossier(1).id)).toBe(true);
    await server.compact();
    await cli.create('dossier', dossier(2).id, FONDS);
    expect(server.get('dossier', dossier(2).id)).toEqual(cli.get('dossier', dossier(2).id));
    await Promise.all(
      [server, cli].flatMap((store) => Array.from({ length: 20 }, (_, n) => store.create('dossier', dossier(10 + n).id, FONDS))),
    );
    expect(Array.from({ length: 20 }, (_, n) => server.get('dossier', dossier(10 + n).id))).toEqual(
      Array.from({ length: 20 }, (_, n) => cli.get('dossier', dossier(10 + n).id)),
    );
    expect(server.count).toBe(23);
    await Promise.all([server.close(), cli.close()]);
  });

  it('takes over the lock of a process that was killed, and waits for one that lives', async () => {
    const store = await createKeyFileStore(options);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const { thisProcess } = await import('./writer-lock.ts');
    const start = await readFile(`/proc/${child.pid}/stat`, 'utf8').then((text) => text.slice(text.lastIndexOf(')') + 2).split(' ')[19]);
    const mine = thisProcess().text.split(' ');
    await writeFile(`${options.folder}/keys.lock`, [...mine.slice(0, 3), child.pid, start, '0000'].join(' '));
    let isMade = false;
    const making = store.create(FONDS.kind, FONDS.id, null).then(() => {
      isMade = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(isMade).toBe(false);
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    await making;
    expect(store.get(FONDS.kind, FONDS.id).length).toBe(32);
    await store.close();
  });

  it('loses no acknowledged key to kill -9 of the writing process', async () => {
    await (await createKeyFileStore(options)).close();
    const script = join(folder, 'writer.mjs');
    const here = import.meta.url;
    await writeFile(
      script,
      `import { openKeyFileStore } from ${JSON.stringify(new URL('./open-key-file-store.ts', here).href)};
       import { nodePrimitives as p } from ${JSON.stringify(new URL('../../primitives-node/src/index.ts', here).href)};
       const store = await openKeyFileStore({ folder: ${JSON.stringify(options.folder)}, copyFolder: ${JSON.stringify(options.copyFolder)},
         rootKey: Uint8Array.from(${JSON.stringify([...options.rootKey])}), p });
       for (let n = 0; ; n++) { const id = process.argv[2] + '-' + n; await store.create('purpose', id, null);
         process.stdout.write(id + ' ' + Buffer.from(store.get('purpose', id)).toString('hex') + '\\n'); }`,
    );
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, ['--import', 'tsx', script, `r${round}`], { cwd: new URL('../../..', here) });
      let text = '';
      let errors = '';
      child.stdout.on('data', (data) => {
        text += String(data);
        if (text.split('\n').length > 10 + round * 7) child.kill('SIGKILL');
      });
      child.stderr.on('data', (data) => {
        errors += String(data);
      });
      await new Promise((resolve) => child.on('close', resolve));
      for (const line of text.split('\n').slice(0, -1)) acknowledged.set(...(line.split(' ') as [string, string]));
      expect(acknowledged.size, errors).toBeGreaterThan(10 * round);
    }
    const store = await openKeyFileStore(options);
    for (const [id, hex] of acknowledged) expect(Buffer.from(store.get('purpose', id)).toString('hex')).toBe(hex);
    await store.close();
  });

  it('gives a snapshot that can be put back elsewhere, and the register of destroyed keys holds there too', async () => {
    const store = await createKeyFileStore(options);
    await store.createMany([
      { ...FONDS, parent: null },
      { ...dossier(1), parent: FONDS },
      { ...dossier(2), parent: FONDS },
    ]);
    const snapshot = await store.snapshot();
    const key = store.get('dossier', dossier(1).id);
    await store.destroy('dossier', dossier(2).id);
    const register = [...store.list()].filter(({ destroyedAtMs }) => destroyedAtMs !== undefined);
    await store.close();
    const place = { ...options, folder: `${folder}/restored`, copyFolder: `${folder}/restored-copy` };
    const bad = snapshot.map((byte, i) => (i === snapshot.length - 50 ? byte ^ 1 : byte));
    await expect(restoreKeyFile(place, bad)).rejects.toMatchObject({ code: 'key/store-corrupt' });
    const restored = await restoreKeyFile(place, snapshot);
    await restored.destroyMany(register);
    expect(restored.get('dossier', dossier(1).id)).toEqual(key);
    expect(restored.find('dossier', dossier(2).id)).toBe(null);
    await restored.close();
    await mkdir(`${folder}/full`, { recursive: true });
    await expect(restoreKeyFile(place, snapshot)).rejects.toMatchObject({ code: 'key/store-exists' });
  });
});
