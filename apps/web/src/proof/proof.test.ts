import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import {
  createNoteSigner,
  encodeEntry,
  formatBase64,
  formatKeyChanges,
  hashLeaf,
  hashNode,
  KEY_CHANGE_KIND,
  makeKeyChange,
  type NoteSigner,
  signCheckpoint,
  treeHash,
} from '@lantai/log';
import { webPrimitives } from '@lantai/primitives-web';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Schemas } from '../api/client.ts';
import { checkEntry } from './check-entry.ts';
import { type LogSource, watchLog } from './watch-log.ts';

const ORIGIN = 'lantai.example/log';
const ARCHIVE = '0190a000-0000-7000-8000-000000000001';
const hash = treeHash(webPrimitives);

function makeSigner(name = ORIGIN): NoteSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return createNoteSigner(
    {
      hash: (_alg, ...parts) => {
        const digest = createHash('sha256');
        for (const part of parts) digest.update(part);
        return new Uint8Array(digest.digest());
      },
      sign: (_alg, _key, message) => new Uint8Array(sign(null, message, privateKey)),
    },
    {
      name,
      algorithm: 'ed25519',
      privateKey: new Uint8Array(32),
      publicKey: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)),
    },
  );
}

const entryBytes = (n: number) =>
  encodeEntry({
    id: `0190a000-0000-7000-8000-00000000000${n}`,
    atMs: 1_795_000_000_000 + n,
    kind: 'page.viewed',
    actor: 'system',
    params: { page: n },
  });

/** Trees of one and of two leaves, whose proofs can be written down by hand. */
const leaf = (n: number) => hashLeaf(hash, entryBytes(n));
const rootOfTwo = (a: number, b: number) => hashNode(hash, leaf(a), leaf(b));

describe('watching the log', () => {
  let shelf: Map<string, string>;
  let signer: NoteSigner;
  const memory = () => ({ getItem: (k: string) => shelf.get(k) ?? null, setItem: (k: string, v: string) => void shelf.set(k, v) });
  const source = (over: Partial<LogSource> & { size?: number; root?: Uint8Array; by?: NoteSigner }): LogSource => ({
    verifierKeys: async () => [signer.verifierKey],
    keyChanges: async () => '',
    checkpoint: async () => signCheckpoint({ origin: ORIGIN, size: over.size ?? 1, root: over.root ?? leaf(1) }, [over.by ?? signer]),
    consistency: async () => [formatBase64(leaf(2))],
    ...over,
  });
  const look = (s: LogSource) => watchLog(s, memory(), ARCHIVE, 5);
  beforeEach(() => {
    shelf = new Map();
    signer = makeSigner();
  });

  it('believes the first checkpoint, and proves that the next continues it', async () => {
    expect((await look(source({}))).kind).toBe('first');
    expect(await look(source({ size: 2, root: rootOfTwo(1, 2) }))).toMatchObject({ kind: 'proved', fromSize: 1, checkpoint: { size: 2 } });
    expect((await look(source({ size: 2, root: rootOfTwo(1, 2) }))).kind).toBe('proved');
  });
  it('alarms when the log was rewritten, and goes on alarming until the true one is back', async () => {
    await look(source({}));
    const rewritten = source({ size: 2, root: rootOfTwo(3, 2) });
    expect(await look(rewritten)).toEqual({ kind: 'alarm', why: 'fork', rememberedSize: 1 });
    expect((await look(rewritten)).kind).toBe('alarm');
    expect((await look(source({ size: 1, root: leaf(3) }))).kind).toBe('alarm');
    expect((await look(source({ size: 2, root: rootOfTwo(1, 2) }))).kind).toBe('proved');
  });
  it('alarms when the log is shorter than seen before, or gone', async () => {
    await look(source({ size: 2, root: rootOfTwo(1, 2) }));
    expect(await look(source({}))).toMatchObject({ kind: 'alarm', why: 'shorter' });
    expect(await look(source({ checkpoint: async () => null }))).toMatchObject({ kind: 'alarm', why: 'shorter' });
  });
  it('alarms when another key signs, even if the server offers that key', async () => {
    await look(source({}));
    const other = makeSigner();
    expect(await look(source({ by: other }))).toMatchObject({ kind: 'alarm', why: 'signature' });
    expect(await look(source({ by: other, verifierKeys: async () => [other.verifierKey] }))).toMatchObject({ kind: 'alarm', why: 'key' });
  });
  it('follows keys that the log announced by the one it believes, and no others; what was signed before can still be checked', async () => {
    await look(source({}));
    const [next, sm2, stranger] = [makeSigner(), makeSigner(), makeSigner()];
    const announced = (by: NoteSigner) => {
      const params = { ...makeKeyChange(ORIGIN, by, next, sm2) };
      const entry = encodeEntry({ id: '0190a000-0000-7000-8000-0000000000ff', atMs: 1, kind: KEY_CHANGE_KIND, actor: 'system', params });
      const change = { position: 1, entryBytes: entry };
      const root = hashNode(hash, leaf(1), hashLeaf(hash, entry));
      const keys = [next, sm2, signer].map((key) => key.verifierKey);
      const consistency = async () => [formatBase64(hashLeaf(hash, entry))];
      return { size: 2, root, consistency, keyChanges: async () => formatKeyChanges([change]), verifierKeys: async () => keys };
    };
    expect(await look(source({ ...announced(stranger), by: next }))).toMatchObject({ kind: 'alarm', why: 'signature' });
    expect(await look(source({ ...announced(signer), by: signer })), 'the old key has no say any more').toMatchObject({ why: 'signature' });
    expect(await look(source({ ...announced(signer), by: next }))).toMatchObject({ kind: 'proved', fromSize: 1 });
    const [remembered] = [...shelf.values()].map((text) => JSON.parse(text) as { verifierKeys: string[] });
    expect(remembered?.verifierKeys).toEqual([next, sm2, signer].map((key) => key.verifierKey));
    expect(await look(source({ ...announced(signer), by: next }))).toMatchObject({ kind: 'proved' });
    expect(await look(source({ ...announced(signer), by: next, keyChanges: async () => 'x' }))).toMatchObject({ why: 'key' });
  });
  it('alarms when the server has no proof that one continues the other', async () => {
    await look(source({}));
    expect((await look(source({ size: 2, root: rootOfTwo(1, 2), consistency: async () => null }))).kind).toBe('alarm');
  });
  it('takes an empty log for what it is on the first visit', async () => {
    expect(await look(source({ checkpoint: async () => null }))).toEqual({ kind: 'empty' });
  });
});

describe('checking an entry in the browser', () => {
  const signer = makeSigner();
  const note = signCheckpoint({ origin: ORIGIN, size: 2, root: rootOfTwo(1, 2) }, [signer]);
  const proofOf = (over: Partial<Schemas['EntryProof']> = {}, entry: Partial<Schemas['LogEntry']> = {}): Schemas['EntryProof'] => ({
    entry: {
      id: '0190a000-0000-7000-8000-000000000001',
      position: 0,
      atMs: 1_795_000_000_001,
      kind: 'page.viewed',
      actor: null,
      dossier: null,
      objectId: null,
      params: { page: 1 },
      ...entry,
    },
    bytes: formatBase64(entryBytes(1)),
    checkpoint: note,
    inclusion: [formatBase64(leaf(2))],
    ...over,
  });
  const failing = (proof: Schemas['EntryProof'], keys = [signer.verifierKey]) =>
    checkEntry(proof, keys)!
      .checks.filter((c) => !c.passed)
      .map((c) => c.name);

  it('holds for the true entry', () => {
    expect(checkEntry(proofOf(), [signer.verifierKey])!.holds).toBe(true);
  });
  it('names what does not hold', () => {
    expect(failing(proofOf({ bytes: formatBase64(entryBytes(3)) }))).toEqual(['agrees', 'inclusion']);
    expect(failing(proofOf({ inclusion: [formatBase64(leaf(3))] }))).toEqual(['inclusion']);
    expect(failing(proofOf({}, { position: 1 }))).toEqual(['inclusion']);
    expect(failing(proofOf({}, { kind: 'page.removed' }))).toEqual(['agrees']);
    expect(failing(proofOf({}, { params: { page: 2 } }))).toEqual(['agrees']);
    expect(failing(proofOf(), [makeSigner().verifierKey])).toEqual(['checkpoint', 'inclusion']);
    expect(failing(proofOf({ bytes: 'AAAA' }))).toEqual(['bytes', 'agrees', 'inclusion']);
  });
  it('says nothing of an entry that waits for its place', () => {
    expect(checkEntry(proofOf({ checkpoint: null, inclusion: null }, { position: null }), [signer.verifierKey])).toBeNull();
  });
});
