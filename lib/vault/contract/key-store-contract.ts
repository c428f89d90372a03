import { type KeyName, type KeyStore, SUITES, type SuiteId } from '@lantai/vault';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** One empty key store under test, and what a test may do to it behind its back. */
export interface KeyStoreHarness {
  readonly store: KeyStore;
  /** For stores that outlive the process: the same keys, opened anew, after `store` was closed. */
  reopen?(): Promise<KeyStore>;
  /**
   * For durable stores: runs `work` on an empty store, cuts the power after `steps` changing steps, and opens the store again.
   * `isCut` says whether the power went before the work was done.
   */
  crashDuring?(steps: number, work: (store: KeyStore) => Promise<void>): Promise<{ isCut: boolean; store: KeyStore }>;
  dispose(): Promise<void>;
}

const FONDS = { kind: 'fonds', id: '0193a000-0000-7000-8000-000000000001' } as const satisfies KeyName;
const DOSSIER = { kind: 'dossier', id: '0193a000-0000-7000-8000-000000000002' } as const satisfies KeyName;
const OTHER = { kind: 'dossier', id: '0193a000-0000-7000-8000-000000000003' } as const satisfies KeyName;
const PURPOSE = { kind: 'purpose', id: 'audit' } as const satisfies KeyName;

async function createChain(store: KeyStore): Promise<void> {
  await store.create(FONDS.kind, FONDS.id, null);
  await store.create(PURPOSE.kind, PURPOSE.id, null);
  await store.create(DOSSIER.kind, DOSSIER.id, FONDS);
}

const keyOf = (store: KeyStore, { kind, id }: KeyName) => store.get(kind, id).slice();

/** What a store claims beyond keeping keys while it runs; each claim adds the tests that try it. */
export interface KeyStoreClaims {
  /** It outlives its process: the harness has `reopen`. */
  readonly isLasting?: boolean;
  /** It survives a power cut: the harness has `crashDuring`. */
  readonly isDurable?: boolean;
}

/** The suite every {@link KeyStore} passes. `makeHarness` gives an empty store each time. */
export function describeKeyStore(name: string, makeHarness: () => Promise<KeyStoreHarness>, claims: KeyStoreClaims = {}): void {
  describe(`KeyStore contract: ${name}`, () => {
    let harness: KeyStoreHarness;
    beforeEach(async () => {
      harness = await makeHarness();
    });
    afterEach(() => harness.dispose());
    describeCreating(() => harness.store);
    describeRefusing(() => harness.store);
    describeDestroying(() => harness.store);
    describeRenewing(() => harness);
    if (claims.isLasting) describeRestart(() => harness);
    if (claims.isDurable) describePowerCuts(() => harness);
  });
}

function describeRestart(current: () => KeyStoreHarness): void {
  it('keeps its keys and what was destroyed through a restart', async () => {
    const { store, reopen } = current();
    if (!reopen) throw new Error('a lasting store is tried with reopen');
    await createChain(store);
    await store.create(OTHER.kind, OTHER.id, FONDS);
    const before = [FONDS, DOSSIER, PURPOSE].map((key) => keyOf(store, key));
    await store.destroy(OTHER.kind, OTHER.id);
    await store.close();
    const again = await reopen();
    expect([FONDS, DOSSIER, PURPOSE].map((key) => keyOf(again, key))).toEqual(before);
    expect(again.isDestroyed(OTHER.kind, OTHER.id)).toBe(true);
    expect(again.find(OTHER.kind, OTHER.id)).toBe(null);
    await again.close();
  });
}

function describePowerCuts(current: () => KeyStoreHarness): void {
  it('holds every acknowledged key, the same one, wherever the power is cut', async () => {
    const { crashDuring } = current();
    if (!crashDuring) throw new Error('a durable store is tried with crashDuring');
    for (let steps = 0, isCut = true; isCut; steps++) {
      const acknowledged: { name: KeyName; key: Uint8Array }[] = [];
      let isDestroyed = false;
      const end = await crashDuring(steps, async (dying) => {
        const create = async (key: KeyName, parent: KeyName | null) => {
          await dying.create(key.kind, key.id, parent);
          acknowledged.push({ name: key, key: keyOf(dying, key) });
        };
        await create(FONDS, null);
        await create(DOSSIER, FONDS);
        await create(OTHER, FONDS);
        await dying.destroy(OTHER.kind, OTHER.id);
        isDestroyed = true;
        await create(PURPOSE, null);
      });
      isCut = end.isCut;
      for (const { name: key, key: bytes } of acknowledged) {
        if (key === OTHER && end.store.isDestroyed(key.kind, key.id)) continue;
        expect(keyOf(end.store, key), `${key.id} after ${steps} steps`).toEqual(bytes);
      }
      if (isDestroyed) expect(end.store.isDestroyed(OTHER.kind, OTHER.id)).toBe(true);
      // The work goes on: what was begun is done again without harm.
      await end.store.createMany([
        { ...FONDS, parent: null },
        { ...DOSSIER, parent: FONDS },
        { ...PURPOSE, parent: null },
      ]);
      expect(end.store.get(DOSSIER.kind, DOSSIER.id).length).toBe(32);
      await end.store.close();
    }
  });
}

function describeCreating(current: () => KeyStore): void {
  it('makes keys of 32 bytes, each another, and gives the same one each time', async () => {
    const store = current();
    await createChain(store);
    const keys = [FONDS, DOSSIER, PURPOSE].map((key) => keyOf(store, key));
    expect(keys.every((key) => key.length === 32)).toBe(true);
    expect(new Set(keys.map(String)).size).toBe(3);
    await createChain(store);
    expect([FONDS, DOSSIER, PURPOSE].map((key) => keyOf(store, key))).toEqual(keys);
  });

  it('makes one key when it is asked for many times at once', async () => {
    const store = current();
    await store.create(FONDS.kind, FONDS.id, null);
    await Promise.all(Array.from({ length: 20 }, () => store.create(DOSSIER.kind, DOSSIER.id, FONDS)));
    expect([...store.list()].filter(({ id }) => id === DOSSIER.id).length).toBe(1);
  });

  it('makes many in one go, parents before children in one list', async () => {
    const store = current();
    const dossiers = Array.from({ length: 300 }, (_, i) => ({ kind: 'dossier' as const, id: `d-${i}`, parent: FONDS }));
    await store.createMany([{ ...FONDS, parent: null }, ...dossiers]);
    await store.createMany([]);
    expect(new Set(dossiers.map(({ kind, id }) => String(store.get(kind, id)))).size).toBe(300);
  });

  it('tells kinds apart that share an id', async () => {
    const store = current();
    await store.createMany([
      { kind: 'fonds', id: 'x', parent: null },
      { kind: 'purpose', id: 'x', parent: null },
    ]);
    expect(keyOf(store, { kind: 'fonds', id: 'x' })).not.toEqual(keyOf(store, { kind: 'purpose', id: 'x' }));
  });
}

function describeRefusing(current: () => KeyStore): void {
  it('gives null or throws for a key that was never made', async () => {
    const store = current();
    expect(store.find('dossier', 'nobody')).toBe(null);
    expect(() => store.get('dossier', 'nobody')).toThrow(expect.objectContaining({ code: 'key/missing', fault: 'corruption' }));
    expect(store.isDestroyed('dossier', 'nobody')).toBe(false);
  });

  it('refuses a parent that is not there, another parent, and a malformed id, and then makes none of the list', async () => {
    const store = current();
    await createChain(store);
    const fresh = { kind: 'dossier' as const, id: 'fresh', parent: FONDS };
    const refuse = (code: string, bad: Parameters<KeyStore['createMany']>[0][number]) =>
      expect(store.createMany([fresh, bad])).rejects.toMatchObject({ code, fault: 'caller' });
    await refuse('key/parent-missing', { ...OTHER, parent: { kind: 'fonds', id: 'nowhere' } });
    await refuse('key/other-parent', { ...DOSSIER, parent: null });
    await refuse('key/other-parent', { ...DOSSIER, parent: PURPOSE });
    for (const id of ['', 'a b', '张三', 'x'.repeat(65), 'line\nbreak']) await refuse('key/id-malformed', { ...OTHER, id, parent: FONDS });
    expect(store.find('dossier', 'fresh')).toBe(null);
  });

  it('lists every key with its parent and birth, and never its bytes', async () => {
    const store = current();
    await createChain(store);
    const listed = [...store.list()];
    expect(listed.length).toBe(3);
    expect(listed.find(({ id }) => id === DOSSIER.id)).toMatchObject({ ...DOSSIER, parent: FONDS });
    expect(listed.find(({ id }) => id === FONDS.id)?.parent).toBe(null);
    expect(listed.every(({ createdAtMs }) => Number.isSafeInteger(createdAtMs))).toBe(true);
    expect(JSON.stringify(listed)).not.toContain(JSON.stringify([...keyOf(store, DOSSIER)]).slice(1, -1));
  });
}

function describeDestroying(current: () => KeyStore): void {
  it('never gives a destroyed key again, and its id never comes back', async () => {
    const store = current();
    await createChain(store);
    await store.create(OTHER.kind, OTHER.id, FONDS);
    const kept = keyOf(store, OTHER);
    await store.destroy(DOSSIER.kind, DOSSIER.id);
    expect(store.find(DOSSIER.kind, DOSSIER.id)).toBe(null);
    expect(() => store.get(DOSSIER.kind, DOSSIER.id)).toThrow(expect.objectContaining({ code: 'key/destroyed', fault: 'caller' }));
    expect(store.isDestroyed(DOSSIER.kind, DOSSIER.id)).toBe(true);
    await expect(store.create(DOSSIER.kind, DOSSIER.id, FONDS)).rejects.toMatchObject({ code: 'key/destroyed' });
    expect(keyOf(store, OTHER)).toEqual(kept);
    expect(store.isDestroyed(OTHER.kind, OTHER.id)).toBe(false);
  });

  it('does not wipe a key that a caller still holds, under which it may be about to seal', async () => {
    const store = current();
    await createChain(store);
    const held = store.get(DOSSIER.kind, DOSSIER.id);
    const before = held.slice();
    await store.destroy(DOSSIER.kind, DOSSIER.id);
    expect(held).toEqual(before);
    held.fill(0);
    expect(keyOf(store, FONDS).some((byte) => byte !== 0)).toBe(true);
  });

  it('says when a key was destroyed, and destroying it again changes nothing', async () => {
    const store = current();
    await createChain(store);
    await store.destroy(DOSSIER.kind, DOSSIER.id);
    const first = [...store.list()].find(({ id }) => id === DOSSIER.id);
    expect(first?.destroyedAtMs).toBeGreaterThanOrEqual(first?.createdAtMs ?? Number.POSITIVE_INFINITY);
    await store.destroy(DOSSIER.kind, DOSSIER.id);
    expect([...store.list()].find(({ id }) => id === DOSSIER.id)).toEqual(first);
  });

  it('destroys with a fonds everything under it', async () => {
    const store = current();
    await createChain(store);
    await store.destroyMany([FONDS]);
    expect(store.isDestroyed(DOSSIER.kind, DOSSIER.id)).toBe(true);
    expect(store.find(DOSSIER.kind, DOSSIER.id)).toBe(null);
    await expect(store.create(OTHER.kind, OTHER.id, FONDS)).rejects.toMatchObject({ code: 'key/destroyed' });
    expect(store.get(PURPOSE.kind, PURPOSE.id).length).toBe(32);
  });

  it('remembers as destroyed an id it never saw, as after restoring an old copy', async () => {
    const store = current();
    await createChain(store);
    await store.destroyMany([OTHER, DOSSIER]);
    expect(store.isDestroyed(OTHER.kind, OTHER.id)).toBe(true);
    await expect(store.create(OTHER.kind, OTHER.id, FONDS)).rejects.toMatchObject({ code: 'key/destroyed' });
  });
}

const otherSuite = (suite: SuiteId): SuiteId => (suite === 'intl' ? 'gm' : 'intl');

function describeRenewing(current: () => KeyStoreHarness): void {
  it('gives every key as before when only the suite changes, and says the new one, through a restart too', async () => {
    const { store, reopen } = current();
    await createChain(store);
    const before = [FONDS, DOSSIER, PURPOSE].map((key) => keyOf(store, key));
    const { epoch } = store;
    const suite = otherSuite(store.suite);
    await store.renew({ suite });
    expect([store.suite, [FONDS, DOSSIER, PURPOSE].map((key) => keyOf(store, key))]).toEqual([suite, before]);
    expect(store.epoch).not.toBe(epoch);
    expect(store.findFormer(DOSSIER.kind, DOSSIER.id)).toEqual([]);
    await store.create(OTHER.kind, OTHER.id, FONDS);
    if (!reopen) return;
    await store.close();
    const again = await reopen();
    expect(SUITES[again.suite].id).toBe(suite);
    expect(keyOf(again, DOSSIER)).toEqual(before[1]);
    expect(keyOf(again, OTHER).length).toBe(32);
    await again.close();
  });

  it('gives new bytes to the keys asked for and to no other, and keeps those of before, newest first', async () => {
    const { store, reopen } = current();
    await createChain(store);
    const [fonds, dossier, purpose] = [FONDS, DOSSIER, PURPOSE].map((key) => keyOf(store, key));
    await store.renew({ gets: ({ kind }) => kind === 'dossier' });
    const second = keyOf(store, DOSSIER);
    expect(second).not.toEqual(dossier);
    expect(store.findFormer(DOSSIER.kind, DOSSIER.id)).toEqual([dossier]);
    expect([keyOf(store, FONDS), keyOf(store, PURPOSE)]).toEqual([fonds, purpose]);
    await store.renew({ gets: () => true, suite: otherSuite(store.suite) });
    expect(store.findFormer(DOSSIER.kind, DOSSIER.id)).toEqual([second, dossier]);
    expect(store.findFormer(FONDS.kind, FONDS.id)).toEqual([fonds]);
    expect(keyOf(store, FONDS)).not.toEqual(fonds);
    expect([...store.list()].map(({ id }) => id).sort()).toEqual([FONDS.id, DOSSIER.id, PURPOSE.id].sort());
    if (!reopen) return;
    const third = keyOf(store, DOSSIER);
    await store.close();
    const again = await reopen();
    expect([keyOf(again, DOSSIER), ...again.findFormer(DOSSIER.kind, DOSSIER.id)]).toEqual([third, second, dossier]);
    await again.close();
  });

  it('destroys the former keys with the key, and leaves a destroyed key destroyed', async () => {
    const { store } = current();
    await createChain(store);
    await store.create(OTHER.kind, OTHER.id, FONDS);
    await store.destroy(OTHER.kind, OTHER.id);
    await store.renew({ gets: () => true });
    expect(store.find(OTHER.kind, OTHER.id)).toBe(null);
    expect(store.findFormer(OTHER.kind, OTHER.id)).toEqual([]);
    await store.destroy(DOSSIER.kind, DOSSIER.id);
    expect(store.findFormer(DOSSIER.kind, DOSSIER.id)).toEqual([]);
    await store.destroy(FONDS.kind, FONDS.id);
    expect(store.findFormer(FONDS.kind, FONDS.id)).toEqual([]);
  });

  it('refuses ids in the form of a former key', async () => {
    const { store } = current();
    await createChain(store);
    const refusal = { code: 'key/id-malformed', fault: 'caller' };
    await expect(store.create('dossier', `${DOSSIER.id}~1`, DOSSIER)).rejects.toMatchObject(refusal);
    await expect(store.destroy('dossier', `${DOSSIER.id}~1`)).rejects.toMatchObject(refusal);
  });
}
