import { type Anvil, findAnvil, serveAnswers, startAnvil } from '@lantai/anchors/testing';
import { compareCheckpoints, findAnchors, findCheckpoint, findNoteVerifier, openCheckpoint, treeHash } from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import vectors from '../../../../test/vectors/timestamp/tokens.json' with { type: 'json' };
import { findReceiptChecks } from '../pages/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { runAnchors } from './anchor-work.ts';
import type { AnchorWork } from './failures.ts';
import {
  addProvider,
  anchoredReceipt,
  anchorsForBundle,
  checkAllNow,
  deployContract,
  endProvider,
  findAnchorProblems,
  getAnchored,
  keepAnchors,
  listAnchors,
  listProviders,
  listStamped,
} from './index.ts';

// A whole archive beside other tests on a busy machine: what takes long is its starting, and nothing here measures time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
const program = findAnvil();
const at = useArchive({ sequenced: true });
const alarms: { code: string; name: unknown }[] = [];
let offsetMs = 0;
let isStopping = false;

/** The archive with a clock that can be moved, as every action and round here sees it. */
const clock = () => ({ ...at.archive.clock, nowMs: () => at.archive.clock.nowMs() + offsetMs });
const archive = () => ({ ...at.archive, clock: clock() });
const work = (): AnchorWork => ({
  archive: archive(),
  onAlarm: (code, { name }) => alarms.push({ code, name }),
  isStopping: () => isStopping,
});
const desk = async () => ({ ...(await at.desk()), clock: clock() });
const problems = () => findAnchorProblems(at.archive.db, clock().nowMs());
const kinds = async (like = 'anchor.%') =>
  (await at.archive.db.query<{ kind: string }>('select kind from entry where kind like $1 order by id', [like])).map((row) => row.kind);
const states = async (providerId: string) =>
  (await listAnchors(await at.desk(), { providerId, limit: 100 })).items.map(({ state }) => state).reverse();
/** Of a provider's stamps what each state is, the newest checkpoint's first. */
const stampsOf = async (providerId: string) =>
  (await listStamped(await at.desk(), { before: null, limit: 100 })).items.flatMap(({ size, stamps }) =>
    stamps.filter((stamp) => stamp.providerId === providerId).map((stamp) => ({ size, ...stamp })),
  );
const addStamper = async (name: string, url: string) =>
  addProvider(await desk(), { name, everyMinutes: 60, settings: { kind: 'rfc3161', url, roots: vectors.roots.own } });
const stateOf = async (id: string) => (await listProviders(await at.desk())).items.find((one) => one.id === id)!;

/** Every entry so far stands under a checkpoint. */
async function settled(): Promise<void> {
  for (;;) {
    const row = await at.archive.db.one<{ waits: boolean }>(
      'select (select max(position) + 1 from entry) is distinct from (select max(size) from checkpoint) or exists (select 1 from entry where position is null) as waits',
    );
    if (!row?.waits) return;
    await new Promise((done) => setTimeout(done, 20));
  }
}

beforeEach(async () => {
  for (const { id, endedAtMs } of (await listProviders(await at.desk())).items)
    if (endedAtMs === null) await endProvider(await at.desk(), id);
  await settled();
  alarms.length = 0;
});

describe('a provider that fails', () => {
  it('is tried again, later each time, said in health after a while, and alarms once', async () => {
    const id = await addStamper('nobody', 'http://127.0.0.1:1/');
    expect(await problems()).toEqual([]);
    expect(await stampsOf(id)).toEqual([]);
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      await runAnchors(work());
      const { failures, fault, nextAtMs } = await stateOf(id);
      expect([failures, fault]).toEqual([i + 1, { code: 'anchor/unreachable', reason: 'network' }]);
      expect(await stampsOf(id)).toMatchObject([{ state: 'failed', fault, nextAtMs, atMs: null, kind: 'rfc3161' }]);
      waits.push(Math.round((nextAtMs - clock().nowMs()) / 60_000));
      await runAnchors(work());
      expect((await stateOf(id)).failures, 'not asked before its time').toBe(i + 1);
      expect(alarms).toEqual(i < 2 ? [] : [{ code: 'anchor/unreachable', name: 'nobody' }]);
      expect(await problems()).toEqual(i < 2 ? [] : [{ code: 'anchor/late', params: { name: 'nobody' } }]);
      offsetMs = nextAtMs - at.archive.clock.nowMs() + 1;
    }
    expect(waits).toEqual([1, 2, 4, 8]);
    expect((await kinds()).filter((kind) => kind === 'anchor.failed')).toHaveLength(1);
    expect(await states(id), 'one anchor waits, however often it is tried').toEqual(['waiting']);
  });

  it('with a wrong answer alarms at once and anchors nothing', async () => {
    const replayed = Buffer.from(vectors.tokens[0]!.token, 'base64');
    const length = Buffer.from([0x30, 0x82, (replayed.length + 5) >> 8, (replayed.length + 5) & 0xff]);
    const server = await serveAnswers(() => ({ body: Buffer.concat([length, Buffer.from('3003020100', 'hex'), replayed]) }));
    try {
      const id = await addStamper('replayer', server.url);
      await runAnchors(work());
      expect(alarms).toEqual([{ code: 'anchor/answer-wrong', name: 'replayer' }]);
      expect(await stateOf(id)).toMatchObject({ lastSize: null, fault: { code: 'anchor/answer-wrong', reason: 'imprint' } });
      expect(await problems()).toEqual([{ code: 'anchor/late', params: { name: 'replayer' } }]);
      await expect(getAnchored(at.archive, null)).rejects.toMatchObject({ code: 'anchor/not-found' });
    } finally {
      await server.close();
    }
  });

  it('does not stop the log, nor the others', async () => {
    await addStamper('nobody', 'http://127.0.0.1:1/');
    const kept = keepAnchors({ archive: at.archive, onAlarm: () => undefined }, { lookMs: 20, onFault: (code) => expect.fail(code) });
    const before = (await at.archive.log.findCheckpoint(at.archive.db))!.size;
    await at.addDossier();
    await settled();
    expect((await at.archive.log.findCheckpoint(at.archive.db))!.size).toBeGreaterThan(before);
    await kept.stop();
  });
});

describe('setting providers', () => {
  it('refuses what cannot be one', async () => {
    const refused = async (code: string, settings: Parameters<typeof addProvider>[1]['settings']) =>
      expect(addProvider(await at.desk(), { name: 'odd', everyMinutes: 1, settings })).rejects.toMatchObject({ code, fault: 'caller' });
    await refused('anchor/url-with-secret', { kind: 'rfc3161', url: 'https://me:word@tsa.example/', roots: vectors.roots.own });
    await refused('anchor/roots-malformed', { kind: 'rfc3161', url: 'https://tsa.example/', roots: 'x' });
    await refused('log/key-malformed', { kind: 'witness', url: 'https://witness.example/', key: 'w+12345678+AAAA' });
    await addStamper('one', 'http://127.0.0.1:1/');
    await expect(addStamper('one', 'http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'anchor/name-taken' });
    await expect(endProvider(await at.desk(), at.archive.clock.newId())).rejects.toMatchObject({ code: 'anchor/not-found' });
  });

  it('is for the system administrator; the audit administrator sees it; nobody else either', async () => {
    const as = async (role: 'system_admin' | 'audit_admin' | 'security_admin' | 'archivist') => at.desk(await at.addAccount({ role }));
    const add = async (role: Parameters<typeof as>[0]) =>
      addProvider(await as(role), {
        name: role.replace('_', '-'),
        everyMinutes: 1,
        settings: { kind: 'rfc3161', url: 'http://127.0.0.1:1/', roots: vectors.roots.own },
      });
    const not = { code: 'desk/not-allowed' };
    await add('system_admin');
    for (const role of ['audit_admin', 'security_admin', 'archivist'] as const) await expect(add(role)).rejects.toMatchObject(not);
    for (const role of ['system_admin', 'audit_admin'] as const)
      expect((await listProviders(await as(role))).items.length).toBeGreaterThan(0);
    for (const role of ['security_admin', 'archivist'] as const) await expect(listProviders(await as(role))).rejects.toMatchObject(not);
    for (const role of ['system_admin', 'audit_admin'] as const)
      expect((await listStamped(await as(role), { before: 1, limit: 1 })).items).toEqual([]);
    for (const role of ['security_admin', 'archivist'] as const) {
      const asked = listStamped(await as(role), { before: null, limit: 1 });
      await expect(asked).rejects.toMatchObject(not);
    }
    expect((await kinds('anchor.provider-%')).at(-1)).toBe('anchor.provider-added');
  });
});

describe.skipIf(!program)('anchoring the log on a chain (SKIPPED where there is no anvil)', () => {
  let chain: Anvil;
  let contract: string;
  beforeAll(async () => {
    chain = await startAnvil(program!);
    const { chainAddress } = await listProviders(await at.desk());
    await chain.call('anvil_setBalance', chainAddress, '0x56bc75e2d63100000');
    contract = await deployContract(at.archive.sealer, { url: chain.url, chainId: 31337 });
  });
  afterAll(() => chain?.stop());
  const addChain = async (everyMinutes = 60) =>
    addProvider(await desk(), {
      name: `chain-${++count}`,
      everyMinutes,
      settings: { kind: 'evm', url: chain.url, chainId: 31337, contract, confirmations: 1 },
    });
  let count = 0;

  it('holds the newest checkpoint, tells anybody so, and rests while nothing but anchors is logged', async () => {
    const id = await addChain();
    await settled();
    await runAnchors(work());
    expect(await states(id)).toEqual(['held']);
    expect(await problems()).toEqual([]);
    const [stamped] = await stampsOf(id);
    expect(stamped).toMatchObject({ state: 'stamped', fault: null, nextAtMs: null });
    const { note, anchors } = await getAnchored(at.archive, null);
    const opened = openCheckpoint(note, [findNoteVerifier(nodePrimitives, at.archive.identity.logKey)!]);
    expect(opened).toMatchObject({ kind: 'opened', checkpoint: { size: (await stateOf(id)).lastSize } });
    expect(anchors).toMatchObject([{ kind: 'evm', contract }]);
    await settled();
    offsetMs += 3_601_000;
    await runAnchors(work());
    expect(await states(id), 'the entry of the anchor is no reason for another').toEqual(['held']);
    await at.addDossier();
    await settled();
    offsetMs += 3_601_000;
    await runAnchors(work());
    expect(await states(id)).toEqual(['held', 'held']);
    // The first was checked again meanwhile, and of two checkpoints a page holds one, the newest first.
    expect((await stampsOf(id)).map(({ state }) => state)).toEqual(['stamped', 'verified']);
    const [page, rest] = await Promise.all(
      [null, (await stampsOf(id))[0]!.size].map(async (before) => listStamped(await at.desk(), { before, limit: 1 })),
    );
    expect(page!.nextBefore).toBe(page!.items[0]!.size);
    expect(rest!.items[0]!.size).toBe(stamped!.size);
    const covering = await getAnchored(at.archive, 0);
    expect(covering.note).toBe(note);
    await expect(getAnchored(at.archive, 1_000_000)).rejects.toMatchObject({ code: 'anchor/not-found' });
  });

  it('makes an anchor again whose block vanished, with an alarm and an entry', async () => {
    const id = await addChain();
    await settled();
    await runAnchors(work());
    await chain.call('anvil_reorg', 1, []);
    const { size } = (await listAnchors(await at.desk(), { providerId: id, limit: 1 })).items[0]!;
    const name = (await stateOf(id)).name;
    const checks = await checkAllNow(archive(), await desk(), work().onAlarm);
    expect(checks).toEqual([{ provider: name, size, outcome: 'gone', reason: null }]);
    expect(alarms).toEqual([{ code: 'anchor/gone', name }]);
    expect(await kinds()).toContain('anchor.gone');
    // The same command asks the provider again, so the checkpoint is anchored once more.
    expect(await states(id)).toEqual(['gone', 'held']);
    expect((await stampsOf(id)).map(({ state }) => state)).toEqual(['gone', 'stamped']);
    expect(await problems()).toEqual([]);
    expect((await checkAllNow(archive(), await desk(), work().onAlarm))[0]).toMatchObject({ outcome: 'holds' });
  });

  it('finds a proof that was altered in the table, says it, and makes another', async () => {
    const id = await addChain();
    await settled();
    await runAnchors(work());
    await at.archive.db.query(`update anchor set proof = jsonb_set(proof, '{contract}', $2) where provider_id = $1`, [
      id,
      JSON.stringify(`0x${'22'.repeat(20)}`),
    ]);
    offsetMs += 3_601_000;
    await runAnchors(work());
    expect(alarms.map(({ code }) => code)).toEqual(['anchor/wrong']);
    expect(await stampsOf(id)).toMatchObject([
      { state: 'wrong', fault: { code: 'anchor/wrong', reason: 'foreign' } },
      { state: 'waiting', fault: null },
    ]);
    expect(await problems()).toMatchObject([{ code: 'anchor/lost' }]);
    await runAnchors(work());
    expect(await states(id)).toEqual(['wrong', 'held']);
    expect(await problems()).toEqual([]);
  });

  it('left by a process that died between chain and table is found again and not written twice', async () => {
    const id = await addChain();
    await settled();
    isStopping = true;
    await runAnchors(work());
    isStopping = false;
    expect(await states(id)).toEqual(['waiting']);
    const blocks = await chain.call('eth_blockNumber');
    await runAnchors(work());
    expect(await states(id)).toEqual(['held']);
    expect(await chain.call('eth_blockNumber')).toBe(blocks);
  });

  it('is handed out with a receipt under the same checkpoint, and not for an entry that no anchor covers', async () => {
    const old = await at.archive.db.one<{ id: string }>('select id from entry where position = 0');
    const { receipt, anchors } = await anchoredReceipt(at.archive, old!.id);
    const [anchored] = findAnchors(anchors)!;
    expect(receipt.endsWith(anchored!.note)).toBe(true);
    expect(anchored!.anchors).toMatchObject([{ kind: 'evm' }]);
    const logKeys = [at.archive.identity.logKey];
    expect(findReceiptChecks({ receiptText: receipt, logKeys, fileBytes: null }).isValid).toBe(true);
    await at.addDossier();
    await settled();
    // A bundle made later takes the anchor with it, and the proof that its own checkpoint continues it.
    const last = (await at.archive.log.findCheckpoint(at.archive.db))!;
    const [older] = await anchorsForBundle(at.archive, last.size);
    const [from, to] = [older!.note, last.note].map((note) => findCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1))!);
    expect(compareCheckpoints(treeHash(nodePrimitives), from!, to!, older!.consistency)).toBe('extended');
    expect(await anchorsForBundle(at.archive, 1)).toEqual([]);
    const fresh = await at.archive.db.one<{ id: string }>('select id from entry order by position desc limit 1');
    await expect(anchoredReceipt(at.archive, fresh!.id)).rejects.toMatchObject({ code: 'anchor/not-found' });
  });
});
