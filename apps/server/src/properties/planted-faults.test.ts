import { PROPERTY_CHECKS, type PropertyCheckKind, type PropertyMoment } from '@lantai/catalogue/properties';
import { hasWords, type PropertyCheck } from '@lantai/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { insertObjects, prepareObject, putObjects } from '../archive/index.ts';
import { openDossierDesk, operateDossier } from '../catalogue/index.ts';
import { loadCheckStandards } from '../filing-check/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { readPropertyCheck, runPropertyCheck, startPropertyCheck } from './index.ts';
import { type ClamdServer, EICAR, startClamdServer } from './testing/clamd-server.ts';

/*
 * The proof that a check can fail: for every item that a machine decides one fault is planted into a sound dossier, and that item must fail.
 */

const a = useArchive({ sequenced: true });
let clamd: ClamdServer;
let dossierId = '';
let count = 0;

const sql = () => a.archive.db.system('test');
const withClamd = () => ({ ...a.archive, config: { ...a.archive.config, clamd: { host: '127.0.0.1', port: clamd.port } } });

async function check(moment: PropertyMoment = 'filing'): Promise<PropertyCheck> {
  const archive = withClamd();
  const id = await startPropertyCheck(archive, await a.desk(), dossierId, moment, { queued: false });
  await waitForLog();
  await runPropertyCheck(archive, id);
  return readPropertyCheck(archive, await a.desk(), id);
}

/** Until the log has taken in every entry of the dossier. */
async function waitForLog(): Promise<void> {
  for (;;) {
    const open = await sql().one<{ n: number }>(
      `select count(*)::int as n from entry where dossier_id = $1 and (position is null or position >= (select coalesce(max(size), 0) from checkpoint))`,
      [dossierId],
    );
    if (!open?.n) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Two materials of two pages and one, confirmed, with a dated title of the scheme each. */
async function makeSoundDossier(): Promise<string> {
  const id = await a.addDossier({ code: `Z999-RS·GB-${String(++count).padStart(6, '0')}`, name: '庄晓梦' });
  await a.importPages(id, ['1.png', '2.png', '3.png']);
  const desk = await a.desk();
  const { version, pages } = await openDossierDesk(a.archive, desk, id);
  const [first, second, third] = pages.map((p) => p.id) as [string, string, string];
  const view = await operateDossier(a.archive, desk, id, {
    baseVersion: version,
    operations: [
      { type: 'assemble', pageIds: [first, second], edit: { classCode: '1', title: '干部履历表', date: '1999-05' } },
      { type: 'assemble', pageIds: [third], edit: { classCode: '1', title: '更改姓名的报告与批复', date: '2003' } },
    ],
  });
  await operateDossier(a.archive, desk, id, {
    baseVersion: view.version,
    operations: view.materials.map((m) => ({ type: 'confirm' as const, materialId: m.id })),
  });
  return id;
}

const KEPT = ['dossier', 'material', 'page', 'stored_object'] as const;
const columns = new Map<string, string>();

/** Remembers the rows of the sound dossier, so that each fault is planted into it as it was. */
async function keepSound(): Promise<void> {
  const owner = a.database.ownerDb;
  for (const table of KEPT) {
    const rows = await owner.query<{ name: string }>('select column_name as name from information_schema.columns where table_name = $1', [
      table,
    ]);
    columns.set(table, rows.map((r) => r.name).join(', '));
    await owner.query(`create table sound_${table} as select * from ${table} where ${table === 'dossier' ? 'id' : 'dossier_id'} = $1`, [
      dossierId,
    ]);
  }
}

async function restoreSound(): Promise<void> {
  await a.database.ownerDb.tx(async (tx) => {
    for (const table of KEPT) {
      const key = table === 'stored_object' ? 'address' : 'id';
      await tx.query(`update ${table} t set (${columns.get(table)}) = (select ${columns.get(table)} from sound_${table} s where s.${key} = t.${key})
        where t.${key} in (select ${key} from sound_${table})`);
    }
    await tx.query('delete from stored_object where dossier_id = $1 and address not in (select address from sound_stored_object)', [
      dossierId,
    ]);
  });
}

beforeAll(async () => {
  clamd = await startClamdServer();
  dossierId = await makeSoundDossier();
  await keepSound();
});
afterAll(() => clamd.close());
beforeEach(async () => {
  clamd.behave('scans');
  await restoreSound();
});

const firstMaterial = async () =>
  (await sql().one<{ id: string; version: number }>('select id, version from material where dossier_id = $1 order by filed limit 1', [
    dossierId,
  ]))!;
const firstPage = async () =>
  (await sql().one<{ id: string; object_address: Uint8Array }>(
    'select id, object_address from page where dossier_id = $1 order by arrival limit 1',
    [dossierId],
  ))!;

/** Writes a sealed column of the first material behind the program's back. */
async function setMaterial(column: 'title' | 'date' | 'remarks', text: string | null): Promise<void> {
  const { id, version } = await firstMaterial();
  const sealed = a.archive.sealer.seal({ kind: 'dossier', id: dossierId }, { table: 'material', column, rowId: id, version }, text);
  await sql().query(`update material set ${column} = $2 where id = $1`, [id, sealed]);
}
const set = (statement: string) => sql().query(statement, [dossierId]);
const setFirstMaterial = async (assignment: string) =>
  sql().query(`update material set ${assignment} where id = $1`, [(await firstMaterial()).id]);
const setFirstPage = async (assignment: string) => sql().query(`update page set ${assignment} where id = $1`, [(await firstPage()).id]);

/** A sealed object of these bytes; the first page is made to lead to it, or nothing is. */
async function addObject(bytes: Uint8Array, { led = true } = {}): Promise<void> {
  const { archive } = a;
  const [object] = await putObjects(archive, [prepareObject(archive, dossierId, 'raw', bytes)]);
  const place = { fondsId: a.fondsId, unitId: a.rootUnitId, category: 'cadre', level: 1 };
  const row = (await sql().one<{ category: string; level: number }>('select category, level from dossier where id = $1', [dossierId]))!;
  await sql().tx((tx) => insertObjects(tx, archive, { ...place, ...row }, [object!]));
  if (led) await sql().query('update page set object_address = $2 where id = $1', [(await firstPage()).id, object!.address]);
}

const BMP = Buffer.concat([
  Buffer.from('424d', 'hex'),
  Buffer.from('3a000000000000003600000028000000010000000100000001001800000000000400000000000000000000000000000000000000', 'hex'),
  Buffer.from('ffffff00', 'hex'),
]);

/** One fault for each item that a machine decides, by the name of its check. */
const FAULTS: Readonly<Record<Exclude<PropertyCheckKind, 'person' | 'package'>, () => Promise<unknown>>> = {
  fixity: () => setFirstMaterial(`copies = 7`),
  length: () => setMaterial('title', '长'.repeat(501)),
  form: () => setMaterial('date', '1982-02-30'),
  range: () => setFirstMaterial(`class_code = '77'`),
  sense: () => setMaterial('date', '2912-01'),
  characters: () => setMaterial('title', '履历\u0007表'),
  code: () => setFirstMaterial(`code = 'ABC 1'`),
  twice: async () => {
    const rows = await sql().query<{ id: string; code: string }>('select id, code from material where dossier_id = $1 order by filed', [
      dossierId,
    ]);
    await sql().query('update material set code = $2 where id = $1', [rows[1]!.id, rows[0]!.code.replace('·', '.')]);
  },
  attributes: () => setFirstPage('width_px = width_px + 1'),
  links: () => setFirstMaterial('page_count = 9'),
  count: () => set('update dossier set page_count = page_count + 1 where id = $1'),
  bytes: () => set('update stored_object set plain_bytes = plain_bytes + 1 where dossier_id = $1'),
  elements: () => setFirstMaterial('title = null'),
  obligatory: () => setFirstMaterial('title = null'),
  process: () => set('update page set entry_id = (select entry_id from dossier where id = $1) where dossier_id = $1'),
  series: () => set(`update page set position = position + 5 where dossier_id = $1 and position = 2`),
  whole: async () => {
    const { object_address: address } = await firstPage();
    await addObject((await a.archive.blobs.get(address)).subarray(0, 40));
  },
  parts: () => setFirstPage('material_id = null, position = null'),
  scope: () => setFirstMaterial('class_code = null'),
  readable: () => setFirstMaterial(`remarks = '\\x0102030405'`),
  format: () => addObject(Buffer.from('no picture at all')),
  longterm: () => addObject(BMP),
  scanner: async () => clamd.behave('refuses'),
  malware: () => addObject(Buffer.from(EICAR)),
  surplus: () => addObject(Buffer.from('left behind'), { led: false }),
};

describe('a sound dossier', () => {
  it('fails no item at any moment, and every item of a machine ran', async () => {
    for (const moment of ['filing', 'handover', 'keeping'] as const) {
      const { items, verdict } = await check(moment);
      const definitions = loadCheckStandards(a.archive.config).items.items;
      for (const item of items) {
        const kind = definitions.find((d) => item.code.endsWith(`-${d.code}`))!.check;
        const wanted = kind === 'person' ? ['manual'] : kind === 'package' ? ['skipped'] : ['pass', 'warn'];
        expect(wanted, `${item.code} ${JSON.stringify(item.findings)} ${item.reason}`).toContain(item.result);
        if (item.result === 'pass') expect(item.checked, item.code).toBeGreaterThan(0);
      }
      expect(verdict).toBe('open');
    }
  });
});

describe('a planted fault', () => {
  it('is planted for every check of a machine', () => {
    expect(Object.keys(FAULTS).sort()).toEqual(PROPERTY_CHECKS.filter((c) => c !== 'person' && c !== 'package').sort());
  });

  it.each(Object.entries(FAULTS))('fails the item %s, and the check as a whole', async (kind, plant) => {
    await plant();
    const { items, verdict } = await check();
    const definition = loadCheckStandards(a.archive.config).items.items.find((d) => d.check === kind)!;
    const item = items.find((i) => i.code === `GD-${definition.code}`);
    expect(item?.result, JSON.stringify(item)).toBe('fail');
    expect(item?.findingCount).toBeGreaterThan(0);
    for (const { code } of items.flatMap((i) => i.findings)) expect([code, hasWords(code)]).toEqual([code, true]);
    expect(verdict).toBe('failed');
  });
});

describe('what others found', () => {
  it('fails fixity where a signature was broken when its file came, and the count where a report is open', async () => {
    const file = (await sql().one<{ id: string }>('select id from source_file where dossier_id = $1 limit 1', [dossierId]))!;
    const [findingId, slipId, entryId] = [a.archive.clock.newId(), a.archive.clock.newId(), a.archive.clock.newId()];
    await sql().query(
      `insert into finding (id, fonds_id, unit_id, category, level, dossier_id, source_file_id, code, severity, step, version)
       select $2, fonds_id, unit_id, category, level, id, $3, 'signature/altered', 'error', 'receive', '1' from dossier where id = $1`,
      [dossierId, findingId, file.id],
    );
    const made = (await sql().one<{ entry_id: string }>('select entry_id from dossier where id = $1', [dossierId]))!.entry_id;
    await sql().query(
      `insert into processing_slip (id, dossier_id, revision, sheets, faces, blank_faces, made_by, created_at_ms, entry_id) values ($2, $1, 1, 2, 4, 0, $3, 0, $4)`,
      [dossierId, slipId, a.owner.accountId, made],
    );
    await sql().query(
      `insert into count_exception (id, dossier_id, slip_id, kind, images, blank_images, difference, sheets_missing, state, made_by, created_at_ms, entry_id)
       values ($2, $1, $3, 'gap', 3, 0, -1, 0, 'open', $4, 0, $5)`,
      [dossierId, entryId, slipId, a.owner.accountId, made],
    );
    const { items } = await check();
    const codesOf = (code: string) => items.find((i) => i.code === code)?.findings.map((f) => f.code);
    expect(codesOf('GD-1-1')).toContain('signature/altered');
    expect(codesOf('GD-2-1')).toContain('four/count-gap');
    await sql().query('delete from finding where id = $1', [findingId]);
    await a.database.ownerDb.query('delete from processing_slip where id = $1', [slipId]);
  });
});

describe('malware', () => {
  const item = async () => (await check()).items.find((i) => i.code === 'GD-4-2')!;

  it.each([
    ['refuses', 'clamd/refused'],
    ['babbles', 'clamd/protocol'],
    ['limits', 'clamd/too-large'],
  ] as const)('did not run, and is no pass, where the scanner %s', async (behaviour, code) => {
    clamd.behave(behaviour);
    expect(await item()).toMatchObject({ result: 'skipped', reason: code, checked: 0 });
  });

  it('did not run, and is no pass, where no scanner is configured', async () => {
    const id = await startPropertyCheck(a.archive, await a.desk(), dossierId, 'filing', { queued: false });
    await runPropertyCheck(a.archive, id);
    const { items } = await readPropertyCheck(a.archive, await a.desk(), id);
    expect(items.find((i) => i.code === 'GD-4-2')).toMatchObject({ result: 'skipped', reason: 'clamd/none' });
    expect(items.find((i) => i.code === 'GD-4-1')).toMatchObject({ result: 'manual', reason: 'four/ask-scanner' });
  });
});

describe('fixity', () => {
  const item = async () => (await check()).items.find((i) => i.code === 'GD-1-1')!;

  it('fails where the bytes of an object are gone, or are others than those that were received', async () => {
    const { object_address: address } = await firstPage();
    await addObject(Buffer.from('other bytes'));
    expect((await item()).findings.map((f) => f.code)).toContain('four/commitment-differs');
    await sql().query('update page set object_address = $2 where id = $1', [(await firstPage()).id, address]);
    const bytes = await a.archive.blobs.get(address);
    await a.archive.blobs.remove(address);
    expect((await item()).findings.map((f) => f.code)).toContain('blob/missing');
    await a.archive.blobs.put(bytes);
  });

  it('fails where an entry of the log was altered', async () => {
    dossierId = await makeSoundDossier();
    await waitForLog();
    await a.database.ownerDb.query(
      `update entry set bytes = convert_to(replace(convert_from(bytes, 'UTF8'), '"origin":"as_received"', '"origin":"as_deceived"'), 'UTF8')
       where dossier_id = $1 and kind = 'page.received'`,
      [dossierId],
    );
    expect((await item()).findings.map((f) => f.code)).toContain('log/entry-altered');
  });
});
