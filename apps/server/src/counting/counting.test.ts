import { PDFiumLibrary } from '@hyzyla/pdfium';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { editDossiers, fileDossier, makeSlipSheet, undoBulkEdit } from '../catalogue/index.ts';
import { type Actor, openDesk } from '../desk/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { checkCount, declareSlip, listExceptions, readCount, settleException } from './index.ts';

const a = useArchive();
let archivist: Actor;
let elsewhere: Actor;
let dossierId = '';

const deskOf = (actor: Actor) => openDesk(a.archive, actor, 'archive_work');
const declare = async (faces: number, blankFaces = 0, sheets = 3) =>
  declareSlip(await deskOf(archivist), dossierId, { sheets, faces, blankFaces, note: '第三张背面空白' });
const check = async () => checkCount(a.archive, await deskOf(archivist), dossierId);
const file = async () => fileDossier(a.archive, await deskOf(archivist), dossierId);
const stateOf = async () =>
  (await a.archive.db.system('test').one<{ state: string }>('select state from dossier where id = $1', [dossierId]))?.state;
const close = async (id: string, way: 'explained' | 'settled', words = '原件缺第四面', by = archivist) =>
  settleException(await deskOf(by), id, { way, words });

beforeAll(async () => {
  archivist = await a.addAccount({ role: 'archivist' });
  elsewhere = await a.addAccount({ role: 'archivist', unitId: await a.addUnit('U7') });
});
beforeEach(async () => {
  dossierId = await a.addDossier({ name: '徐怀谷' });
  await a.importPages(dossierId, ['1.png', '2.png', '3.png']);
});

describe('the count of a dossier', () => {
  it('agrees when every face came or is registered as blank, and then the dossier is filed', async () => {
    await declare(5, 2);
    const count = await check();
    expect(count).toMatchObject({
      received: { images: 3, blankImages: 0 },
      comparison: { accounted: 5, difference: 0, kind: null },
      exceptions: [],
      slips: [{ revision: 1, sheets: 3, faces: 5, blankFaces: 2, note: '第三张背面空白' }],
    });
    await file();
    expect(await stateOf()).toBe('filed');
    await expect(file()).rejects.toMatchObject({ code: 'filing/filed-already' });
  });

  it('tells a face registered as blank from one that is missing', async () => {
    await declare(5);
    expect(await check()).toMatchObject({ comparison: { difference: -2, kind: 'gap' }, exceptions: [{ state: 'open', difference: -2 }] });
    // The same faces, now registered as blank: nothing is missing. The report stays until somebody closes it.
    await declare(5, 2);
    const after = await check();
    expect(after).toMatchObject({ comparison: { difference: 0, kind: null }, exceptions: [{ state: 'open' }] });
    await expect(file()).rejects.toMatchObject({ code: 'filing/exception-open' });
    await close(after.exceptions[0]!.id, 'settled', '两面为空白，已登记');
    await file();
    expect((await readCount(a.archive, await deskOf(archivist), dossierId)).exceptions).toMatchObject([
      {
        state: 'settled',
        words: '两面为空白，已登记',
        openedByName: expect.stringMatching(/^account/),
        closedByName: expect.stringMatching(/^account/),
      },
    ]);
  });

  it('is a surplus when more came than was declared, and a gap of whole sheets says so', async () => {
    await declare(2, 0, 1);
    expect(await check()).toMatchObject({ exceptions: [{ kind: 'surplus', difference: 1, sheetsMissing: 0 }] });
    await declare(8, 0, 5);
    expect(await check()).toMatchObject({
      exceptions: [
        { kind: 'gap', difference: -5, sheetsMissing: 2, state: 'open' },
        { kind: 'surplus', state: 'superseded' },
      ],
    });
  });

  it('needs a slip to be compared with, and numbers that can be', async () => {
    await expect(check()).rejects.toMatchObject({ code: 'slip/none' });
    await expect(declare(7)).rejects.toMatchObject({ code: 'slip/impossible' });
    await expect(declare(3, 3)).rejects.toMatchObject({ code: 'slip/impossible' });
    expect((await readCount(a.archive, await deskOf(archivist), dossierId)).slips).toEqual([]);
  });

  it('is not found by whoever does not reach the dossier, in any act', async () => {
    await declare(5);
    const id = (await check()).exceptions[0]!.id;
    const desk = await deskOf(elsewhere);
    const slip = { sheets: 3, faces: 5, blankFaces: 0, note: '' };
    for (const act of [
      () => readCount(a.archive, desk, dossierId),
      () => declareSlip(desk, dossierId, slip),
      () => checkCount(a.archive, desk, dossierId),
      () => makeSlipSheet(a.archive, desk, dossierId, 'zh'),
      () => fileDossier(a.archive, desk, dossierId),
    ])
      await expect(act()).rejects.toMatchObject({ code: 'dossier/not-found' });
    await expect(close(id, 'explained', '无', elsewhere)).rejects.toMatchObject({ code: 'count-exception/not-found' });
    expect((await listExceptions(desk, null)).items).toEqual([]);
    expect((await listExceptions(await deskOf(archivist), null)).items).toContainEqual(
      expect.objectContaining({ id, dossierId, kind: 'gap', difference: -2 }),
    );
  });

  it('is not touched by a clerk, who may look', async () => {
    const clerk = await a.addAccount({ role: 'unit_clerk', unitId: a.rootUnitId });
    const desk = await deskOf(clerk);
    expect((await readCount(a.archive, desk, dossierId)).received.images).toBe(3);
    const declaring = declareSlip(desk, dossierId, { sheets: 1, faces: 1, blankFaces: 0, note: '' });
    await expect(declaring).rejects.toMatchObject({ code: 'desk/not-allowed' });
    await expect(fileDossier(a.archive, desk, dossierId)).rejects.toMatchObject({ code: 'desk/not-allowed' });
  });
});

describe('filing', () => {
  it('is refused for a difference that nobody ever asked about, and reports it', async () => {
    await declare(5);
    await expect(file()).rejects.toMatchObject({ code: 'filing/exception-open' });
    expect(await stateOf()).toBe('open');
    const { exceptions } = await readCount(a.archive, await deskOf(archivist), dossierId);
    expect(exceptions).toMatchObject([{ state: 'open', difference: -2 }]);
    const [entry] = await a.archive.db
      .system('test')
      .query(`select 1 as one from entry where kind = 'count-exception.opened' and dossier_id = $1`, [dossierId]);
    expect(entry).toEqual({ one: 1 });
  });

  it('is refused in bulk and by undoing as well, by name', async () => {
    const desk = await deskOf(archivist);
    const filed = await editDossiers(a.archive, desk, [dossierId], { state: 'filed' });
    expect(filed).toMatchObject({ changed: 1, refused: [] });
    const reopened = await editDossiers(a.archive, desk, [dossierId], { state: 'open' });
    await declare(5);
    const undone = await undoBulkEdit(a.archive, await deskOf(archivist), reopened.undoToken!);
    expect(undone).toMatchObject({ changed: 0, refused: [{ dossierId, code: 'filing/exception-open' }] });
    const other = await a.addDossier();
    const both = await editDossiers(a.archive, await deskOf(archivist), [dossierId, other], { state: 'filed' });
    expect(both).toMatchObject({ changed: 1, refused: [{ dossierId, code: 'filing/exception-open' }] });
    expect(await stateOf()).toBe('open');
  });

  it('goes on behind an explanation, which holds for its numbers alone', async () => {
    await declare(5);
    const { exceptions } = await check();
    await close(exceptions[0]!.id, 'explained');
    expect((await check()).exceptions).toMatchObject([{ state: 'explained', words: '原件缺第四面' }]);
    await a.importPages(dossierId, ['4.png']);
    await expect(file()).rejects.toMatchObject({ code: 'filing/exception-open' });
    await a.importPages(dossierId, ['5.png']);
    const agreeing = await check();
    await close(agreeing.exceptions[0]!.id, 'settled', '已补扫');
    await file();
    expect(await stateOf()).toBe('filed');
  });

  it('is not opened by words that say what is not so', async () => {
    await declare(5);
    const id = (await check()).exceptions[0]!.id;
    await expect(close(id, 'settled')).rejects.toMatchObject({ code: 'count-exception/still-differs', detail: { difference: -2 } });
    await a.importPages(dossierId, ['4.png']);
    await expect(close(id, 'explained')).rejects.toMatchObject({ code: 'count-exception/other-numbers' });
    const next = (await check()).exceptions[0]!.id;
    expect(next).not.toBe(id);
    await expect(close(id, 'explained')).rejects.toMatchObject({ code: 'count-exception/closed' });
    await close(next, 'explained');
    await expect(close(next, 'explained')).rejects.toMatchObject({ code: 'count-exception/closed' });
  });

  it('leaves reports that are closed as they are, whoever writes', async () => {
    await declare(5);
    const id = (await check()).exceptions[0]!.id;
    await close(id, 'explained');
    const sql = a.archive.db.system('test');
    await expect(sql.query('update count_exception set difference = -1 where id = $1', [id])).rejects.toThrow();
    await expect(sql.query('update processing_slip set faces = 4 where dossier_id = $1', [dossierId])).rejects.toThrow();
  });
});

describe('the slip on paper', () => {
  it('says code, numbers and stations, and names nobody', async () => {
    await expect(makeSlipSheet(a.archive, await deskOf(archivist), dossierId, 'zh')).rejects.toMatchObject({ code: 'slip/none' });
    await declare(5, 2);
    const { bytes, fileName } = await makeSlipSheet(a.archive, await deskOf(archivist), dossierId, 'zh');
    expect(fileName).toMatch(/^P\d{4}-slip\.pdf$/);
    const library = await PDFiumLibrary.init();
    const document = await library.loadDocument(bytes);
    const text = document.getPage(0).getText();
    expect(document.getPageCount()).toBe(1);
    document.destroy();
    library.destroy();
    for (const word of ['数字化加工流程单', fileName.slice(0, 5), '登记空白面', '出库', '还原入库']) expect(text).toContain(word);
    expect(text).not.toContain('徐怀谷');
  });
});
