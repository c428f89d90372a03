import type { Desk as DeskView } from '@lantai/contract';
import { streamTable } from '@lantai/documents';
import { writeTableXlsx } from '@lantai/documents/sheets';
import { idNumberCheck } from '@lantai/values';
import { beforeAll, describe, expect, it } from 'vitest';
import { findDossierByCode, openDossierDesk, operateDossier } from '../catalogue/index.ts';
import { searchArchive } from '../search/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import { applyManifest, checkManifest, collectLeftOut, errorSheetOf } from './index.ts';

const a = useArchive();
let seed = 0;
const COLUMNS = ['档号', '姓名', '公民身份号码', '类号', '序号', '材料名称', '形成时间', '份数', '页数', '备注'];
let options = { scheme: 'cadre-2018', unitId: '', dossierCode: null };
beforeAll(() => {
  options = { ...options, unitId: a.rootUnitId };
});

const number = (n: number) => {
  const first = `110105198003${String(10 + (n % 20)).padStart(2, '0')}${String(n).padStart(3, '0')}`;
  return first + idNumberCheck(first);
};
const sheet = (rows: readonly (readonly string[])[]) =>
  writeTableXlsx([{ name: '目录', columns: COLUMNS.map((heading) => ({ heading, width: 12 })), rows }]);
const rowsOf = (code: string, name: string, idNumber: string) => [
  [code, name, idNumber, '一', '1', '干部履历表', '19850701', '1', '2', ''],
  [code, name, idNumber, '四-1', '1', '学籍卡', '198307', '1', '1', '复印件'],
];
const imagesOf = (code: string) => [`${code}/1/1/001.png`, `${code}/1/1/002.png`, `${code}/4-1/1/001.png`];
function filesOf(paths: readonly string[]) {
  const files = new Map(paths.map((path) => [path, { path, bytes: makeSmallPng(7_000_000 + ++seed) }]));
  return (path: string) => {
    const { bytes } = files.get(path)!;
    return { path, byteCount: bytes.length, read: async () => bytes };
  };
}
const laid = (view: DeskView) => {
  const names = new Map(view.pages.map((p) => [p.id, p.fileName]));
  return view.materials.map((m) => [m.classCode, m.title, m.date, m.state, m.code, m.pageIds.map((id) => names.get(id))]);
};
async function look(code: string) {
  const desk = await a.desk();
  const head = await findDossierByCode(a.archive, desk, code);
  return openDossierDesk(a.archive, desk, head!.dossierId);
}

describe('a list of materials', () => {
  it('is checked without changing anything, then filed with its images, each dossier whole, and does nothing the second time', async () => {
    const bytes = await sheet([...rowsOf('P2101', '公冶长', number(1)), ...rowsOf('P2102', '南宫适', number(2))]);
    const paths = ['P2101', 'P2102'].flatMap(imagesOf);
    const source = { bytes, paths: [...paths, 'P9999/1/1/001.png'] };
    const desk = await a.desk();
    const report = await checkManifest(a.archive, desk, source, options);
    expect(report).toMatchObject({ rows: 4, counts: {}, unusedImages: ['P9999/1/1/001.png'] });
    expect(report.dossiers.map((d) => [d.code, d.act, d.made, d.images])).toEqual([
      ['P2101', 'make', 2, 3],
      ['P2102', 'make', 2, 3],
    ]);
    expect(await findDossierByCode(a.archive, desk, 'P2101')).toBeNull();

    const file = filesOf(source.paths);
    const { applied } = await applyManifest(a.archive, desk, source, { ...options, digest: report.digest, file });
    expect(applied.map((d) => [d.outcome, d.made, d.pages, d.findings])).toEqual([
      ['filed', 2, 3, []],
      ['filed', 2, 3, []],
    ]);
    expect(laid(await look('P2101'))).toEqual([
      ['1', '干部履历表', '1985-07-01', 'confirmed', 'P2101-1-001', imagesOf('P2101').slice(0, 2)],
      ['4-1', '学籍卡', '1983-07', 'confirmed', 'P2101-4-1-001', imagesOf('P2101').slice(2)],
    ]);
    expect((await searchArchive(desk, { query: '公冶长 学籍卡' })).hits.map((h) => h.kind)).toEqual(['material']);
    const again = await checkManifest(a.archive, desk, source, options);
    expect(again.dossiers.map((d) => [d.act, d.same])).toEqual([
      ['nothing', 2],
      ['nothing', 2],
    ]);
    await expect(applyManifest(a.archive, desk, source, { ...options, digest: report.digest, file })).rejects.toMatchObject({
      code: 'manifest/plan-changed',
    });
  });

  it('changes what it says otherwise, and a person can take that back', async () => {
    const desk = await a.desk();
    const rows = rowsOf('P2110', '漆雕开', number(3));
    await applyManifest(a.archive, desk, { bytes: await sheet(rows), paths: null }, { ...options, digest: null, file: filesOf([]) });
    const changed = rows.map((r, at) => (at ? r.with(5, '中学生学籍卡') : r));
    const source = { bytes: await sheet([...changed, ['P2110', '漆雕开', '', '十', '1', '派遣证', '', '', '1', '']]), paths: null };
    expect((await checkManifest(a.archive, desk, source, options)).dossiers).toMatchObject([
      { act: 'change', made: 1, changed: 1, same: 1 },
    ]);
    const { applied } = await applyManifest(a.archive, desk, source, { ...options, digest: null, file: filesOf([]) });
    expect(applied).toMatchObject([{ outcome: 'filed', made: 1, changed: 1 }]);
    const view = await look('P2110');
    expect(view.materials.map((m) => m.title)).toEqual(['干部履历表', '中学生学籍卡', '派遣证']);
    const undone = await operateDossier(a.archive, desk, view.dossierId, {
      baseVersion: view.version,
      operations: [{ type: 'undo', operationId: view.undo!.operationId }],
    });
    expect(undone.materials.map((m) => m.title)).toEqual(['干部履历表', '学籍卡']);
  });

  it('leaves a dossier with an error out whole, and gives its rows back with the reasons, to be corrected and handed in', async () => {
    const desk = await a.desk();
    const bad = rowsOf('P2121', '司马耕', number(5)).map((r, at) => (at ? r.with(6, '1982-02-30') : r));
    const bytes = await sheet([...rowsOf('P2120', '公西赤', number(4)), ...bad, ['', '无号', '', '一', '1', '自传', '1990', '1', '1', '']]);
    const { applied } = await applyManifest(a.archive, desk, { bytes, paths: null }, { ...options, digest: null, file: filesOf([]) });
    expect(applied.map((d) => d.outcome)).toEqual(['filed', 'refused']);
    expect(await findDossierByCode(a.archive, desk, 'P2121')).toBeNull();

    const parts: Uint8Array[] = [];
    for await (const part of errorSheetOf(await collectLeftOut(a.archive, desk, { bytes, paths: null }, options))) parts.push(part);
    const errors = new Uint8Array(Buffer.concat(parts));
    const told: string[][] = [];
    for await (const stretch of streamTable(errors, { rows: 100 }))
      if (stretch.kind === 'rows') told.push(...stretch.rows.map((r) => r.cells.map((c) => c.text)));
    expect(told[0]).toEqual([...COLUMNS, '原行号 Row', '问题', 'What is wrong']);
    expect(told.slice(1).map((cells) => cells[0])).toEqual(['P2121', 'P2121', '无号']);
    expect(told[2]!.slice(-3)).toEqual(['5', expect.stringContaining('历法'), expect.stringContaining('No calendar')]);
    // Handed in as it is, with one cell changed in the grid: row 3, column 7 of the error sheet.
    const edits = new Map([
      [3, new Map([[7, '1982-02']])],
      [4, new Map([[1, 'P2122']])],
    ]);
    const mended = await applyManifest(
      a.archive,
      desk,
      { bytes: errors, paths: null, edits },
      { ...options, digest: null, file: filesOf([]) },
    );
    expect(mended.applied.map((d) => [d.code, d.outcome])).toEqual([
      ['P2121', 'filed'],
      ['P2122', 'filed'],
    ]);
  });

  it('goes on where it was stopped, without receiving or filing anything twice', async () => {
    const desk = await a.desk();
    const codes = ['P2131', 'P2132', 'P2133'];
    const bytes = await sheet(codes.flatMap((code, at) => rowsOf(code, `颜${at}`, number(10 + at))));
    const source = { bytes, paths: codes.flatMap(imagesOf) };
    const file = filesOf(source.paths);
    const stop = new AbortController();
    const broken = (path: string) => ({
      ...file(path),
      read: async () => {
        if (path.startsWith('P2132')) stop.abort();
        return file(path).read();
      },
    });
    await expect(
      applyManifest(a.archive, desk, source, { ...options, digest: null, file: broken, signal: stop.signal }),
    ).rejects.toMatchObject({
      code: 'import/stopped',
    });
    const { report, applied } = await applyManifest(a.archive, desk, source, { ...options, digest: null, file });
    expect(report.dossiers[0]).toMatchObject({ act: 'nothing' });
    expect(applied.map((d) => d.findings)).toEqual([[], [], []]);
    for (const code of codes)
      expect(laid(await look(code)).map((m) => [m[3], (m[5] as string[]).length])).toEqual([
        ['confirmed', 2],
        ['confirmed', 1],
      ]);
  });

  it('never writes over another person, a dossier arranged otherwise, or one that may not be seen', async () => {
    const desk = await a.desk();
    const arranged = await a.addDossier({ code: 'P2141', name: '曾皙' });
    await a.importPages(arranged, ['1/1-自传/1.png']);
    await a.addDossier({ code: 'P2142', name: '宓不齐' });
    const unitId = await a.addUnit('B21');
    const clerk = await a.desk(await a.addAccount({ role: 'archivist', unitId }));
    const rows = [...rowsOf('P2141', '曾皙', number(20)), ...rowsOf('P2142', '原宪', number(21))];
    const codesOf = async (as: typeof desk, unit: string) =>
      (await checkManifest(a.archive, as, { bytes: await sheet(rows), paths: null }, { ...options, unitId: unit })).findings.map(
        (f) => f.code,
      );
    expect(await codesOf(desk, a.rootUnitId)).toEqual(['manifest/dossier-arranged', 'manifest/held-name']);
    expect(await codesOf(clerk, unitId)).toEqual(['manifest/code-taken', 'manifest/code-taken']);
    await expect(codesOf(clerk, a.rootUnitId)).rejects.toMatchObject({ code: 'unit/not-found' });
    const auditor = await a.desk(await a.addAccount({ role: 'audit_admin' }));
    await expect(codesOf(auditor, a.rootUnitId)).rejects.toMatchObject({ code: 'desk/not-allowed' });
  });

  it('keeps a wrong check digit as it stands, flags it on the dossier, and finds the person by it', async () => {
    const desk = await a.desk();
    const right = number(30);
    const wrong = right.slice(0, 17) + (right[17] === '1' ? '2' : '1');
    const bytes = await sheet(rowsOf('P2150', `阿卜杜${'·艾力'.repeat(9)}`, wrong));
    await applyManifest(a.archive, desk, { bytes, paths: null }, { ...options, digest: null, file: filesOf([]) });
    const head = await findDossierByCode(a.archive, desk, 'P2150');
    expect(head!.subject).toMatchObject({ name: `阿卜杜${'·艾力'.repeat(9)}`, birthYear: null, sex: null });
    const rows = await a.archive.db
      .system('test')
      .query<{ code: string }>('select code from finding where dossier_id = $1', [head!.dossierId]);
    expect(rows.map((r) => r.code)).toEqual(['manifest/id-number-check']);
    expect((await searchArchive(desk, { query: wrong })).hits.map((h) => h.dossierId)).toContain(head!.dossierId);
  });
});
