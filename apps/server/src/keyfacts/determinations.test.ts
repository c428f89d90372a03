import { PDFiumLibrary } from '@hyzyla/pdfium';
import type { KeyFacts, Operation } from '@lantai/contract';
import { readTables } from '@lantai/documents';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDossierDesk, operateDossier } from '../catalogue/index.ts';
import { type Actor, openDesk } from '../desk/index.ts';
import { declareKinship } from '../organisation/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import {
  confirmDetermination,
  makeAuditForm,
  markAssertion,
  type NewDetermination,
  proposeDetermination,
  readKeyFacts,
  refuseDetermination,
  withdrawDetermination,
} from './index.ts';

const a = useArchive();
let [first, second]: Actor[] = [];
let dossierId = '';
let materialIds: string[] = [];

const deskOf = (actor: Actor | undefined) => openDesk(a.archive, actor!, 'archive_work');
const wanted = (over: Partial<NewDetermination> = {}): NewDetermination => ({
  ...{ fact: 'birthDate', value: '1976年9月', documentNo: '组审〔2026〕12号', organisation: '市委组织部', decidedOn: '2026-11-20' },
  ...{ reasons: '以最早的招工登记表为准', materialIds: materialIds.slice(0, 1) },
  ...over,
});
const propose = async (by: Actor | undefined, over: Partial<NewDetermination> = {}) =>
  proposeDetermination(a.archive, await deskOf(by), dossierId, wanted(over));
const confirm = async (by: Actor | undefined, id: string) => confirmDetermination(a.archive, await deskOf(by), id, { words: '同意' });
const birth = async (by = first) => {
  const view: KeyFacts = await readKeyFacts(a.archive, await deskOf(by), dossierId);
  return view.facts.find((f) => f.code === 'birthDate')!;
};
const tie = async (accountId: string) =>
  a.archive.db.system('test').tx(async (tx) => {
    const entry = await tx.one<{ id: string }>('select id from entry order by id limit 1');
    await tx.query(
      'insert into subject_tie (account_id, subject_id, created_at_ms, entry_id) select $1, subject_id, 0, $3 from dossier where id = $2',
      [accountId, dossierId, entry!.id],
    );
  });

beforeAll(async () => {
  first = await a.addAccount({ role: 'archivist' });
  second = await a.addAccount({ role: 'archivist' });
});
beforeEach(async () => {
  dossierId = await a.addDossier({ name: '贺远山' });
  const record = (title: string, date: string, birthDate: string): Operation => ({
    type: 'addRecord',
    edit: { classCode: '1', title, date, fields: [{ code: 'birthDate', value: birthDate }] },
  });
  const desk = await deskOf(first);
  const { version } = await openDossierDesk(a.archive, desk, dossierId);
  const view = await operateDossier(a.archive, desk, dossierId, {
    baseVersion: version,
    operations: [record('招工登记表', '1995-08', '1976-09'), record('干部任免审批表', '2010-03', '1978-09')],
  });
  materialIds = [...view.materials].sort((x, y) => (x.date ?? '').localeCompare(y.date ?? '')).map((m) => m.id);
});

describe('a determination', () => {
  it('settles a fact when another person confirms it, and not before', async () => {
    const id = await propose(first);
    expect(await birth()).toMatchObject({
      result: 'inconsistent',
      determinations: [{ id, state: 'proposed', isCurrent: false, isOwn: true }],
    });
    expect((await birth(second)).determinations).toMatchObject([{ isOwn: false }]);
    await confirm(second, id);
    expect(await birth()).toMatchObject({
      result: 'determined',
      value: '1976-09',
      determinations: [{ state: 'confirmed', isCurrent: true, documentNo: '组审〔2026〕12号', review: '同意', value: '1976-09' }],
    });
    expect((await birth()).conflicts).toHaveLength(1);
  });

  it('is never decided by who proposed it', async () => {
    const id = await propose(first);
    await expect(confirm(first, id)).rejects.toMatchObject({ code: 'determination/own' });
    const refused = refuseDetermination(a.archive, await deskOf(first), id, { reason: '不妥' });
    await expect(refused).rejects.toMatchObject({ code: 'determination/own' });
    expect((await birth()).determinations).toMatchObject([{ state: 'proposed' }]);
  });

  it('is never decided by a second account of the same holder', async () => {
    const other = await a.addAccount({ role: 'archivist' });
    await a.archive.db
      .system('test')
      .query('update account set holder_token = $2 where id = any($1::uuid[])', [
        [first!.accountId, other.accountId],
        Buffer.from('00112233445566778899aabbccddeeff', 'hex'),
      ]);
    const id = await propose(first);
    await expect(confirm(other, id)).rejects.toMatchObject({ code: 'determination/own' });
    await confirm(second, id);
  });

  it('is nothing for whom the dossier is about, as proposer or reviewer, nor for a relative', async () => {
    const [self, relative] = [await a.addAccount({ role: 'archivist' }), await a.addAccount({ role: 'archivist' })];
    await tie(self.accountId);
    await expect(propose(self)).rejects.toMatchObject({ code: 'dossier/not-found' });
    const id = await propose(first);
    await expect(confirm(self, id)).rejects.toMatchObject({ code: 'determination/not-found' });
    await declareKinship(a.archive, await deskOf(relative), { dossierId, relation: 'spouse' });
    await expect(confirm(relative, id)).rejects.toMatchObject({ code: 'determination/not-found' });
    await confirm(second, id);
  });

  it('of an employment file is nothing for whom it is about either, who may arrange it', async () => {
    const self = await a.addAccount({ role: 'archivist' });
    dossierId = await a.addDossier({ name: '贺远山', scheme: 'employee-lifecycle' });
    await tie(self.accountId);
    const id = await propose(first, { materialIds: [] });
    await expect(propose(self, { materialIds: [], fact: 'workStart' })).rejects.toMatchObject({ code: 'determination/own-dossier' });
    await expect(confirm(self, id)).rejects.toMatchObject({ code: 'determination/own-dossier' });
    await confirm(second, id);
  });

  it('supersedes the one before and overwrites nothing, also when it is proposed later for an earlier day', async () => {
    await confirm(second, await propose(first));
    await confirm(first, await propose(second, { value: '1977-01', decidedOn: '2026-11-21', documentNo: '组审〔2026〕13号' }));
    const both = await birth();
    expect(both.value).toBe('1977-01');
    expect(both.determinations.map((d) => [d.value, d.isCurrent, d.state])).toEqual([
      ['1976-09', false, 'confirmed'],
      ['1977-01', true, 'confirmed'],
    ]);
    await confirm(second, await propose(first, { value: '1975-01', decidedOn: '2001-01-01' }));
    expect((await birth()).value).toBe('1977-01');
    const rows = a.archive.db.system('test').query(`update determination set state = 'withdrawn' where dossier_id = $1`, [dossierId]);
    await expect(rows).rejects.toThrow();
  });

  it('is refused with a reason, or taken back by who proposed it, and then is settled', async () => {
    const id = await propose(first);
    await expect(withdrawDetermination(a.archive, await deskOf(second), id)).rejects.toMatchObject({ code: 'determination/not-found' });
    await withdrawDetermination(a.archive, await deskOf(first), id);
    await expect(confirm(second, id)).rejects.toMatchObject({ code: 'determination/decided' });
    const again = await propose(first);
    await refuseDetermination(a.archive, await deskOf(second), again, { reason: '依据不足' });
    await expect(withdrawDetermination(a.archive, await deskOf(first), again)).rejects.toMatchObject({ code: 'determination/decided' });
    expect((await birth()).determinations.map((d) => [d.state, d.review])).toEqual([
      ['withdrawn', ''],
      ['refused', '依据不足'],
    ]);
    expect((await birth()).result).toBe('inconsistent');
  });

  it('waits alone for each fact, and takes nothing that determines nothing', async () => {
    await propose(first);
    await expect(propose(second)).rejects.toMatchObject({ code: 'determination/waiting' });
    await propose(second, { fact: 'workStart', value: '1995-08' });
    const of = (over: Partial<NewDetermination>) => expect(propose(first, { fact: 'partyDate', ...over })).rejects;
    await of({ value: '1976' }).toMatchObject({ code: 'determination/value' });
    await of({ value: '不详' }).toMatchObject({ code: 'determination/value' });
    await of({ decidedOn: '2999-01-01' }).toMatchObject({ code: 'determination/future' });
    await of({ materialIds: [dossierId] }).toMatchObject({ code: 'determination/material' });
  });

  it('is for archivists of the dossier, not for a clerk nor for who cannot see it', async () => {
    const clerk = await a.addAccount({ role: 'unit_clerk', unitId: a.rootUnitId });
    await expect(propose(clerk)).rejects.toMatchObject({ code: 'desk/not-allowed' });
    const id = await propose(first);
    await expect(confirm(clerk, id)).rejects.toMatchObject({ code: 'desk/not-allowed' });
  });

  it('leaves entries with the states before and after, and stands sealed', async () => {
    const id = await propose(first);
    await confirm(second, id);
    const sql = a.archive.db.system('test');
    const kinds = await sql.query<{ kind: string }>(
      `select e.kind from change c join entry e on e.id = c.entry_id where c.object_class = 'determination' and c.object_id = $1 order by e.id`,
      [id],
    );
    expect(kinds.map((k) => k.kind)).toEqual(['determination.proposed', 'determination.confirmed']);
    const row = await sql.one<{ body: Buffer; review: Buffer }>('select body, review from determination where id = $1', [id]);
    for (const text of ['1976', '组审', '同意', '招工'])
      for (const column of [row!.body, row!.review]) expect(column.includes(Buffer.from(text))).toBe(false);
  });
});

describe('a mark of a person', () => {
  const mark = async (kind: 'altered' | 'doubted' | null, by = first) =>
    markAssertion(a.archive, await deskOf(by), dossierId, {
      materialId: materialIds[0]!,
      fact: 'birthDate',
      mark: kind,
      reason: '墨色不一',
    });

  it('takes an assertion out of the comparison until it is lifted', async () => {
    await mark('altered');
    const marked = await birth();
    expect(marked).toMatchObject({ result: 'altered', value: '1978-09', conflicts: [] });
    expect(marked.assertions[0]).toMatchObject({ mark: { kind: 'altered', reason: '墨色不一' }, weighs: false });
    await mark('doubted', second);
    expect((await birth()).assertions[0]?.mark?.kind).toBe('doubted');
    await mark(null);
    expect(await birth()).toMatchObject({ result: 'inconsistent', value: '1976-09' });
    await expect(mark(null)).rejects.toMatchObject({ code: 'mark/none' });
  });

  it('is for archivists, on what lies in the dossier', async () => {
    const clerk = await a.addAccount({ role: 'unit_clerk', unitId: a.rootUnitId });
    await expect(mark('altered', clerk)).rejects.toMatchObject({ code: 'desk/not-allowed' });
    const foreign = { materialId: dossierId, fact: 'birthDate', mark: 'altered', reason: '' } as const;
    await expect(markAssertion(a.archive, await deskOf(first), dossierId, foreign)).rejects.toMatchObject({ code: 'material/not-found' });
  });
});

describe('the audit form before an appointment', () => {
  it('is a workbook too, with the career that the materials give, which the key facts show as well', async () => {
    const desk = await deskOf(first);
    const { version } = await openDossierDesk(a.archive, desk, dossierId);
    await operateDossier(a.archive, desk, dossierId, {
      baseVersion: version,
      operations: [
        {
          type: 'addRecord',
          edit: {
            ...{ classCode: '4-1', title: '毕业生登记表', date: '1995-07' },
            fields: [
              { code: 'school', value: '华北水利学院' },
              { code: 'enrolDate', value: '1991-09' },
              { code: 'graduationDate', value: '1995-07' },
            ],
          },
        },
      ],
    });
    const { career } = await readKeyFacts(a.archive, desk, dossierId);
    expect(career).toMatchObject([{ kind: 'study', from: '1991-09', to: '1995-07', place: '华北水利学院' }]);
    const { bytes, fileName } = await makeAuditForm(a.archive, desk, dossierId, 'zh', 'xlsx');
    expect(fileName).toMatch(/-audit\.xlsx$/);
    const sheets = await readTables(bytes, { rows: 100 });
    if (!Array.isArray(sheets)) throw new Error('the workbook could not be read');
    expect(sheets.map((sheet) => sheet.name)).toEqual(['基本情况', '三龄两历一身份', '学习、工作经历', '审核意见']);
    const text = JSON.stringify(sheets);
    for (const part of ['贺远山', '1976-09', '招工登记表', '华北水利学院', '毕业生登记表']) expect(text).toContain(part);
    const clerk = await a.addAccount({ role: 'unit_clerk', unitId: a.rootUnitId });
    await expect(makeAuditForm(a.archive, await deskOf(clerk), dossierId, 'zh', 'xlsx')).rejects.toMatchObject({
      code: 'desk/not-allowed',
    });
  });

  it('is a PDF filled from the facts and the determination, its entry commits to it; not for a clerk', async () => {
    await confirm(second, await propose(first));
    const { bytes, fileName } = await makeAuditForm(a.archive, await deskOf(first), dossierId, 'zh');
    expect(fileName).toMatch(/^[A-Za-z0-9_-]+-audit\.pdf$/);
    const library = await PDFiumLibrary.init();
    const document = await library.loadDocument(bytes);
    const text = [...document.pages()]
      .map((page) => page.getText())
      .join('\n')
      .replace(/\s/g, '');
    document.destroy();
    library.destroy();
    for (const part of ['任前审核登记表', '贺远山', '1976-09', '1978-09', '招工登记表', '已认定', '组审〔2026〕12号'])
      expect(text).toContain(part);
    const sql = a.archive.db.system('test');
    const entry = await sql.one<{ salt: Buffer | null }>(`select salt from entry where kind = 'key-facts.form-made' and dossier_id = $1`, [
      dossierId,
    ]);
    expect(entry?.salt).not.toBeNull();
    const clerk = await a.addAccount({ role: 'unit_clerk', unitId: a.rootUnitId });
    await expect(makeAuditForm(a.archive, await deskOf(clerk), dossierId, 'zh')).rejects.toMatchObject({ code: 'desk/not-allowed' });
  });
});
