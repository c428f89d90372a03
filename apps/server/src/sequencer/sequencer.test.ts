import { readFile } from 'node:fs/promises';
import {
  compareCheckpoints,
  createNoteSigner,
  EMPTY_EDGE,
  findNoteVerifier,
  growEdge,
  openCheckpoint,
  proveRoot,
  rootOfEdge,
  verifyReceipt,
} from '@lantai/log';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Db, Sql } from '../db/index.ts';
import { useTestDatabase } from '../db/test-database.ts';
import { hash } from './parts.ts';
import { emptyTables, insertEntries, makeLog, makeSigner, ORIGIN, pageBytes } from './testing/log-fixture.ts';
import { TileFolder } from './tile-folder.ts';

const database = useTestDatabase();
let log: Awaited<ReturnType<typeof makeLog>>;

beforeEach(async () => {
  await emptyTables(database.ownerDb);
  log = await makeLog(database.db);
});
afterEach(() => log.dispose());

/** Every entry has one place, no place is empty, and the published checkpoint is the root of exactly these entries. */
async function expectWholeLog(db: Db, ids: readonly string[]) {
  const rows = await db.query<{ id: string; position: number; bytes: Uint8Array }>(
    'select id, position, bytes from entry order by position',
  );
  expect(rows.map((r) => r.position)).toEqual(rows.map((_, i) => i));
  expect(rows.map((r) => r.id).sort()).toEqual([...ids].sort());
  const { edge } = growEdge(
    hash,
    EMPTY_EDGE,
    rows.map((r) => r.bytes),
  );
  const opened = openCheckpoint(await readFile(`${log.folder}/checkpoint`, 'utf8'), [findNoteVerifier(p, log.signer.verifierKey)!]);
  expect(opened).toMatchObject({ kind: 'opened', checkpoint: { origin: ORIGIN, size: ids.length } });
  if (opened.kind === 'opened') expect(Buffer.from(opened.checkpoint.root)).toEqual(Buffer.from(rootOfEdge(hash, edge)));
  const onDisk = await proveRoot(hash, new TileFolder(log.folder).sourceOnDisk, ids.length);
  expect(Buffer.from(onDisk)).toEqual(Buffer.from(rootOfEdge(hash, edge)));
}

async function expectReceipt(sql: Sql, id: string) {
  const made = await log.reader.makeReceipt(sql, id);
  if (made.kind !== 'receipt') throw new Error(`a receipt was ${made.kind}`);
  const verdict = verifyReceipt(p, { receiptText: made.text, logKeys: [log.signer.verifierKey], fileBytes: pageBytes(id) });
  expect(verdict).toMatchObject({ isValid: true, isFileProved: true, entry: { id } });
}

describe('the position of an entry', () => {
  it('is given once, by the application: neither it nor the owner of the table moves or takes it afterwards', async () => {
    const ids = await insertEntries(database.db, 3);
    await database.db.query('update entry set position = 0 where id = $1', [ids[0]]);
    for (const db of [database.db, database.ownerDb])
      for (const position of [7, null])
        await expect(db.query('update entry set position = $2 where id = $1', [ids[0], position])).rejects.toMatchObject({
          code: 'db/forbidden',
        });
    await database.db.query('update entry set position = 0 where id = $1', [ids[0]]);
    await database.db.query('update entry set position = 1 where id = $1', [ids[1]]);
    expect(await database.db.query('select position from entry order by position')).toEqual([
      { position: 0 },
      { position: 1 },
      { position: null },
    ]);
  });
});

describe('the sequencer', () => {
  it('places every entry once, publishes the root over them and gives receipts that hold offline', async () => {
    const sequencer = log.start();
    const ids: string[] = [];
    for (const count of [1, 1, 300, 7, 1000]) {
      ids.push(...(await insertEntries(database.db, count)));
      expect(await sequencer.drain()).toBe(ids.length);
      await expectWholeLog(database.db, ids);
    }
    for (const id of [ids[0]!, ids[1]!, ids[255]!, ids[256]!, ids.at(-1)!]) await expectReceipt(database.db, id);
    expect(sequencer.status).toEqual({ state: 'leading', size: ids.length });
  });

  it('says of an entry that it is pending before and unknown when there is none', async () => {
    const [id] = await insertEntries(database.db, 1);
    expect(await log.reader.makeReceipt(database.db, id!)).toEqual({ kind: 'pending' });
    expect(await log.reader.makeReceipt(database.db, '0190b2c4-7d1a-7000-8000-000000000000')).toEqual({ kind: 'unknown' });
    await database.db.tx(async (tx) => expect(await log.reader.makeReceipt(tx, id!)).toEqual({ kind: 'pending' }));
    await log.start().drain();
    await database.db.tx((tx) => expectReceipt(tx, id!));
  });

  it('proves that each checkpoint continues every earlier one', async () => {
    const sequencer = log.start();
    for (const count of [1, 2, 255, 1, 600]) {
      await insertEntries(database.db, count);
      await sequencer.drain();
    }
    const known = [findNoteVerifier(p, log.signer.verifierKey)!];
    const notes = await database.db.query<{ size: number; note: string }>('select size, note from checkpoint order by size');
    expect(notes.map((n) => n.size)).toEqual([1, 3, 258, 259, 859]);
    const open = (note: string) => {
      const opened = openCheckpoint(note, known);
      if (opened.kind === 'refused') throw new Error(opened.fault);
      return opened.checkpoint;
    };
    const last = open(notes.at(-1)!.note);
    for (const { size, note } of notes) {
      const proof = await log.reader.proveConsistency(database.db, size);
      expect(compareCheckpoints(hash, open(note), last, proof!.proof)).toBe(size === last.size ? 'same' : 'extended');
    }
    expect(await log.reader.proveConsistency(database.db, 860)).toBeNull();
    await expect(log.reader.proveConsistency(database.db, 0)).rejects.toMatchObject({ code: 'log/size-impossible' });
    expect(await log.reader.proveInclusion(database.db, 859)).toBeNull();
  });

  it('loses no entry of a transaction held open while many batches pass it by', async () => {
    const sequencer = log.start();
    const ids: string[] = [];
    let heldIds: string[] = [];
    let [isInserted, letGo] = [(): void => undefined, (): void => undefined];
    const inserted = new Promise<void>((done) => {
      isInserted = done;
    });
    const released = new Promise<void>((done) => {
      letGo = done;
    });
    const held = database.db.tx(async (tx) => {
      heldIds = await insertEntries(tx, 3);
      isInserted();
      await released;
    });
    await inserted;
    for (let batch = 0; batch < 40; batch++) {
      ids.push(...(await insertEntries(database.db, 5)));
      await sequencer.drain();
    }
    const sizeBefore = sequencer.status.size;
    expect(sizeBefore).toBe(ids.length);
    letGo();
    await held;
    await sequencer.drain();
    await expectWholeLog(database.db, [...ids, ...heldIds]);
    for (const id of heldIds) await expectReceipt(database.db, id);
    const late = await database.db.query<{ position: number }>('select position from entry where id = any($1)', [heldIds]);
    expect(Math.min(...late.map((row) => row.position))).toBeGreaterThanOrEqual(sizeBefore);
  });

  it('leaves no trace of a transaction that rolled back', async () => {
    const sequencer = log.start();
    const undone = database.db.tx(async (tx) => {
      await insertEntries(tx, 3);
      await sequencer.drain();
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    const ids = await insertEntries(database.db, 2);
    await sequencer.drain();
    await expectWholeLog(database.db, ids);
  });

  it('works in one process only; another stands by, answers whoever waits, and takes over when the first ends', async () => {
    const steps = { first: 0, second: 0 };
    const first = log.start({ onStep: () => void steps.first++ });
    await first.drain();
    const second = log.start({ onStep: () => void steps.second++ });
    const ids = await insertEntries(database.db, 10);
    expect(await second.drain()).toBe(10);
    expect([first.status.state, second.status.state]).toEqual(['leading', 'standing-by']);
    expect(steps.first).toBeGreaterThan(0);
    expect(steps.second).toBe(0);
    await first.stop();
    await expect(first.drain()).rejects.toMatchObject({ code: 'log/stopped' });
    ids.push(...(await insertEntries(database.db, 10)));
    expect(await second.drain()).toBe(20);
    expect([second.status.state, steps.second > 0]).toEqual(['leading', true]);
    await expectWholeLog(database.db, ids);
  });

  it('hands over when its connection is cut, and comes back behind the other', async () => {
    const faults: unknown[] = [];
    const first = log.start({ onFault: (error) => void faults.push(error) });
    const ids = await insertEntries(database.db, 4);
    await first.drain();
    await database.ownerDb.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and pid <> pg_backend_pid()
       and database = (select oid from pg_database where datname = current_database())`,
    );
    ids.push(...(await insertEntries(database.db, 4)));
    await first.drain();
    expect(faults).toMatchObject([{ code: 'db/unavailable', fault: 'environment' }]);
    await expectWholeLog(database.db, ids);
  });

  it('signs each checkpoint with every key it was given', async () => {
    const sm2 = createNoteSigner(p, { name: ORIGIN, algorithm: 'sm2', ...p.generateSigner('sm2') });
    const sequencer = log.start({ moreSigners: [sm2] });
    const [id] = await insertEntries(database.db, 1);
    await sequencer.drain();
    const made = await log.reader.makeReceipt(database.db, id!);
    const receiptText = made.kind === 'receipt' ? made.text : '';
    for (const logKeys of [[log.signer.verifierKey], [sm2.verifierKey], [log.signer.verifierKey, sm2.verifierKey]])
      expect(verifyReceipt(p, { receiptText, logKeys }).isValid).toBe(true);
    expect(verifyReceipt(p, { receiptText, logKeys: [makeSigner().verifierKey] }).isValid).toBe(false);
  });

  it('serves each tile by its path, a partial one also after it was filled, and nothing else', async () => {
    const sequencer = log.start();
    for (const count of [10, 300]) {
      await insertEntries(database.db, count);
      await sequencer.drain();
    }
    const full = (await log.reader.findTileBytes('tile/0/000'))!;
    expect(full.length).toBe(8192);
    expect(await log.reader.findTileBytes('tile/0/000.p/10')).toEqual(full.subarray(0, 320));
    const bundle = (await log.reader.findTileBytes('tile/entries/000'))!;
    const part = (await log.reader.findTileBytes('tile/entries/000.p/10'))!;
    expect(part).toEqual(bundle.subarray(0, part.length));
    expect((await log.reader.findTileBytes('tile/0/001.p/54'))!.length).toBe(54 * 32);
    for (const path of ['tile/0/001', 'tile/0/002.p/1', 'tile/3/000.p/1', '../entry', 'checkpoint'])
      expect(await log.reader.findTileBytes(path)).toBeNull();
  });
});
