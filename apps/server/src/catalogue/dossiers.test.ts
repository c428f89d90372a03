import ExcelJS from 'exceljs';
import { describe, expect, it } from 'vitest';
import { useArchive } from '../testing/archive-fixture.ts';
import { makeCatalogueSheet } from './catalogue-sheet.ts';
import { createDossier, createNumberedDossier } from './create-dossier.ts';
import { readDossierDetail } from './dossier-detail.ts';
import { findDossierByCode } from './find-dossier.ts';
import { operateDossier } from './operate.ts';
import { openDossierDesk } from './read-desk.ts';
import { getScheme, readSchemes, schemeView } from './schemes.ts';

/** A thread that loads a workbook library and a font takes its time on a busy machine. */
const SLOW_MS = 180_000;

const a = useArchive();
const person = { kind: 'person', name: '李四' } as const;
const codeOf = async (dossierId: string) =>
  (await a.archive.db.system('test').one<{ code: string }>('select code from dossier where id = $1', [dossierId]))?.code;
const open = async (code: string, scheme = 'cadre-2018') =>
  createDossier(a.archive, await a.desk(), { code, unitId: a.rootUnitId, scheme, subject: person });

describe('codes of dossiers', () => {
  it('of the scheme are kept as the standard writes them, however they were typed, and free ones as they are', async () => {
    const typed = [
      ['z999-RS•gb-000123', 'Z999-RS·GB-000123'],
      ['Z999-rs-042', 'Z999-RS-042'],
      ['P1100', 'P1100'],
      ['卷宗_七.a', '卷宗_七.a'],
    ] as const;
    for (const [code, kept] of typed) {
      const { dossierId } = await open(code);
      expect(await codeOf(dossierId)).toBe(kept);
      expect((await findDossierByCode(a.archive, await a.desk(), code))?.dossierId).toBe(dossierId);
    }
    await expect(open('Z999-RS·GB-000123')).rejects.toMatchObject({ code: 'dossier/code-taken' });
    await expect(open('a b')).rejects.toMatchObject({ code: 'dossier/code-malformed' });
    await expect(open('P1', 'nothing')).rejects.toMatchObject({ code: 'scheme/not-found' });
  });

  it('are given one after the other when many are asked for at once, each once', async () => {
    const desk = await a.desk();
    const made = await Promise.all(
      Array.from({ length: 8 }, () =>
        createNumberedDossier(a.archive, desk, { unitId: a.rootUnitId, scheme: 'cadre-2018', subject: person }),
      ),
    );
    const codes = await Promise.all(made.map((m) => codeOf(m.dossierId)));
    expect(new Set(codes).size).toBe(8);
    for (const code of codes) expect(code).toMatch(/^Z999-RS-\d{3}$/);
  });
});

describe('schemes', () => {
  it('are those that came with the program, with every title and class', async () => {
    const ids = (await readSchemes(a.archive.db, a.archive)).map((s) => s.id);
    expect(ids).toEqual(expect.arrayContaining(['cadre-2018', 'employee-lifecycle']));
    const view = schemeView(await getScheme(a.archive.db, a.archive, 'cadre-2018'));
    expect(view.classes.filter((c) => c.parent === '4').map((c) => c.code)).toEqual(['4-1', '4-2', '4-3', '4-4']);
    expect(view.classes.find((c) => c.code === '4')?.holdsMaterials).toBe(false);
    expect(view.classes.some((c) => c.titles.some((t) => t.key))).toBe(true);
  });

  it('of social insurance number by item under the scheme by item, and by category under the one by volume', async () => {
    const desk = await a.desk();
    const codeBy = async (scheme: string, classCode: string) => {
      const dossierId = await a.addDossier({ name: '某单位业务', scheme });
      await a.importPages(dossierId, ['1.png']);
      const { version, pages } = await openDossierDesk(a.archive, desk, dossierId);
      const edit = { classCode, title: '工伤认定决定书', date: '2024-05-06' };
      const made = await operateDossier(a.archive, desk, dossierId, {
        baseVersion: version,
        operations: [{ type: 'assemble', pageIds: [pages[0]!.id], edit }],
      });
      const confirmed = await operateDossier(a.archive, desk, dossierId, {
        baseVersion: made.version,
        operations: [{ type: 'confirm', materialId: made.materials[0]!.id }],
      });
      return confirmed.materials[0]!.code!;
    };
    expect(await codeBy('social-insurance-item', '6-2')).toMatch(/-6-2-00001$/);
    expect(await codeBy('social-insurance', '6')).toMatch(/-6-0001$/);
    // A category holds no item itself.
    await expect(codeBy('social-insurance-item', '6')).rejects.toMatchObject({ fault: 'caller' });
  });
});

describe('the sheet and the details of a dossier', () => {
  it('names what is missing, and an archive-defined field that is not well formed is refused', async () => {
    const desk = await a.desk();
    const dossierId = await a.addDossier();
    await a.archive.db
      .system('test')
      .query(
        `insert into field_definition (id, fonds_id, place, code, kind, definition) values ($1, $2, 'dossier', 'transferYear', 'number', $3), ($4, $2, 'dossier', 'origin', 'choice', $5)`,
        [
          a.archive.clock.newId(),
          a.fondsId,
          { name: { zh: '转入年', en: 'Year of transfer' }, choices: [] },
          a.archive.clock.newId(),
          { name: { zh: '来源', en: 'Origin' }, choices: ['高校', '企业'] },
        ],
      );
    const edit = (fields: Record<string, string>, baseVersion: number) =>
      operateDossier(a.archive, desk, dossierId, { baseVersion, operations: [{ type: 'editDossier', fields }] });
    await expect(edit({ transferYear: '去年' }, 1)).rejects.toMatchObject({ code: 'field/number' });
    await expect(edit({ origin: '别处' }, 1)).rejects.toMatchObject({ code: 'field/choice' });
    await edit({ transferYear: '2019', origin: '高校' }, 1);
    await edit({ transferYear: '' }, 2);
    const detail = await desk.act('dossier.read', (tx, scope) => readDossierDetail(tx, a.archive, scope, { id: dossierId }));
    expect(detail).toMatchObject({ fields: { origin: '高校' }, hiddenMaterials: 0 });
    expect(detail.findings.map((f) => f.code)).toContain('completeness/key-missing');
  });

  it(
    'writes a sheet as a workbook and as PDF, each an entry that vouches for its bytes',
    async () => {
      const desk = await a.desk();
      const dossierId = await a.addDossier({ name: '王小五' });
      await a.importPages(dossierId, ['1.png', '2.png']);
      const { pages } = await openDossierDesk(a.archive, desk, dossierId);
      await operateDossier(a.archive, desk, dossierId, {
        baseVersion: 1,
        operations: [{ type: 'assemble', pageIds: pages.map((p) => p.id), edit: { classCode: '1', title: '干部履历表', date: '1987-05' } }],
      });
      const xlsx = await makeCatalogueSheet(a.archive, desk, dossierId, 'xlsx', 'zh');
      const book = new ExcelJS.Workbook();
      await book.xlsx.load(Buffer.from(xlsx.bytes) as unknown as ArrayBuffer);
      const cells: string[] = [];
      book.eachSheet((sheet) => sheet.eachRow((row) => row.eachCell((cell) => cells.push(cell.text))));
      expect(cells).toEqual(expect.arrayContaining(['干部履历表', '1987']));
      expect(cells.join(' ')).toContain('王小五');
      const pdf = await makeCatalogueSheet(a.archive, desk, dossierId, 'pdf', 'en');
      expect(Buffer.from(pdf.bytes.subarray(0, 5)).toString('latin1')).toBe('%PDF-');
      const entries = await a.archive.db
        .system('test')
        .query<{ salt: Uint8Array | null }>(`select salt from entry where dossier_id = $1 and kind = 'catalogue.exported'`, [dossierId]);
      expect(entries.map((e) => e.salt?.length)).toEqual([32, 32]);
    },
    SLOW_MS,
  );

  it('gives no sheet to a clerk, who may not take the catalogue away', async () => {
    const dossierId = await a.addDossier();
    const clerk = await a.addAccount({ role: 'unit_clerk', unitId: a.rootUnitId });
    await expect(makeCatalogueSheet(a.archive, await a.desk(clerk), dossierId, 'pdf', 'zh')).rejects.toMatchObject({
      code: 'desk/not-allowed',
    });
  });
});
