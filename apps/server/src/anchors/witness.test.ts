import { join } from 'node:path';
import { serveAnswers } from '@lantai/anchors/testing';
import { findCosignatures, findNoteVerifier, findWitness, formatAddCheckpoint, openCheckpoint, signCheckpoint } from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openLogSigners } from '../archive/index.ts';
import { openWitness, openWitnessKey, serveWitness, type WitnessOptions } from '../evidence/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { runAnchors } from './anchor-work.ts';
import { findCosigned, withCosignatures } from './cosign.ts';
import { addProvider, endProvider, findAnchorProblems, listProviders, listStamped } from './index.ts';

// A whole archive beside other tests on a busy machine: what takes long is its starting, and nothing here measures time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
const at = useArchive({ sequenced: true });
const alarms: string[] = [];
const closers: (() => Promise<void>)[] = [];
let offsetMs = 0;
const clock = () => ({ ...at.archive.clock, nowMs: () => at.archive.clock.nowMs() + offsetMs });
const round = () =>
  runAnchors({ archive: { ...at.archive, clock: clock() }, onAlarm: (code) => void alarms.push(code), isStopping: () => false });
const desk = async () => ({ ...(await at.desk()), clock: clock() });

const optionsOf = (name: string): WitnessOptions => ({
  cosigner: openWitnessKey(join(at.folder, `${name}.key`), `witness.example/${name}`),
  logKeys: at.archive.identity.logKeys,
  memoryFile: join(at.folder, `${name}.json`),
  nowMs: Date.now,
});
const open = async (name: string) => {
  const options = optionsOf(name);
  const served = await serveWitness(options, { host: '127.0.0.1', port: 0 });
  closers.push(() => served.close());
  return { url: served.url, key: options.cosigner.verifierKey };
};
const add = async (name: string, settings: { url: string; key: string }) =>
  addProvider(await desk(), { name, everyMinutes: 60, settings: { kind: 'witness', ...settings } });
const newest = async () => (await at.archive.log.findCheckpoint(at.archive.db))!;

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

/** Another history of this log, signed with its own keys, as the witness alone has seen it. */
async function seeOtherHistory(name: string, size: number): Promise<void> {
  const signers = openLogSigners(at.archive.sealer, at.archive.identity.logOrigin);
  const note = signCheckpoint({ origin: at.archive.identity.logOrigin, size, root: new Uint8Array(32).fill(7) }, signers);
  expect((await openWitness(optionsOf(name)).add(formatAddCheckpoint({ oldSize: 0, proof: [], note }))).status).toBe(200);
}

beforeAll(settled);
beforeEach(async () => {
  for (const { id, endedAtMs } of (await listProviders(await at.desk())).items)
    if (endedAtMs === null) await endProvider(await at.desk(), id);
  await settled();
  alarms.length = 0;
});
afterAll(async () => {
  for (const close of closers) await close();
});

describe('witnesses of the log', () => {
  it('two of them cosign the newest checkpoint, and their lines stand on it for anybody', async () => {
    const two = [await open('a'), await open('b')];
    await add('a', two[0]!);
    await add('b', two[1]!);
    await settled();
    await round();
    const last = await newest();
    const note = await withCosignatures(at.archive.db, last);
    const believed = two.map(({ key }) => findWitness(nodePrimitives, key)!);
    expect(findCosignatures(nodePrimitives, note, believed)).toMatchObject({
      seenBy: [{ name: 'witness.example/a' }, { name: 'witness.example/b' }],
      wrong: [],
    });
    const [newestStamps] = (await listStamped(await at.desk(), { before: null, limit: 1 })).items;
    expect(newestStamps).toMatchObject({
      size: last.size,
      stamps: [
        { provider: 'a', kind: 'witness', state: 'stamped' },
        { provider: 'b', kind: 'witness', state: 'stamped' },
      ],
    });
    expect(openCheckpoint(note, [findNoteVerifier(nodePrimitives, at.archive.identity.logKey)!]).kind).toBe('opened');
    expect(await findAnchorProblems(at.archive.db, clock().nowMs())).toEqual([]);
    // A cosignature leaves no entry: the checkpoint that carries it stays the newest.
    await settled();
    expect((await newest()).size).toBe(last.size);
    await at.addDossier();
    await settled();
    expect(await withCosignatures(at.archive.db, await newest())).toBe((await newest()).note);
    expect(await findCosigned(at.archive.db)).toBe(note);
    offsetMs += 3_601_000;
    await round();
    expect(findCosignatures(nodePrimitives, (await findCosigned(at.archive.db))!, believed).seenBy).toHaveLength(2);
    expect((await listProviders(await at.desk())).items.filter((p) => p.lastSize === last.size)).toEqual([]);
  });

  it('one that was asked before by this log, or lost our memory of it, is told from where to go on', async () => {
    const place = await open('c');
    const id = await add('c', place);
    await settled();
    await round();
    await at.archive.db.query('delete from cosignature where provider_id = $1', [id]);
    await at.addDossier();
    await settled();
    offsetMs += 3_601_000;
    await round();
    expect(alarms).toEqual([]);
    expect(await findCosigned(at.archive.db)).toContain('witness.example/c');
  });

  it.each([
    ['saw another history', 2, 'witness/fork'],
    ['saw a longer one', 1_000_000, 'witness/ahead'],
  ])('one that %s refuses, and the alarm of a fork is raised', async (_, size, code) => {
    const name = `f${size}`;
    await seeOtherHistory(name, size);
    await add(name, await open(name));
    await settled();
    await round();
    expect(alarms).toEqual([code]);
    expect(await findAnchorProblems(at.archive.db, clock().nowMs())).toEqual([{ code: 'witness/refused', params: { name } }]);
    const [entry] = await at.archive.db.query<{ text: string }>(
      `select convert_from(bytes, 'UTF8') as text from entry where kind = 'anchor.failed' order by id desc limit 1`,
    );
    expect(JSON.parse(entry!.text).params).toMatchObject({ code, provider: name });
    expect(await withCosignatures(at.archive.db, await newest())).not.toContain(`witness.example/${name}`);
  });

  it('one whose line does not hold, or that answers nonsense, is not believed', async () => {
    const { key } = await open('honest');
    const other = openWitnessKey(join(at.folder, 'other.key'), 'witness.example/honest');
    const { note } = await newest();
    const server = await serveAnswers(() => ({ type: 'text/plain', body: other.cosign(note, 1).slice(note.length) }));
    closers.push(() => server.close());
    await add('liar', { url: server.url, key });
    await round();
    expect(alarms).toEqual(['witness/answer-wrong']);
    expect(await withCosignatures(at.archive.db, await newest())).not.toContain('witness.example/honest');
  });

  it('does not forget what it cosigned, and refuses a memory that was damaged', async () => {
    const { writeFileSync } = await import('node:fs');
    await seeOtherHistory('g', 5);
    const { note } = await newest();
    const again = await openWitness(optionsOf('g')).add(formatAddCheckpoint({ oldSize: 0, proof: [], note }));
    expect(again).toEqual({ status: 409, type: 'text/x.tlog.size', body: '5\n' });
    writeFileSync(optionsOf('g').memoryFile, '{"format":1,"logs":[{"origin":"x","size":1,"root":"00"}]}');
    expect(() => openWitness(optionsOf('g'))).toThrow('monitor/memory-malformed');
  });
});
