import { PDFiumLibrary } from '@hyzyla/pdfium';
import type { Desk as DeskView, Operation } from '@lantai/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDossierDesk, operateDossier } from '../catalogue/index.ts';
import { type Actor, openDesk } from '../desk/index.ts';
import { downloadOriginal } from '../pages/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { attachDocument, confirmDetermination, makeDocument, proposeDetermination, readKeyFacts } from './index.ts';

const a = useArchive();
let [first, second]: Actor[] = [];

const deskOf = (actor: Actor | undefined) => openDesk(a.archive, actor!, 'archive_work');
const open = async (dossierId: string, by = first): Promise<DeskView> => openDossierDesk(a.archive, await deskOf(by), dossierId);
const operate = async (dossierId: string, ...operations: Operation[]): Promise<DeskView> => {
  const { version: baseVersion } = await open(dossierId);
  return operateDossier(a.archive, await deskOf(first), dossierId, { baseVersion, operations });
};
const propose = async (dossierId: string, value = '1976-09', decidedOn = '2026-11-20') =>
  proposeDetermination(a.archive, await deskOf(first), dossierId, {
    ...{ fact: 'birthDate', value, documentNo: '组审〔2026〕12号', organisation: '市委组织部', decidedOn },
    ...{ reasons: '以最早的招工登记表为准', materialIds: [] },
  });
const confirm = async (id: string) => confirmDetermination(a.archive, await deskOf(second), id, { words: '同意' });
const determined = async (dossierId: string, value?: string, decidedOn?: string) => {
  const id = await propose(dossierId, value, decidedOn);
  await confirm(id);
  return id;
};
const factsOf = async (dossierId: string) => readKeyFacts(a.archive, await deskOf(first), dossierId);
const birth = async (dossierId: string) => (await factsOf(dossierId)).facts.find((f) => f.code === 'birthDate')!.determinations;
const make = async (id: string) => makeDocument(a.archive, await deskOf(first), id, 'zh');
const attach = async (id: string, materialId: string) => attachDocument(a.archive, await deskOf(first), id, { materialId });

/** A confirmed material of one page that was received. */
async function scanned(dossierId: string, classCode = '5'): Promise<string> {
  await a.importPages(dossierId, [`${a.archive.clock.newId()}.png`]);
  const { pages } = await open(dossierId);
  const page = pages.find((p) => p.materialId === null)!;
  const edit = { classCode, title: '干部基本信息审核认定表', date: '2026-11-20' };
  const view = await operate(dossierId, { type: 'assemble', pageIds: [page.id], edit });
  const { id } = view.materials.find((m) => m.pageIds.includes(page.id))!;
  await operate(dossierId, { type: 'confirm', materialId: id });
  return id;
}

/** The words of the PDF that a page came out of. */
async function textOf(pageId: string): Promise<string> {
  const { bytes } = await downloadOriginal(a.archive, await a.desk(), pageId);
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(bytes);
  const text = [...document.pages()].map((page) => page.getText()).join('\n');
  document.destroy();
  library.destroy();
  return text;
}

beforeAll(async () => {
  first = await a.addAccount({ role: 'archivist' });
  second = await a.addAccount({ role: 'archivist' });
});

describe('the document of a determination', () => {
  it('is made of the data, received like any file, filed where the scheme says, and tied both ways', async () => {
    const dossierId = await a.addDossier({ name: '贺远山' });
    await expect(make(await propose(dossierId))).rejects.toMatchObject({ code: 'determination/not-confirmed' });
    const [{ id } = { id: '' }] = await birth(dossierId);
    await confirm(id);
    const materialId = await make(id);
    const desk = await open(dossierId);
    expect(desk.materials).toMatchObject([
      {
        id: materialId,
        classCode: '5',
        title: '干部基本信息审核认定表',
        date: '2026-11-20',
        state: 'confirmed',
        documentOf: { determinationId: id, fact: 'birthDate' },
      },
    ]);
    const facts = await factsOf(dossierId);
    expect((await birth(dossierId))[0]?.documents).toMatchObject([{ materialId, way: 'made', byName: 'account1' }]);
    // It is a place to look, and no assertion of its own.
    expect(facts.materials.map((m) => m.id)).toEqual([materialId]);
    expect(facts.facts.find((f) => f.code === 'birthDate')?.assertions).toEqual([]);
    const text = (await textOf(desk.materials[0]!.pageIds[0]!)).replaceAll(/\s/g, '');
    for (const words of ['干部基本信息审核认定表', '贺远山', '1976-09', '组审〔2026〕12号', '市委组织部', 'account1', 'account2'])
      expect(text).toContain(words);
  });

  it('stays as it is: not taken apart, not moved, not renamed, nor given other pages; another document supersedes it', async () => {
    const dossierId = await a.addDossier({ name: '苏慕云' });
    const id = await determined(dossierId);
    const materialId = await make(id);
    const [page] = (await open(dossierId)).pages;
    const held = { code: 'determination/document-held' };
    await expect(operate(dossierId, { type: 'dissolve', materialId })).rejects.toMatchObject(held);
    await expect(operate(dossierId, { type: 'moveMaterial', materialId, classCode: '1' })).rejects.toMatchObject(held);
    await expect(operate(dossierId, { type: 'edit', materialId, edit: { title: '另一题名' } })).rejects.toMatchObject(held);
    await expect(operate(dossierId, { type: 'movePages', pageIds: [page!.id], toMaterialId: null })).rejects.toMatchObject(held);
    await operate(dossierId, { type: 'edit', materialId, edit: { remarks: '一式两份' } });
    const scan = await scanned(dossierId);
    await attach(id, scan);
    expect((await birth(dossierId))[0]?.documents).toMatchObject([
      { materialId: scan, way: 'attached' },
      { materialId, way: 'made' },
    ]);
    // What it superseded is a material like any other again.
    await operate(dossierId, { type: 'dissolve', materialId });
    await expect(operate(dossierId, { type: 'dissolve', materialId: scan })).rejects.toMatchObject(held);
    await expect(a.archive.db.system('test').query('update determination_document set way = way')).rejects.toThrow();
  });

  it('gives way page for page to a better scan', async () => {
    const dossierId = await a.addDossier({ name: '柏青枝' });
    const scan = await scanned(dossierId);
    await attach(await determined(dossierId), scan);
    const before = (await open(dossierId)).materials[0]!.pageIds[0]!;
    await a.importPages(dossierId, ['better.png']);
    const better = (await open(dossierId)).pages.find((p) => p.materialId === null)!.id;
    const desk = await operate(dossierId, { type: 'replacePage', pageId: before, byPageId: better, reason: '原扫描模糊' });
    expect(desk.materials[0]?.pageIds).toEqual([better]);
  });

  it('is a confirmed material of this dossier, with pages, in the class that the scheme has for it', async () => {
    const dossierId = await a.addDossier({ name: '祁连城' });
    const id = await determined(dossierId);
    const elsewhere = await a.addDossier({ name: '郁文渊' });
    await expect(attach(id, await scanned(elsewhere))).rejects.toMatchObject({ code: 'determination/material' });
    await expect(attach(id, await scanned(dossierId, '1'))).rejects.toMatchObject({
      code: 'determination/document-class',
      detail: { class: '5' },
    });
    const view = await operate(dossierId, { type: 'addRecord', edit: { classCode: '5', title: '认定情况' } });
    const record = view.materials.find((m) => m.origin === 'typed')!.id;
    await expect(attach(id, record)).rejects.toMatchObject({ code: 'determination/document-open' });
    const scan = await scanned(dossierId);
    await attach(id, scan);
    await expect(attach(id, scan)).rejects.toMatchObject({ code: 'determination/document-same' });
  });

  it('has no place under a scheme that knows no such form, and is of nobody who may not arrange the dossier', async () => {
    const dossierId = await a.addDossier({ name: '戚长风', scheme: 'labour-contract' });
    const id = await determined(dossierId);
    await expect(make(id)).rejects.toMatchObject({ code: 'determination/no-form' });
    const other = await a.addDossier({ name: '岑晚照' });
    const own = await determined(other);
    const elsewhere = await a.addAccount({ role: 'archivist', unitId: await a.addUnit('U9') });
    await expect(makeDocument(a.archive, await deskOf(elsewhere), own, 'zh')).rejects.toMatchObject({ code: 'determination/not-found' });
    const reader = await a.addAccount({ role: 'reader' });
    await expect(makeDocument(a.archive, await deskOf(reader), own, 'zh')).rejects.toMatchObject({ code: 'desk/not-allowed' });
    await a.archive.db
      .system('test')
      .query(
        'insert into subject_tie (account_id, subject_id, created_at_ms, entry_id) select $1, subject_id, 0, entry_id from dossier where id = $2',
        [first!.accountId, other],
      );
    await expect(make(own)).rejects.toMatchObject({ code: expect.stringMatching(/^determination\/(own-dossier|not-found)$/) });
  });

  it('keeps its own when a later determination supersedes the first', async () => {
    const dossierId = await a.addDossier({ name: '景行之' });
    const earlier = await determined(dossierId, '1976-09', '2026-11-01');
    const document = await make(earlier);
    const later = await determined(dossierId, '1977-09', '2026-11-20');
    const again = await make(later);
    expect((await birth(dossierId)).map((d) => [d.isCurrent, d.documents.map((x) => x.materialId)])).toEqual([
      [false, [document]],
      [true, [again]],
    ]);
  });
});
