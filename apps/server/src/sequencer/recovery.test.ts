import { rm, writeFile } from 'node:fs/promises';
import { nodeFileSystem } from '@lantai/disk';
import {
  createNoteSigner,
  EMPTY_EDGE,
  findNoteVerifier,
  formatTilePath,
  growEdge,
  openCheckpoint,
  rootOfEdge,
  signCheckpoint,
} from '@lantai/log';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { FaultyFileSystem, PowerCut, SimulatedDisk, seededChance } from '@lantai/vault/memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../db/test-database.ts';
import { testRounds } from '../testing/test-rounds.ts';
import { hash, type SequencerStep } from './parts.ts';
import type { SequencerOptions } from './sequencer.ts';
import { emptyTables, insertEntries, makeLog, makeSigner, ORIGIN } from './testing/log-fixture.ts';
import { TileFolder } from './tile-folder.ts';

const database = useTestDatabase();
let log: Awaited<ReturnType<typeof makeLog>>;

beforeEach(async () => {
  await emptyTables(database.ownerDb);
  log = await makeLog(database.db);
});
afterEach(() => log.dispose());

const STEPS: SequencerStep[] = ['entries-placed', 'tiles-written', 'checkpoint-stored', 'checkpoint-published', 'partials-removed'];

class Death extends Error {}

/** Runs a sequencer that dies after the `round`-th `step`, with all that it holds in memory. */
async function runUntilDeath(step: SequencerStep, round: number, options: Partial<SequencerOptions> = {}) {
  let left = round;
  const dying = log.start({
    ...options,
    onStep(at) {
      if (at === step && --left <= 0) throw new Death();
    },
  });
  await expect(dying.drain()).rejects.toThrow(Death);
  expect(dying.status).toMatchObject({ state: 'stopped', fault: 'log/bug' });
  await dying.stop();
}

/** Every entry once and without gaps; every checkpoint ever stored is the root of the first entries; tiles and publication agree. */
async function expectSound(ids: readonly string[], tiles = new TileFolder(log.folder)) {
  const rows = await database.db.query<{ id: string; position: number; bytes: Uint8Array }>(
    'select id, position, bytes from entry order by position',
  );
  expect(rows.map((r) => r.position)).toEqual(rows.map((_, i) => i));
  expect(rows.map((r) => r.id).sort()).toEqual([...ids].sort());
  const checkpoints = await database.db.query<{ size: number; root: Uint8Array; note: string }>('select * from checkpoint order by size');
  const bytes = rows.map((r) => r.bytes);
  for (const { size, root } of checkpoints) expect(rootAt(bytes.slice(0, size))).toEqual(new Uint8Array(root));
  expect(checkpoints.at(-1)?.size).toBe(ids.length);
  expect(await tiles.findPublished()).toBe(checkpoints.at(-1)?.note);
  await expectTiles(bytes, tiles);
}

/** Every tile that the tree of these entries has lies in the folder, byte for byte. */
async function expectTiles(entries: readonly Uint8Array[], tiles: TileFolder) {
  for (const { tile, bytes } of growEdge(hash, EMPTY_EDGE, entries).tiles)
    expect(Buffer.compare((await tiles.findTileBytes(tile)) ?? Buffer.from('missing'), bytes), formatTilePath(tile)).toBe(0);
}

async function readEntries(size: number): Promise<Uint8Array[]> {
  const rows = await database.db.query<{ bytes: Uint8Array }>('select bytes from entry where position < $1 order by position', [size]);
  return rows.map((row) => row.bytes);
}

const rootAt = (entries: readonly Uint8Array[]) => rootOfEdge(hash, growEdge(hash, EMPTY_EDGE, entries).edge);

describe('a log whose sequencer dies', () => {
  for (const step of STEPS) {
    for (const round of [1, 2]) {
      it(`after ${step} in round ${round} is whole after the restart, without an entry lost or doubled`, async () => {
        const ids = await insertEntries(database.db, 700);
        // Several rounds of odd size, so that partial tiles are written, filled and removed on the way.
        await runUntilDeath(step, round, { batchLimit: 300 });
        ids.push(...(await insertEntries(database.db, 150)));
        await log.start({ batchLimit: 300 }).drain();
        await expectSound(ids);
      });
    }
  }

  it('at every step, one after another, is whole in the end', async () => {
    const ids: string[] = [];
    for (const step of [...STEPS, ...STEPS]) {
      ids.push(...(await insertEntries(database.db, 120)));
      await runUntilDeath(step, 1);
    }
    await log.start().drain();
    await expectSound(ids);
  });
});

describe('a log on a disk that fails', () => {
  it('goes on by itself when room is made, whichever write failed', async () => {
    const ids = await insertEntries(database.db, 300);
    const fs = new FaultyFileSystem(nodeFileSystem);
    const faults: unknown[] = [];
    const sequencer = log.start({ fs, onFault: (error, isFinal) => void faults.push([error, isFinal]) });
    await sequencer.drain();
    for (let step = 1; step <= 12; step += 3) {
      fs.breakDown({ firstStep: fs.stepCount + step, code: 'ENOSPC', once: true });
      ids.push(...(await insertEntries(database.db, 20)));
      await sequencer.drain();
    }
    expect(faults.length).toBeGreaterThan(0);
    for (const fault of faults) expect(fault).toMatchObject([{ code: 'log/disk-full', fault: 'environment' }, false]);
    fs.mend();
    await sequencer.drain();
    await expectSound(ids);
  });

  const CUTS = 20 * testRounds();
  it(`keeps under each of ${CUTS} power cuts every tile of every checkpoint it signed, and is whole in the end`, async () => {
    const chance = seededChance(7);
    let disk = new SimulatedDisk(chance);
    const ids: string[] = [];
    let cutCount = 0;
    for (let i = 0; i < CUTS; i++) {
      ids.push(...(await insertEntries(database.db, i % 3 === 0 ? 45 : 256)));
      disk.powerCutAfter(Math.floor(chance() * 80));
      const sequencer = log.start({ fs: disk });
      await sequencer.drain().catch((error: unknown) => {
        if (!(error instanceof PowerCut)) throw error;
        cutCount++;
      });
      await sequencer.stop();
      disk = disk.restart();
      // INVARIANT: tiles are durable before the signature over them, whatever was not flushed is gone now.
      const [signed] = await database.db.query<{ size: number }>('select coalesce(max(size), 0) as size from checkpoint');
      await expectTiles(await readEntries(signed!.size), new TileFolder(log.folder, disk));
    }
    expect(cutCount).toBeGreaterThan(CUTS / 10);
    expect(cutCount).toBeLessThan(0.95 * CUTS);
    const calm = log.start({ fs: disk });
    await calm.drain();
    await expectSound(ids, new TileFolder(log.folder, disk));
  });
});

describe('a log that finds its own past changed', () => {
  /** A log of 300 entries, its sequencer ended in good order. */
  async function grown() {
    const ids = await insertEntries(database.db, 300);
    const sequencer = log.start();
    await sequencer.drain();
    await sequencer.stop();
    return ids;
  }
  async function expectAlarm(code: string, options: Partial<SequencerOptions> = {}) {
    const before = await database.db.query('select * from checkpoint order by size');
    await insertEntries(database.db, 1);
    const faults: unknown[] = [];
    const sequencer = log.start({ ...options, onFault: (error, isFinal) => void faults.push([error, isFinal]) });
    await expect(sequencer.drain()).rejects.toMatchObject({ code });
    expect(faults).toMatchObject([[{ code }, true]]);
    expect(sequencer.status).toMatchObject({ state: 'stopped', fault: code });
    expect(await database.db.query('select * from checkpoint order by size')).toEqual(before);
  }

  it('stops with the alarm and signs nothing when an entry of the right edge was altered', async () => {
    await grown();
    await database.ownerDb.query("update entry set bytes = convert_to('{}', 'UTF8') where position = 290");
    await expectAlarm('log/fork');
  });

  it('stops when an entry was deleted', async () => {
    await grown();
    await database.ownerDb.query('delete from entry where position = 290');
    await expectAlarm('log/entry-missing');
  });

  it('stops when the last checkpoint’s row was altered, and when its note was', async () => {
    await grown();
    await database.ownerDb.query("update checkpoint set root = decode(repeat('00', 32), 'hex')");
    await expectAlarm('log/checkpoint-altered');
  });

  it('stops when the key is another', async () => {
    await grown();
    await expectAlarm('log/key-differs', { signer: makeSigner() });
  });

  it('stops when key and public half do not match, before anything leaves the house', async () => {
    const { publicKey } = p.generateSigner('ed25519');
    const { privateKey } = p.generateSigner('ed25519');
    await expectAlarm('log/key-differs', {
      signer: createNoteSigner(p, { name: ORIGIN, algorithm: 'ed25519', privateKey, publicKey }),
    });
  });

  it('stops when the database went back behind the published checkpoint', async () => {
    await grown();
    await database.ownerDb.script(
      'alter table entry disable trigger entry_position_kept; delete from checkpoint; update entry set position = null; delete from entry where ctid in (select ctid from entry limit 5)',
    );
    await database.ownerDb.script('alter table entry enable trigger entry_position_kept');
    await expectAlarm('log/behind-published');
  });

  it('stops when another history was published under its key', async () => {
    await grown();
    const [row] = await database.db.query<{ note: string }>('select note from checkpoint');
    const opened = openCheckpoint(row!.note, [findNoteVerifier(p, log.signer.verifierKey)!]);
    if (opened.kind === 'refused') throw new Error('not opened');
    const other = { ...opened.checkpoint, size: 200, root: hash(new Uint8Array(1)) };
    await writeFile(`${log.folder}/checkpoint`, signCheckpoint(other, [log.signer]));
    await expectAlarm('log/fork');
  });

  it('stops when a checkpoint was stored behind its back while it ran', async () => {
    const sequencer = log.start();
    await insertEntries(database.db, 3);
    await sequencer.drain();
    await database.ownerDb.query("update checkpoint set root = decode(repeat('11', 32), 'hex')");
    await insertEntries(database.db, 1);
    await expect(sequencer.drain()).rejects.toMatchObject({ code: 'log/fork' });
  });

  it('replaces a published file that nobody signed, and says so', async () => {
    const ids = await grown();
    await writeFile(`${log.folder}/checkpoint`, 'nonsense\n');
    const faults: unknown[] = [];
    await log.start({ onFault: (error, isFinal) => void faults.push([error, isFinal]) }).drain();
    expect(faults).toMatchObject([[{ code: 'log/published-altered' }, false]]);
    await expectSound(ids);
  });

  it('writes missing or altered tiles of the right edge again from the entries', async () => {
    const ids = await grown();
    await rm(`${log.folder}/tile`, { recursive: true });
    ids.push(...(await insertEntries(database.db, 10)));
    const first = log.start();
    await first.drain();
    await first.stop();
    await expectSound(ids);
    await writeFile(`${log.folder}/tile/1/000.p/1`, new Uint8Array(32));
    ids.push(...(await insertEntries(database.db, 10)));
    await log.start().drain();
    await expectSound(ids);
  });
});
