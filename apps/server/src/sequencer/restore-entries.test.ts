import { rm, writeFile } from 'node:fs/promises';
import { compareCheckpoints, findNoteVerifier, openCheckpoint, verifyReceipt } from '@lantai/log';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../db/test-database.ts';
import { checkLog } from './check-log.ts';
import { hash } from './parts.ts';
import { restoreEntries } from './restore-entries.ts';
import { emptyTables, insertEntries, makeLog, ORIGIN, pageBytes } from './testing/log-fixture.ts';

const database = useTestDatabase();
let log: Awaited<ReturnType<typeof makeLog>>;
let ids: string[];
let lateId: string;
let lateReceipt: string;

/** A log of 900 entries of which the restored database knows 600, the last 40 of them not yet placed. */
beforeEach(async () => {
  await emptyTables(database.ownerDb);
  log = await makeLog(database.db);
  ids = [];
  const sequencer = log.start();
  for (const count of [560, 340]) {
    ids.push(...(await insertEntries(database.db, count)));
    await sequencer.drain();
  }
  await sequencer.stop();
  const [late] = await database.db.query<{ id: string }>('select id from entry where position = 899');
  lateId = late!.id;
  const made = await log.reader.makeReceipt(database.db, lateId);
  lateReceipt = made.kind === 'receipt' ? made.text : '';
  // What a restore brings back is an older table, not an altered one: the trigger that keeps positions is out of the way meanwhile.
  // Apart: rows that name entries are looked at when a transaction ends, and until then the table cannot be altered.
  for (const script of [
    'alter table entry disable trigger entry_position_kept',
    'delete from entry where position >= 600; update entry set position = null where position >= 560; delete from checkpoint where size > 560',
    'alter table entry enable trigger entry_position_kept',
  ])
    await database.ownerDb.script(script);
});
afterEach(() => log.dispose());

const key = () => ({ origin: ORIGIN, logKeys: [log.signer.verifierKey] });
const restore = () => restoreEntries(database.db, log.folder, key());

describe('a database restored behind its published log', () => {
  it('stops the sequencer, gets every published entry back, and goes on without a fork', async () => {
    await expect(log.start().drain()).rejects.toMatchObject({
      code: 'log/behind-published',
      detail: { publishedSize: 900, storedSize: 560 },
    });
    expect(await restore()).toEqual({ restoredCount: 300, placedCount: 40, size: 900 });
    expect(await restore()).toEqual({ restoredCount: 0, placedCount: 0, size: 900 });
    ids.push(...(await insertEntries(database.db, 5)));
    await log.start().drain();
    expect((await checkLog(database.db, log.folder, key())).findings).toEqual([]);
    const rows = await database.db.query<{ id: string }>('select id from entry');
    expect(rows.map((r) => r.id).sort()).toEqual([...ids].sort());
    const open = (note: string) => {
      const opened = openCheckpoint(note, [findNoteVerifier(p, log.signer.verifierKey)!]);
      if (opened.kind === 'refused') throw new Error(opened.fault);
      return opened.checkpoint;
    };
    const { proof, checkpointNote } = (await log.reader.proveConsistency(database.db, 900))!;
    const remembered = open(lateReceipt.slice(lateReceipt.indexOf('\n\n') + 2));
    expect(compareCheckpoints(hash, remembered, open(checkpointNote), proof)).toBe('extended');
  });

  it('still honours receipts given before; new ones of lost entries prove the entry, not the file', async () => {
    await restore();
    const question = { logKeys: [log.signer.verifierKey], fileBytes: pageBytes(lateId) };
    expect(verifyReceipt(p, { ...question, receiptText: lateReceipt }).isFileProved).toBe(true);
    const made = await log.reader.makeReceipt(database.db, lateId);
    const verdict = verifyReceipt(p, { ...question, receiptText: made.kind === 'receipt' ? made.text : '' });
    expect(verdict.checks.filter((c) => c.outcome !== 'passed')).toEqual([{ name: 'file', outcome: 'failed', reason: 'no-salt' }]);
  });

  it('is left alone when bundles are missing or altered, or nothing signed was published', async () => {
    const bundle = `${log.folder}/tile/entries/002`;
    const before = await database.db.query('select id, position from entry order by id');
    await rm(bundle);
    await expect(restore()).rejects.toMatchObject({ code: 'log/bundle-missing' });
    const other = (await log.reader.findTileBytes('tile/entries/001'))!;
    await writeFile(bundle, other);
    await expect(restore()).rejects.toMatchObject({ code: 'log/bundles-differ' });
    await rm(`${log.folder}/checkpoint`);
    await expect(restore()).rejects.toMatchObject({ code: 'log/published-altered' });
    expect(await database.db.query('select id, position from entry order by id')).toEqual(before);
  });

  it('is refused when the database was written to since: another entry stands where a published one stood', async () => {
    await insertEntries(database.db, 1);
    await database.ownerDb.query('update entry set position = 700 where id <> all($1::uuid[])', [ids]);
    await expect(restore()).rejects.toMatchObject({ code: 'log/fork' });
  });

  it('waits for its turn while a sequencer works', async () => {
    await restore();
    await log.start().drain();
    await expect(restore()).rejects.toMatchObject({ code: 'log/in-use' });
  });
});
