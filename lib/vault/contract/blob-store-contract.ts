import type { BlobStore } from '@lantai/vault';
import { seededChance } from '@lantai/vault/memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** How bytes at rest are spoiled. */
export type BlobDamage = 'flip' | 'truncate' | 'extend' | 'empty';

/** One empty store under test, and what a test may do to it behind its back. */
export interface BlobStoreHarness {
  readonly store: BlobStore;
  /** SHA-256. */
  hash(bytes: Uint8Array): Uint8Array;
  /** Spoils the stored bytes of an object. */
  damage(address: Uint8Array, how: BlobDamage): Promise<void>;
  /**
   * For stores that are durable: runs `work` on the store, cuts the power after `steps` changing steps, and opens the store again.
   * `isCut` says whether the power went before the work was done. Called many times, each time on an empty store.
   */
  crashDuring?(steps: number, work: (store: BlobStore) => Promise<void>): Promise<{ isCut: boolean; store: BlobStore }>;
  /** For stores on something that can be full: makes the n-th changing step from now fail as a full disk does, for good or until `mend`. */
  fillUp?(step: number): void;
  mend?(): void;
  dispose(): Promise<void>;
}

/** Bytes that look random, the same for the same seed. */
export function sampleBytes(length: number, seed: number): Uint8Array {
  const chance = seededChance(seed);
  return Uint8Array.from({ length }, () => Math.floor(chance() * 256));
}

async function* inPieces(bytes: Uint8Array, length: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function listSorted(store: BlobStore): Promise<string[]> {
  const found: string[] = [];
  for await (const address of store.list()) found.push(address.join());
  return found.sort();
}

/** What a store claims beyond keeping; each claim adds the tests that try it. */
export interface BlobStoreClaims {
  /** It survives a power cut: the harness has `crashDuring`. */
  readonly isDurable?: boolean;
  /** It stands on something that can be full: the harness has `fillUp` and `mend`. */
  readonly canBeFull?: boolean;
}

/** The suite every {@link BlobStore} passes. `makeHarness` gives an empty store each time. */
export function describeBlobStore(name: string, makeHarness: () => Promise<BlobStoreHarness>, claims: BlobStoreClaims = {}): void {
  describe(`BlobStore contract: ${name}`, () => {
    let harness: BlobStoreHarness;
    beforeEach(async () => {
      harness = await makeHarness();
    });
    afterEach(() => harness.dispose());
    const current = () => harness;
    describeKeeping(current);
    describeParts(current);
    describeSpoiled(current);
    if (claims.isDurable) describePowerCuts(current);
    if (claims.canBeFull) describeFullDisk(current);
  });
}

function describePowerCuts(current: () => BlobStoreHarness): void {
  const crash = (steps: number, work: (store: BlobStore) => Promise<void>) => {
    const { crashDuring } = current();
    if (!crashDuring) throw new Error('a durable store is tried with crashDuring');
    return crashDuring(steps, work);
  };

  it('keeps whole what it acknowledged and nothing half, wherever the power is cut', async () => {
    const { hash } = current();
    const objects = [sampleBytes(5000, 1), sampleBytes(17, 2), sampleBytes(70_000, 3)];
    for (let steps = 0, isCut = true; isCut; steps++) {
      const acknowledged: Uint8Array[] = [];
      const end = await crash(steps, async (dying) => {
        acknowledged.push(await dying.put(objects[0]!));
        acknowledged.push(...(await dying.putMany(objects.slice(1))));
        acknowledged.push((await dying.putStream(inPieces(sampleBytes(40_000, 4), 999))).address);
      });
      isCut = end.isCut;
      for (const address of acknowledged) expect(hash(await end.store.get(address))).toEqual(address);
      for await (const address of end.store.list()) expect(hash(await end.store.get(address))).toEqual(address);
      for (const address of await end.store.putMany(objects)) expect(await end.store.has(address)).toBe(true);
    }
  });

  it('does not bring back what was removed, wherever the power is cut', async () => {
    for (let steps = 0, isCut = true; isCut; steps++) {
      let removed: Uint8Array | null = null;
      const end = await crash(steps, async (dying) => {
        const address = await dying.put(sampleBytes(300, 5));
        await dying.remove(address);
        removed = address;
      });
      isCut = end.isCut;
      if (removed) expect(await end.store.has(removed)).toBe(false);
    }
  });
}

function describeFullDisk(current: () => BlobStoreHarness): void {
  it('says so when the disk is full, at whichever step, leaves nothing half, and goes on once there is room', async () => {
    const { store, fillUp, mend } = current();
    if (!fillUp || !mend) throw new Error('a store that can be full is tried with fillUp and mend');
    const object = sampleBytes(3000, 6);
    let failures = 0;
    for (let step = 1, isDone = false; !isDone; step++) {
      fillUp(step);
      const failure = await store.put(object).then(
        () => null,
        (error: unknown) => error,
      );
      mend();
      isDone = failure === null;
      if (failure) expect(failure).toMatchObject({ fault: 'environment', code: expect.stringMatching(/^blob\/store-(full|failed)$/) });
      if (failure) failures++;
      for await (const address of store.list()) expect(await store.get(address)).toEqual(object);
      const address = await store.put(object);
      expect(await store.get(address)).toEqual(object);
      await store.remove(address);
    }
    expect(failures).toBeGreaterThan(0);
  });
}

function describeKeeping(current: () => BlobStoreHarness): void {
  it('gives back what was put, under the digest of its bytes', async () => {
    const { store, hash } = current();
    for (const length of [0, 1, 4096, 300_000]) {
      const object = sampleBytes(length, length);
      const address = await store.put(object);
      expect(address).toEqual(hash(object));
      expect(await store.get(address)).toEqual(object);
      expect(await store.lengthOf(address)).toBe(length);
      expect(await store.has(address)).toBe(true);
    }
    await store.flush();
  });

  it('gives one address for the same bytes put twice, one after another or at once', async () => {
    const { store } = current();
    const object = sampleBytes(2000, 7);
    const addresses = [await store.put(object), ...(await Promise.all([store.put(object), store.put(object)]))];
    addresses.push(...(await store.putMany([object, object])));
    expect(new Set(addresses.map(String)).size).toBe(1);
    expect(await listSorted(store)).toEqual([addresses[0]!.join()]);
    expect(await store.get(addresses[0]!)).toEqual(object);
  });

  it('keeps its own copy: bytes changed by the caller after put do not reach it', async () => {
    const { store } = current();
    const object = sampleBytes(100, 8);
    const address = await store.put(object);
    object.fill(0);
    expect(await store.get(address)).toEqual(sampleBytes(100, 8));
  });

  it('removes an object, and removing what is not there is no error', async () => {
    const { store } = current();
    const kept = await store.put(sampleBytes(10, 12));
    const removed = await store.put(sampleBytes(10, 13));
    await store.remove(removed);
    await store.remove(removed);
    expect(await store.has(removed)).toBe(false);
    await expect(store.get(removed)).rejects.toMatchObject({ code: 'blob/missing' });
    expect(await listSorted(store)).toEqual([kept.join()]);
    expect(await store.put(sampleBytes(10, 13))).toEqual(removed);
    expect(await store.get(removed)).toEqual(sampleBytes(10, 13));
  });
}

function describeParts(current: () => BlobStoreHarness): void {
  it('puts many with addresses in their order, and none for none', async () => {
    const { store, hash } = current();
    const objects = Array.from({ length: 60 }, (_, i) => sampleBytes(1 + i * 37, i));
    expect(await store.putMany(objects)).toEqual(objects.map(hash));
    expect(await store.putMany([])).toEqual([]);
    for (const object of objects) expect(await store.get(hash(object))).toEqual(object);
    expect(await listSorted(store)).toEqual(objects.map((object) => hash(object).join()).sort());
  });

  it('takes a stream of pieces, also an empty one, and stores nothing when the stream breaks off', async () => {
    const { store, hash } = current();
    const object = sampleBytes(50_000, 9);
    expect(await store.putStream(inPieces(object, 777))).toEqual({ address: hash(object), lengthBytes: object.length });
    expect(await store.get(hash(object))).toEqual(object);
    expect((await store.putStream(inPieces(new Uint8Array(0), 1))).lengthBytes).toBe(0);
    const before = await listSorted(store);
    async function* broken(): AsyncIterable<Uint8Array> {
      yield sampleBytes(10, 10);
      throw new Error('the sender went away');
    }
    await expect(store.putStream(broken())).rejects.toThrow('the sender went away');
    expect(await listSorted(store)).toEqual(before);
  });

  it('gives the part asked for, and refuses a part that is not inside the object', async () => {
    const { store } = current();
    const object = sampleBytes(1000, 11);
    const address = await store.put(object);
    expect(await store.getRange(address, 0, 1000)).toEqual(object);
    expect(await store.getRange(address, 990, 10)).toEqual(object.subarray(990));
    expect(await store.getRange(address, 1000, 0)).toEqual(new Uint8Array(0));
    for (const [offset, length] of [[991, 10] as const, [1001, 1] as const, [-1, 5] as const, [5, -1] as const]) {
      await expect(store.getRange(address, offset, length)).rejects.toMatchObject({ code: 'blob/range', fault: 'caller' });
    }
  });
}

function describeSpoiled(current: () => BlobStoreHarness): void {
  it('reports a missing object as corruption, in every way of reading', async () => {
    const { store, hash } = current();
    const address = hash(sampleBytes(5, 14));
    const missing = { code: 'blob/missing', fault: 'corruption' };
    await expect(store.get(address)).rejects.toMatchObject(missing);
    await expect(store.getRange(address, 0, 1)).rejects.toMatchObject(missing);
    await expect(store.lengthOf(address)).rejects.toMatchObject(missing);
    expect(await store.has(address)).toBe(false);
  });

  it('never gives altered bytes, and putting the right ones again mends them', async () => {
    const { store, damage } = current();
    const object = sampleBytes(9000, 15);
    for (const how of ['flip', 'truncate', 'extend', 'empty'] as const) {
      const address = await store.put(object);
      expect(await store.get(address)).toEqual(object);
      await damage(address, how);
      await expect(store.get(address), how).rejects.toMatchObject({ code: 'blob/corrupt', fault: 'corruption' });
      await store.put(object);
      expect(await store.get(address), how).toEqual(object);
    }
  });

  it('never gives fewer bytes than asked: a part past the end of a cut object is refused', async () => {
    const { store, damage } = current();
    const address = await store.put(sampleBytes(9000, 16));
    await damage(address, 'truncate');
    await expect(store.getRange(address, 0, 9000)).rejects.toMatchObject({ code: 'blob/range' });
  });

  it('names no content in its errors: addresses, numbers and codes only', async () => {
    const { store, damage } = current();
    const address = await store.put(new TextEncoder().encode('a sentence that must not appear'));
    await damage(address, 'flip');
    const error: unknown = await store.get(address).catch((e: unknown) => e);
    expect(String(error)).not.toContain('sentence');
  });
}
