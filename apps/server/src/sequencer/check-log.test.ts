import { readFile, rm, writeFile } from 'node:fs/promises';
import { nodeFileSystem } from '@lantai/disk';
import { signCheckpoint } from '@lantai/log';
import type { FileSystem } from '@lantai/vault';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../db/test-database.ts';
import { checkLog } from './check-log.ts';
import { hash } from './parts.ts';
import { repairTiles } from './repair-tiles.ts';
import { emptyTables, insertEntries, makeLog, makeSigner, ORIGIN } from './testing/log-fixture.ts';

const database = useTestDatabase();
let log: Awaited<ReturnType<typeof makeLog>>;

/** 700 entries under four checkpoints, the sequencer ended; two entries wait. */
beforeEach(async () => {
  await emptyTables(database.ownerDb);
  log = await makeLog(database.db);
  const sequencer = log.start();
  for (const count of [1, 255, 300, 144]) {
    await insertEntries(database.db, count);
    await sequencer.drain();
  }
  await sequencer.stop();
  await insertEntries(database.db, 2);
});
afterEach(() => log.dispose());

const check = (options: Partial<Parameters<typeof checkLog>[2]> = {}) =>
  checkLog(database.db, log.folder, { origin: ORIGIN, logKeys: [log.signer.verifierKey], ...options });
const sql = (text: string, params: unknown[] = []) => database.ownerDb.query(text, params);
const path = (name: string) => `${log.folder}/${name}`;

/** Changes one byte of a file in place. */
async function flip(name: string, at = 0) {
  const bytes = await readFile(path(name));
  bytes[at]! ^= 1;
  await writeFile(path(name), bytes);
}

/** Findings as `code where`, without those of severity info. */
async function faults() {
  const { findings } = await check();
  return findings
    .filter((f) => f.severity !== 'info')
    .map((f) => `${f.code} ${f.params?.position ?? f.params?.path ?? f.params?.column ?? f.params?.size ?? f.params?.reason ?? ''}`.trim());
}

describe('a walk over the log', () => {
  it('finds nothing in a log that is whole, also while it grows, and counts it', async () => {
    expect(await check()).toEqual({ findings: [], placedCount: 700, unplacedCount: 2, checkpointCount: 4 });
    const progress: number[] = [];
    const sequencer = log.start();
    let isGrowing = true;
    const growth = (async () => {
      while (isGrowing) {
        await insertEntries(database.db, 37);
        await sequencer.drain();
      }
    })();
    try {
      for (let i = 0; i < 5; i++)
        expect((await check({ onProgress: (n) => void progress.push(n) })).findings.filter((f) => f.severity !== 'info')).toEqual([]);
    } finally {
      isGrowing = false;
      await growth;
    }
    expect(progress.at(-1)).toBeGreaterThanOrEqual(700);
  });

  it('finds nothing when partial tiles go between the naming of their folder and the look into it', async () => {
    const removed: string[] = [];
    const list: FileSystem['list'] = async (folder) => {
      if (folder.endsWith('.p/')) {
        removed.push(folder);
        await rm(folder, { recursive: true });
      }
      return nodeFileSystem.list(folder);
    };
    const { findings } = await check({ fs: { ...nodeFileSystem, list } });
    expect(removed).toContain(path('tile/0/002.p/'));
    expect(findings).toEqual([]);
  });

  it('finds nothing in an archive without entries', async () => {
    await emptyTables(database.ownerDb);
    await rm(log.folder, { recursive: true });
    expect(await check()).toEqual({ findings: [], placedCount: 0, unplacedCount: 0, checkpointCount: 0 });
  });

  it('names an entry whose bytes were altered, and the column that no longer says what they say', async () => {
    const other = await sql('select bytes from entry where position = 17');
    await sql('update entry set bytes = $1 where position = 300', [(other[0] as { bytes: Uint8Array }).bytes]);
    expect(await faults()).toEqual(['log/row-differs id', 'log/entry-altered 300']);
  });

  it('names an entry whose bytes are no entry', async () => {
    await sql("update entry set bytes = convert_to('hello', 'UTF8') where position = 300");
    expect((await faults()).map((f) => f.split(' ')[0])).toEqual(['log/entry-malformed', 'log/entry-altered']);
  });

  it('names each column that was altered beside the bytes', async () => {
    const [row] = (await sql('select kind, at_ms, actor_id, dossier_id from entry where position = 3')) as Record<string, unknown>[];
    const others = { kind: 'page.viewed', at_ms: 1, actor_id: null, dossier_id: '0190b2c4-7d1a-7000-8000-000000000001' };
    for (const [column, value] of Object.entries(others)) {
      await sql(`update entry set ${column} = $1 where position = 3`, [value]);
      expect(await faults()).toEqual([`log/row-differs ${column}`]);
      await sql(`update entry set ${column} = $1 where position = 3`, [row![column]]);
    }
    expect(await faults()).toEqual([]);
  });

  it('names an entry that was deleted, at the edge as in the middle', async () => {
    await sql('delete from entry where position in (5, 699)');
    expect(await faults()).toEqual(['log/entry-missing 5', 'log/entry-missing 699']);
  });

  it('names an entry deleted after it was placed and before it was signed', async () => {
    await sql(
      'update entry set position = 701 where position is null and id = (select min(id::text)::uuid from entry where position is null)',
    );
    expect(await faults()).toEqual(['log/entry-missing 700']);
  });

  it('names tiles and bundles that are missing or altered, at every level', async () => {
    await flip('tile/0/000', 40);
    await flip('tile/entries/001', 100);
    await flip('tile/1/000.p/2');
    await rm(path('tile/0/001'));
    await rm(path('tile/entries/002.p/188'));
    expect((await faults()).sort()).toEqual([
      'log/bundle-altered tile/entries/001',
      'log/bundle-missing tile/entries/002.p/188',
      'log/tile-altered tile/0/000',
      'log/tile-altered tile/1/000.p/2',
      'log/tile-missing tile/0/001',
    ]);
  });

  it('finds nothing any more after the tiles were written again, and they are not written from altered entries', async () => {
    await flip('tile/0/000', 40);
    await flip('tile/1/000.p/2');
    await rm(path('tile/entries/001'));
    const [row] = (await sql('select bytes from entry where position = 300')) as { bytes: Uint8Array }[];
    await sql('update entry set bytes = (select bytes from entry where position = 17) where position = 300');
    await expect(repairTiles(database.db, log.folder)).rejects.toMatchObject({ code: 'log/fork' });
    await sql('update entry set bytes = $1 where position = 300', [row!.bytes]);
    expect((await faults()).length).toBe(3);
    expect(await repairTiles(database.db, log.folder)).toBe(700);
    expect(await check()).toMatchObject({ findings: [] });
    await log.start().drain();
    await expect(repairTiles(database.db, log.folder)).rejects.toMatchObject({ code: 'log/in-use' });
  });

  it('names a tile and a bundle cut short', async () => {
    await writeFile(path('tile/0/000'), (await readFile(path('tile/0/000'))).subarray(0, 100));
    await writeFile(path('tile/entries/001'), (await readFile(path('tile/entries/001'))).subarray(0, 1000));
    expect((await faults()).sort()).toEqual(['log/bundle-altered tile/entries/001', 'log/tile-altered tile/0/000']);
  });

  it('is not deceived when row, bundle and tile were altered together: the roots differ', async () => {
    const [source] = (await sql('select bytes from entry where position = 1')) as { bytes: Uint8Array }[];
    const [target] = (await sql('select bytes from entry where position = 0')) as { bytes: Uint8Array }[];
    await sql('update entry set bytes = $1 where position = 0', [source!.bytes]);
    const bundle = await readFile(path('tile/entries/000'));
    expect(source!.bytes.length).toBe(target!.bytes.length);
    bundle.set(source!.bytes, 2);
    await writeFile(path('tile/entries/000'), bundle);
    const tile = await readFile(path('tile/0/000'));
    tile.set(hash(Uint8Array.of(0, ...source!.bytes)), 0);
    await writeFile(path('tile/0/000'), tile);
    expect(await faults()).toEqual([
      'log/row-differs id',
      ...[1, 256, 556, 700].flatMap((size) => (size === 700 ? ['log/fork 700'] : []).concat(`log/checkpoint-root ${size}`)),
      'log/tile-altered tile/1/000.p/2',
    ]);
  });

  it('names checkpoints whose row, note or signature was altered', async () => {
    await sql("update checkpoint set root = decode(repeat('00', 32), 'hex') where size = 1");
    await sql("update checkpoint set note = replace(note, '256', '257') where size = 256");
    const foreign = signCheckpoint({ origin: ORIGIN, size: 556, root: hash() }, [makeSigner()]);
    await sql('update checkpoint set note = $1 where size = 556', [foreign]);
    expect(await faults()).toEqual([
      'log/checkpoint-altered 1',
      'log/checkpoint-root 1',
      'log/checkpoint-signature 256',
      'log/checkpoint-signature 556',
    ]);
  });

  it('names a published checkpoint that is missing, altered, of another history, or beyond the database', async () => {
    const published = await readFile(path('checkpoint'), 'utf8');
    await rm(path('checkpoint'));
    expect(await faults()).toEqual(['log/published-missing 700']);
    await writeFile(path('checkpoint'), published.replace('700', '701'));
    expect(await faults()).toEqual(['log/published-altered signature-wrong']);
    await writeFile(path('checkpoint'), signCheckpoint({ origin: ORIGIN, size: 500, root: hash() }, [log.signer]));
    expect(await faults()).toEqual(['log/fork 500']);
    await writeFile(path('checkpoint'), signCheckpoint({ origin: ORIGIN, size: 701, root: hash() }, [log.signer]));
    expect(await faults()).toEqual(['log/behind-published']);
  });

  it('names files that belong to nothing, and cuts a long list of findings', async () => {
    await writeFile(path('tmp/left'), '');
    await writeFile(path('tile/0/009'), '');
    await writeFile(path('tile/readme.txt'), '');
    const { findings } = await check();
    expect(findings.map((f) => [f.severity, f.code, f.params?.path]).sort()).toEqual([
      ['info', 'log/leftover-file', 'tile/0/009'],
      ['info', 'log/leftover-file', 'tile/readme.txt'],
      ['info', 'log/leftover-file', 'tmp/left'],
    ]);
    await sql('delete from entry where position between 100 and 199');
    const cut = await check({ findingLimit: 10 });
    expect(cut.findings.filter((f) => f.code === 'log/entry-missing').length).toBe(10);
    expect(cut.findings.at(-1)).toMatchObject({ code: 'log/more-findings', params: { about: 'log/entry-missing', count: 90 } });
  });

  it('refuses a malformed key rather than find nothing signed', async () => {
    await expect(check({ logKeys: ['x'] })).rejects.toMatchObject({ code: 'log/key-malformed' });
    expect(
      (await check({ logKeys: [makeSigner().verifierKey] })).findings.filter((f) => f.code === 'log/checkpoint-signature').length,
    ).toBe(4);
  });
});
