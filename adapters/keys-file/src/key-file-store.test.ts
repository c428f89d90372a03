import { nodePrimitives as p } from '@lantai/primitives-node';
import { SoftRootKey } from '@lantai/vault';
import { FaultyFileSystem, SimulatedDisk, seededChance } from '@lantai/vault/memory';
import { describe, expect, it } from 'vitest';
import { createKeyFileStore, openKeyFileStore } from './open-key-file-store.ts';
import { dossier, FILES, FONDS, filled, keysOf, simulated } from './testing/simulated-store.ts';

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
  it('keeps what was acknowledged before and after it, wherever the power is cut', async () => {
    for (const seed of [1, 2, 3]) {
      const chance = seededChance(seed);
      for (let steps = 0, isCut = true; isCut; steps++) {
        const disk = new SimulatedDisk(chance);
        const store = await filled(disk, 2);
        const acknowledged = new Map([0, 1].map((n) => [n, store.get('dossier', dossier(n).id)] as const));
        let isDestroyed = false;
        disk.powerCutAfter(steps);
        const work = async () => {
          for (let n = 2; n < 4; n++) {
            await store.compact();
            await store.create('dossier', dossier(n).id, FONDS);
            acknowledged.set(n, store.get('dossier', dossier(n).id));
          }
          await store.destroy('dossier', dossier(0).id);
          isDestroyed = true;
          await store.compact();
        };
        isCut = await work().then(
          () => false,
          () => true,
        );
        const again = await openKeyFileStore(simulated(disk.restart(), 2));
        for (const [n, key] of acknowledged) {
          if (n > 0 || !again.isDestroyed('dossier', dossier(0).id)) expect(again.get('dossier', dossier(n).id), `${steps}`).toEqual(key);
        }
        if (isDestroyed) expect(again.isDestroyed('dossier', dossier(0).id)).toBe(true);
        await again.close();
      }
    }
  });

  it('leaves a whole store under the old or the new root key wherever the power is cut, never a half one', async () => {
    const newRoot = new Uint8Array(32).fill(9);
    for (let steps = 0, isCut = true; isCut; steps++) {
      const disk = new SimulatedDisk(seededChance(steps));
      const store = await filled(disk, 3);
      const keys = keysOf(store, 3);
      disk.powerCutAfter(steps);
      isCut = await store.renew({ root: new SoftRootKey(p, newRoot) }).then(
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

  it('says in its findings that a destroyed key could not be erased, tries again, and closing does not hide it', async () => {
    const fs = new FaultyFileSystem(new SimulatedDisk());
    const store = await createKeyFileStore({ ...simulated(new SimulatedDisk()), fs, eraseDelayMs: 1 });
    await store.create(FONDS.kind, FONDS.id, null);
    const length = (await fs.read(FILES[0])).length;
    await store.destroy(FONDS.kind, FONDS.id);
    fs.breakDown({ firstStep: fs.stepCount + 1, code: 'ENOSPC', once: false });
    const failed = { code: 'key/rewrite-failed', severity: 'error', params: { reason: 'key/store-failed' } };
    await expect.poll(() => store.findings, { timeout: 5000 }).toContainEqual(failed);
    fs.mend();
    await expect.poll(async () => (await fs.read(FILES[1])).length, { timeout: 5000 }).toBeLessThan(length);
    await store.close();
    const broken = new FaultyFileSystem(new SimulatedDisk());
    const last = await createKeyFileStore({ ...simulated(new SimulatedDisk()), fs: broken });
    await last.create(FONDS.kind, FONDS.id, null);
    await last.destroy(FONDS.kind, FONDS.id);
    broken.breakDown({ firstStep: broken.stepCount + 1, code: 'EIO', once: false });
    await expect(last.close()).rejects.toMatchObject({ code: 'key/store-failed' });
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
