import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyFileStoreOptions } from './key-file-store.ts';
import { createKeyFileStore, openKeyFileStore, restoreKeyFile } from './open-key-file-store.ts';
import { dossier, FONDS } from './testing/simulated-store.ts';
import { thisProcess } from './writer-lock.ts';

describe('on the machine', () => {
  let folder: string;
  let options: KeyFileStoreOptions;
  let rootKey: Uint8Array;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lantai-keys-'));
    rootKey = p.random(32);
    options = { folder: `${folder}/keys`, copyFolder: `${folder}/copy`, rootKey, p };
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps folders at 0700 and files at 0600, and refuses wider ones with a code', async () => {
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
         rootKey: Uint8Array.from(${JSON.stringify([...rootKey])}), p });
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
