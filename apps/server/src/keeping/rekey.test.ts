import { utf8 } from '@lantai/values';
import { describe, expect, it, vi } from 'vitest';
import { openStoredObject, readingPlace } from '../archive/index.ts';
import { saveView } from '../catalogue/index.ts';
import { findReceiptChecks, receiptForPage } from '../pages/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { FormerObjects, whileObjectsStay } from './former-objects.ts';
import { checkArchive } from './fsck.ts';
import { rekeyArchive } from './rekey.ts';
import { SEALED_TABLES, type SealedRow, sealedValueOf, selectSealed, UNSEALED } from './sealed-columns.ts';

// Whole archives are made and opened: on a machine at work that takes its time.
vi.setConfig({ testTimeout: 300_000 });

const fixture = useArchive({ sequenced: true });
const EMPTY = { objects: 0, values: 0, damaged: 0, state: 'done', leftObjects: 0 };

/** A dossier with pages, a reading, and values in other tables. */
async function fill(): Promise<{ dossierId: string; pageIds: string[] }> {
  const { archive } = fixture;
  const dossierId = await fixture.addDossier({ name: '赵一鸣' });
  await fixture.importPages(dossierId, ['4/1.png', '4/2.png', '9/1.png']);
  const pages = await archive.db.system('test').query<{
    id: string;
    fonds_id: string;
    unit_id: string;
    category: string;
    level: number;
    entry_id: string;
  }>('select id, fonds_id, unit_id, category, level, entry_id from page where dossier_id = $1 order by arrival', [dossierId]);
  const page = pages[0]!;
  const ref = { kind: 'dossier', id: dossierId } as const;
  const sealed = (column: 'text' | 'lines') =>
    archive.sealer.sealBytes(ref, readingPlace(column, page.id, 'test', '1'), utf8(`${column} 张德振`));
  await archive.db.system('test').query(
    `insert into reading (page_id, engine, version, fonds_id, unit_id, category, level, current, text, lines, orientation, skew_millidegrees, line_count, confidence01, entry_id, created_at_ms)
     values ($1, 'test', '1', $2, $3, $4, $5, false, $6, $7, 0, 0, 1, 1, $8, 1)`,
    [page.id, page.fonds_id, page.unit_id, page.category, page.level, sealed('text'), sealed('lines'), page.entry_id],
  );
  await saveView(archive, fixture.owner.accountId, '常用', { name: '赵' });
  return { dossierId, pageIds: pages.map((p) => p.id) };
}

/** Every sealed value, opened, and every object; and under what each lies. */
async function readEverything() {
  const { archive } = fixture;
  const values = new Map<string, string>();
  const suites = new Set<number>();
  for (const t of SEALED_TABLES) {
    for (const row of await archive.db.system('test').query<SealedRow>(selectSealed(t, true, 10_000))) {
      for (const column of t.columns.keys()) {
        const value = sealedValueOf(t, row, column);
        if (!value) continue;
        suites.add(value.sealed[0]!);
        const plain = archive.sealer.openBytes(value.ref, value.place, value.sealed);
        values.set(`${t.table}.${t.columns[column]}/${row.row_id}`, Buffer.from(plain).toString('hex'));
      }
    }
  }
  const objects = new Map<string, string>();
  for (const row of await archive.db.system('test').query<Parameters<typeof openStoredObject>[1]>('select * from stored_object')) {
    suites.add((await archive.blobs.get(row.address))[3]!);
    objects.set(row.object_id, Buffer.from(await openStoredObject(archive, row)).toString('hex'));
  }
  return { values, objects, suites: [...suites].sort() };
}

const kindsOf = async () =>
  (await fixture.archive.db.system('test').query<{ kind: string }>(`select kind from entry where kind like 'rekey.%' order by id`)).map(
    (r) => r.kind,
  );
const findings = async () => (await checkArchive(fixture.archive)).findings;
const blobCount = async () => {
  let count = 0;
  for await (const _ of fixture.archive.blobs.list()) count++;
  return count;
};

describe('the sealed columns', () => {
  it('of the schema are all named, with what opens them, or named as not sealed', async () => {
    const rows = await fixture.database.ownerDb.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'public' and data_type = 'bytea' order by 1`,
    );
    const known = new Set([...SEALED_TABLES.flatMap((t) => t.columns.map((c) => `${t.table}.${c}`)), ...UNSEALED]);
    expect(rows.map((r) => r.name).filter((name) => !known.has(name))).toEqual([]);
    expect([...known].filter((name) => !rows.some((r) => r.name === name))).toEqual([]);
  });
});

describe('sealing an archive anew under another suite', () => {
  it('changes every byte sealed and nothing that was sealed; receipts given before and after hold; the way back too', async () => {
    const { archive } = fixture;
    const { pageIds } = await fill();
    const before = await readEverything();
    expect(before.suites).toEqual([1]);
    expect(before.values.size).toBeGreaterThan(8);
    const old = await receiptForPage(archive, await fixture.desk(), pageIds[0]!);
    const count = await blobCount();

    const result = await rekeyArchive(archive, { suite: 'gm' });
    expect(result).toMatchObject({ state: 'done', objects: before.objects.size, damaged: 0, leftObjects: 0 });
    const after = await readEverything();
    expect(after.suites).toEqual([2]);
    expect(after.objects).toEqual(before.objects);
    for (const [name, value] of before.values) expect(after.values.get(name), name).toBe(value);
    expect(await blobCount()).toBe(count);
    expect(await findings()).toEqual([]);
    expect(await kindsOf()).toEqual(['rekey.started', 'rekey.switched', 'rekey.ended']);

    // The log commits to the plain content: a receipt of before proves the bytes as they are opened now.
    const now = await receiptForPage(archive, await fixture.desk(), pageIds[0]!);
    const { logKeys } = archive.identity;
    expect(findReceiptChecks({ receiptText: old.receipt, logKeys, fileBytes: now.bytes }).isFileProved).toBe(true);
    expect(findReceiptChecks({ receiptText: now.receipt, logKeys, fileBytes: old.bytes }).isFileProved).toBe(true);

    await rekeyArchive(archive, { suite: 'intl' });
    expect((await readEverything()).suites).toEqual([1]);
    expect((await readEverything()).objects).toEqual(before.objects);
  });

  it('is found done when asked again, and finds what others sealed meanwhile', async () => {
    const { archive } = fixture;
    const dossierId = await fixture.addDossier();
    let isFirst = true;
    let importing: Promise<unknown> = Promise.resolve();
    const result = await rekeyArchive(
      archive,
      { suite: 'gm' },
      {
        onProgress: () => {
          if (!isFirst) return;
          isFirst = false;
          // Somebody imports while the walk is at its first rows.
          importing = fixture.importPages(dossierId, ['a.png', 'b.png']);
        },
      },
    );
    expect(result.state).toBe('done');
    await importing;
    expect((await readEverything()).suites).toEqual([2]);
    expect(await rekeyArchive(archive, { suite: 'gm' })).toEqual(EMPTY);
    expect(await findings()).toEqual([]);
  });

  it('stops when told and goes on when asked again, but not with another order', async () => {
    const { archive } = fixture;
    const told = await kindsOf();
    const stopping = new AbortController();
    const stopped = await rekeyArchive(archive, { suite: 'intl' }, { signal: stopping.signal, onProgress: () => stopping.abort() });
    expect(stopped.state).toBe('stopped');
    expect((await readEverything()).suites).toEqual([1, 2]);
    expect(await findings()).toEqual([]);
    await expect(rekeyArchive(archive, { suite: 'gm' })).rejects.toMatchObject({ code: 'rekey/other-unfinished', fault: 'caller' });
    await expect(rekeyArchive(archive, { level: 'dossier' })).rejects.toMatchObject({ code: 'rekey/other-unfinished' });
    expect((await rekeyArchive(archive, { suite: 'intl' })).state).toBe('done');
    expect((await readEverything()).suites).toEqual([1]);
    expect((await kindsOf()).slice(told.length)).toEqual([
      'rekey.started',
      'rekey.switched',
      'rekey.stopped',
      'rekey.continued',
      'rekey.ended',
    ]);
  });

  it('is done by one process at a time', async () => {
    const { archive } = fixture;
    const ends = await Promise.allSettled([
      rekeyArchive(archive, { suite: 'gm' }, { lockWaitMs: 0 }),
      rekeyArchive(archive, { suite: 'gm' }, { lockWaitMs: 0 }),
    ]);
    const refused = ends.filter((end) => end.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ reason: { code: 'rekey/running' } });
  });

  it('leaves the old bytes while a backup walks the objects, and removes them when it runs again', async () => {
    const { archive } = fixture;
    const count = await blobCount();
    const result = await whileObjectsStay(archive, () => rekeyArchive(archive, { suite: 'intl' }));
    expect(result.leftObjects).toBe(count);
    expect(await blobCount()).toBe(2 * count);
    expect(await findings()).toEqual([]);
    expect(await rekeyArchive(archive, { suite: 'intl' })).toEqual(EMPTY);
    expect(await blobCount()).toBe(count);
    expect(new FormerObjects(archive).list()).toEqual([]);
  });

  it('gives the keys of a level other bytes, under which everything lies afterwards; those of before open nothing new', async () => {
    const { archive } = fixture;
    const { dossierId } = await fill();
    const before = await readEverything();
    const [dossier, fonds] = [archive.keys.get('dossier', dossierId), archive.keys.get('fonds', fixture.fondsId)];
    const token = archive.sealer.contentKey(fixture.fondsId, new Uint8Array(32));
    const dossiers = await rekeyArchive(archive, { level: 'dossier' });
    expect(dossiers).toMatchObject({ state: 'done', objects: 0, damaged: 0 });
    expect(dossiers.values).toBeGreaterThan(before.objects.size);
    for (const level of ['fonds', 'purpose'] as const) await rekeyArchive(archive, { level });
    expect(archive.keys.get('dossier', dossierId)).not.toEqual(dossier);
    expect(archive.keys.get('fonds', fixture.fondsId)).not.toEqual(fonds);
    // Tokens stay, or nothing would be found again.
    expect(archive.sealer.contentKey(fixture.fondsId, new Uint8Array(32))).toEqual(token);
    const after = await readEverything();
    expect(after.objects).toEqual(before.objects);
    for (const [name, value] of before.values) expect(after.values.get(name), name).toBe(value);
    expect(await findings()).toEqual([]);
    for (const row of await archive.db.system('test').query<Parameters<typeof openStoredObject>[1]>('select * from stored_object')) {
      expect(archive.sealer.isWrappedAnew({ kind: 'dossier', id: row.dossier_id }, row.suite, row.wrapped_key)).toBe(true);
    }
    await archive.keys.destroy('dossier', dossierId);
    const row = await archive.db
      .system('test')
      .one<Parameters<typeof openStoredObject>[1]>('select * from stored_object where dossier_id = $1 limit 1', [dossierId]);
    await expect(openStoredObject(archive, row!)).rejects.toMatchObject({ code: 'key/destroyed' });
  });

  it('opens an object whose row was read before it moved, and still alarms for one that is gone', async () => {
    const { archive } = fixture;
    const [row] = await archive.db
      .system('test')
      .query<Parameters<typeof openStoredObject>[1]>('select * from stored_object order by object_id');
    const plain = await openStoredObject(archive, row!);
    await rekeyArchive(archive, { suite: 'gm' });
    expect(await openStoredObject(archive, row!)).toEqual(plain);
    const now = await archive.db
      .system('test')
      .one<Parameters<typeof openStoredObject>[1]>('select * from stored_object where object_id = $1', [row!.object_id]);
    await archive.blobs.remove(now!.address);
    await expect(openStoredObject(archive, row!)).rejects.toMatchObject({ code: 'blob/missing', fault: 'corruption' });
    const rest = await rekeyArchive(archive, { suite: 'intl' });
    expect(rest).toMatchObject({ state: 'done', damaged: 1 });
    expect((await findings()).map((f) => f.kind)).toContain('missing');
  });
});
