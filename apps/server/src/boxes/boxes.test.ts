import { NO_BOX_PLACE } from '@lantai/catalogue';
import { beforeAll, describe, expect, it } from 'vitest';
import { editDossiers, makeBoxLabels, makeBoxLists } from '../catalogue/index.ts';
import { declareSlip } from '../counting/index.ts';
import { type Actor, openDesk } from '../desk/index.ts';
import { checkStates } from '../keeping/check-states.ts';
import { FsckWalk } from '../keeping/fsck-report.ts';
import { declareKinship, mergeUnit } from '../organisation/index.ts';
import { runDestruction } from '../personal/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import {
  createBoxes,
  editBox,
  findBox,
  listBoxes,
  type NewBoxes,
  type PutOrder,
  putIntoBox,
  readBox,
  readVolumesOf,
  takeFromBox,
} from './index.ts';

const a = useArchive();
let [staff, relative, clerk]: Actor[] = [];
let [unit, otherUnit] = ['', ''];

const deskOf = (actor: Actor | undefined = staff) => openDesk(a.archive, actor!, 'archive_work');
const sql = () => a.archive.db.system('test');
const KIND = {
  category: 'cadre',
  level: 1,
  count: 1,
  number: null,
  spineMm: 20,
  capacitySheets: null,
  retention: 'Y',
  year: 2026,
  schemeId: 'cadre-2018',
} as const;
const newBoxes = async (change: Partial<NewBoxes> = {}, by?: Actor) =>
  createBoxes(await deskOf(by), { ...KIND, unitId: a.rootUnitId, classCode: null, place: NO_BOX_PLACE, namesOutside: false, ...change });
const newBox = async (change: Partial<NewBoxes> = {}) => (await newBoxes(change))[0]!;
const put = async (boxId: string, dossierIds: readonly string[], at: number | null = null, sheets = 10) =>
  putIntoBox(await deskOf(), boxId, { volumes: dossierIds.map((id) => ({ dossier: { id }, volume: 1, sheets })), at });
const order = async (boxId: string) => (await readBox(await deskOf(), boxId)).lines.map((l) => l.dossierId);
const places = (boxId: string) =>
  sql().query<{ position: number }>('select position from box_volume where box_id = $1 order by 1', [boxId]);
const boxOf = async (dossierId: string, by?: Actor) => (await deskOf(by)).act('dossier.list', (tx) => readVolumesOf(tx, dossierId));
const dossiers = (n: number, unitId?: string) => Promise.all(Array.from({ length: n }, () => a.addDossier(unitId ? { unitId } : {})));

beforeAll(async () => {
  [unit, otherUnit] = [await a.addUnit('B1'), await a.addUnit('B2')];
  [staff, relative] = [await a.addAccount({ role: 'archivist' }), await a.addAccount({ role: 'archivist' })];
  clerk = await a.addAccount({ role: 'unit_clerk', unitId: unit });
});

describe('a box', () => {
  it('gets the next number of its fonds, and none is ever given twice', async () => {
    const [first, second] = await newBoxes({ count: 2 });
    const numbers = await sql().query<{ id: string; number: number }>('select id, number from box order by number');
    expect(numbers.map((b) => b.id).slice(-2)).toEqual([first, second]);
    const { number } = numbers.at(-1)!;
    await editBox(await deskOf(), second!, { version: 1, ended: true });
    await expect(newBoxes({ number })).rejects.toMatchObject({ code: 'box/number-taken', detail: { number } });
    const next = await newBox();
    expect((await readBox(await deskOf(), next)).number).toBe(number + 1);
  });

  it('holds volumes in the order in which they are put, out of the boxes in which they were', async () => {
    const [one, two] = [await newBox(), await newBox()];
    const [d1, d2, d3] = (await dossiers(3)) as [string, string, string];
    await put(one, [d1, d2]);
    await put(one, [d3], 1);
    expect(await order(one)).toEqual([d3, d1, d2]);
    await put(two, [d1]);
    expect([await order(one), await order(two)]).toEqual([[d3, d2], [d1]]);
    await put(one, [d2], 1);
    expect([await order(one), (await places(one)).map((p) => p.position)]).toEqual([
      [d2, d3],
      [1, 2],
    ]);
    await takeFromBox(await deskOf(), one, [{ dossierId: d2, volume: 1 }]);
    expect([await order(one), (await places(one)).map((p) => p.position), await boxOf(d2)]).toEqual([[d3], [1], []]);
    await expect(takeFromBox(await deskOf(), one, [{ dossierId: d1, volume: 1 }])).rejects.toMatchObject({ code: 'box/not-in-it' });
  });

  it('takes the sheets that the slip declares, of the first volume alone, and no more than it holds', async () => {
    const box = await newBox({ capacitySheets: 30 });
    const [d1, d2] = (await dossiers(2)) as [string, string];
    const orderOf = (volumes: PutOrder['volumes']) => ({ volumes, at: null });
    await declareSlip(await deskOf(), d1, { sheets: 21, faces: 30, blankFaces: 0, note: '' });
    await putIntoBox(await deskOf(), box, orderOf([{ dossier: { id: d1 }, volume: 1 }]));
    expect((await readBox(await deskOf(), box)).sheets).toBe(21);
    // Nothing is known of a dossier without slip and pages, nor of a second volume.
    for (const one of [
      { dossier: { id: d2 }, volume: 1 },
      { dossier: { id: d1 }, volume: 2 },
    ])
      await expect(putIntoBox(await deskOf(), box, orderOf([one]))).rejects.toMatchObject({ code: 'box/sheets' });
    await expect(put(box, [d2], null, 10)).rejects.toMatchObject({ code: 'box/full', detail: { sheets: 31, capacity: 30 } });
    await putIntoBox(await deskOf(), box, orderOf([{ dossier: { id: d1 }, volume: 2, sheets: 9 }]));
    await expect(editBox(await deskOf(), box, { version: 1, capacitySheets: 29 })).rejects.toMatchObject({ code: 'box/too-small' });
    await expect(editBox(await deskOf(), box, { version: 1, ended: true })).rejects.toMatchObject({ code: 'box/not-empty' });
    expect((await boxOf(d1)).map((v) => [v.volume, v.sheets, v.position])).toEqual([
      [1, 21, 1],
      [2, 9, 2],
    ]);
  });

  it('takes nothing of another category or of a higher level, and nothing once it is out of use', async () => {
    const box = await newBox({ level: 1 });
    const [plain, high, other] = (await dossiers(3)) as [string, string, string];
    await sql().query('update dossier set level = 2 where id = $1', [high]);
    await sql().query(`update dossier set category = 'employee' where id = $1`, [other]);
    await expect(put(box, [high])).rejects.toMatchObject({ code: 'box/other-level' });
    await expect(put(box, [other])).rejects.toMatchObject({ code: 'box/other-category' });
    await put(box, [plain]);
    await takeFromBox(await deskOf(), box, [{ dossierId: plain, volume: 1 }]);
    await editBox(await deskOf(), box, { version: 1, ended: true });
    await expect(put(box, [plain])).rejects.toMatchObject({ code: 'box/ended' });
    await expect(editBox(await deskOf(), box, { version: 1, ended: false })).rejects.toMatchObject({ code: 'box/changed' });
  });

  it('is found by its number and by its code, by whoever sees it and by nobody else', async () => {
    const box = await newBox({ unitId: otherUnit });
    const { number, fondsCode } = await readBox(await deskOf(), box);
    expect(await findBox(await deskOf(), String(number))).toBe(box);
    await expect(findBox(await deskOf(), `LANTAI-BOX/1 F=${fondsCode} B=${number} 0000`)).rejects.toMatchObject({
      code: 'box/code-damaged',
    });
    await expect(findBox(await deskOf(clerk), String(number))).rejects.toMatchObject({ code: 'box/not-found' });
    expect((await listBoxes(await deskOf(clerk), {})).items.some((b) => b.id === box)).toBe(false);
    expect((await listBoxes(await deskOf(), {})).items.some((b) => b.id === box)).toBe(true);
    await expect(newBoxes({}, clerk)).rejects.toMatchObject({ code: 'desk/not-allowed' });
  });
});

describe('a dossier', () => {
  it('says in which box it lies also to those who do not see the box', async () => {
    const box = await newBox({ place: { ...NO_BOX_PLACE, repository: '一', rack: '3' } });
    const [foreign] = (await dossiers(1, otherUnit)) as [string];
    const [own] = (await dossiers(1, unit)) as [string];
    await put(box, [foreign, own]);
    expect(await boxOf(own, clerk)).toMatchObject([{ boxId: box, position: 2, place: { repository: '一', rack: '3' } }]);
    expect(await boxOf(foreign, clerk)).toEqual([]);
    await expect(readBox(await deskOf(clerk), box)).rejects.toMatchObject({ code: 'box/not-found' });
  });

  it('leaves its box with its category, and with its destruction; the others stay', async () => {
    const box = await newBox();
    const [d1, d2, d3] = (await dossiers(3)) as [string, string, string];
    await put(box, [d1, d2, d3]);
    await editDossiers(a.archive, await deskOf(), [d1], { category: 'general' });
    expect(await order(box)).toEqual([d2, d3]);
    const request = await sql().one<{ id: string }>('select id from entry limit 1');
    await sql().query(
      `insert into destruction (dossier_id, fonds_id, unit_id, category, level, subject_id, with_subject, code, request_id, ground, approved_by, second_by,
         intended_at_ms, entry_id, page_count, object_count, backups_until_ms)
       select d.id, d.fonds_id, d.unit_id, d.category, d.level, d.subject_id, true, d.code, null, 'expired', $2, $4, 1, $3, 0, 0, 1 from dossier d where d.id = $1`,
      [d2, staff!.accountId, request!.id, clerk!.accountId],
    );
    await runDestruction(a.archive, d2);
    expect(await order(box)).toEqual([d3]);
    await put(box, [d1].slice(1).concat(d3), 1);
    expect((await places(box)).map((p) => p.position)).toEqual([1]);
  });

  it('keeps its box when its unit is merged, and the box follows the unit', async () => {
    const [from, into] = [await a.addUnit('M1'), await a.addUnit('M2')];
    const box = await newBox({ unitId: from });
    const [d] = (await dossiers(1, from)) as [string];
    await put(box, [d]);
    await mergeUnit(a.archive, await a.desk(), from, into);
    expect((await readBox(await deskOf(), box)).unitId).toBe(into);
    expect(await order(box)).toEqual([d]);
  });
});

describe('labels and lists', () => {
  it('name nobody on the outside unless the box says so, and a list names all or is refused', async () => {
    const box = await newBox({ unitId: unit });
    const [own] = await Promise.all([a.addDossier({ unitId: unit, name: '欧阳子墨' })]);
    const [foreign] = (await dossiers(1, otherUnit)) as [string];
    await put(box, [own]);
    const asked = { boxIds: [box], kind: 'spine', format: 'xlsx' } as const;
    const shared = async () => textOf((await makeBoxLabels(a.archive, await deskOf(), asked, 'zh')).bytes);
    expect(await shared()).not.toContain('欧阳子墨');
    await editBox(await deskOf(), box, { version: 1, namesOutside: true });
    expect(await shared()).toContain('欧阳子墨');
    expect(await textOf((await makeBoxLists(a.archive, await deskOf(relative), { boxIds: [box], format: 'xlsx' }, 'zh')).bytes)).toContain(
      '欧阳子墨',
    );
    await put(box, [foreign]);
    await declareKinship(a.archive, await deskOf(relative), { dossierId: foreign, relation: 'sibling' });
    expect(await readBox(await deskOf(relative), box)).toMatchObject({ volumes: 2, hidden: 1, lines: [{ dossierId: own }] });
    expect(await textOf((await makeBoxLabels(a.archive, await deskOf(relative), asked, 'zh')).bytes)).not.toContain('欧阳子墨');
    await expect(makeBoxLists(a.archive, await deskOf(relative), { boxIds: [box], format: 'pdf' }, 'zh')).rejects.toMatchObject({
      code: 'box/hidden',
    });
    const pdf = await makeBoxLists(a.archive, await deskOf(), { boxIds: [box], format: 'pdf' }, 'zh');
    expect(new TextDecoder().decode(pdf.bytes.slice(0, 5))).toBe('%PDF-');
  });

  it('and everything before leave an archive that checks', async () => {
    const walk = new FsckWalk();
    await checkStates(a.archive, walk);
    // What this file writes behind the back of the archive, and nothing else.
    expect([...new Set(walk.findings.map((f) => f.what.split(' ')[0]))].filter((what) => what?.startsWith('box'))).toEqual([]);
  });
});

async function textOf(xlsx: Uint8Array): Promise<string> {
  const { default: ExcelJS } = await import('exceljs');
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(Uint8Array.from(xlsx).buffer);
  return JSON.stringify(book.worksheets.map((s) => s.getSheetValues()));
}
