import { readFileSync } from 'node:fs';
import { formatPartialDate, idNumberCheck } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexTitles, loadScheme } from '../index.ts';
import {
  findManifestField,
  ImageFolders,
  isRefused,
  ManifestCheck,
  type ManifestDossier,
  type ManifestFinding,
  ManifestSheet,
  type MergedCells,
  matchImages,
  readManifestDate,
  type SheetCell,
} from './index.ts';

const scheme = loadScheme(readFileSync(new URL('../../../../schemes/cadre-2018.yaml', import.meta.url), 'utf8'));
const cadre = { scheme, titles: indexTitles(scheme) };

const HEAD = ['档号', '姓名', '公民身份号码', '类号', '类内序号', '材料名称', '形成时间', '份数', '页数', '备注'];
const ID = '11010519491231002X';
type Cells = readonly (string | Omit<SheetCell, 'column'> | null)[];

function check(rows: readonly Cells[], { head = HEAD as Cells, merged = [] as MergedCells[], above = [] as Cells[] } = {}) {
  const sheet = new ManifestSheet(merged);
  const manifest = new ManifestCheck(cadre);
  const dossiers: ManifestDossier[] = [];
  for (const [at, cells] of [...above, head, ...rows].entries()) {
    const row = sheet.take({
      row: at + 1,
      cells: cells.flatMap((c, i) => (c === null || c === '' ? [] : [{ column: i + 1, ...(typeof c === 'string' ? { text: c } : c) }])),
    });
    const done = row && manifest.take(row);
    if (done) dossiers.push(done);
  }
  const last = manifest.end();
  if (last) dossiers.push(last);
  const late = [...manifest.late.values()].flat();
  const homeless = manifest.homeless.flatMap((h) => h.findings);
  const findings: ManifestFinding[] = [...dossiers.flatMap((d) => d.findings), ...late, ...homeless];
  return { dossiers, findings, codes: findings.map((f) => `${f.code.slice(9)}@${f.row}`) };
}

const row = (change: Partial<Record<string, Cells[number]>> = {}): Cells =>
  HEAD.map((h) => {
    const usual: Record<string, string> = {
      档号: 'P1101',
      姓名: '公冶长',
      公民身份号码: ID,
      类号: '一',
      类内序号: '1',
      材料名称: '干部履历表',
      形成时间: '19850701',
      份数: '1',
      页数: '2',
    };
    return h in change ? (change[h] ?? null) : (usual[h] ?? null);
  });

describe('the headings of a list', () => {
  it('are known in both languages, by the codes of older systems, and beside one another', () => {
    expect(['E01Z101', 'E01Z111 材料名称', 'Title', '形成时间（年月日）', '页 数*', 'A0184', 'E01ZB03'].map(findManifestField)).toEqual([
      'classCode',
      'title',
      'title',
      'date',
      'pages',
      'idNumber',
      'image',
    ]);
    expect(findManifestField('领导批示')).toBeNull();
  });

  it('may stand below a title and over two rows, and are asked for when there are none', () => {
    const head = ['档号', '姓名', '类号', '材料名称', '材料形成时间', null, null, '页数'];
    const second = [null, null, null, null, '年', '月', '日'];
    const { dossiers } = check([second, ['P1', '公冶长', '四-1', '学籍卡', '1983', '7', null, '1']], {
      head,
      above: [['干部人事档案目录']],
    });
    expect(dossiers[0]).toMatchObject({ code: 'P1', firstRow: 4, lines: [{ classCode: '4-1', date: { year: 1983, month: 7 }, pages: 1 }] });
    expect(() => new ManifestSheet([]).end()).toThrow(expect.objectContaining({ code: 'manifest/heading-missing' }));
    expect(() => check([], { head: [...HEAD, '题名'] })).toThrow(expect.objectContaining({ code: 'manifest/column-twice' }));
  });

  it('of older systems give the same dossier as our own', () => {
    const head = ['A0100', 'A0101', 'A0184', 'E01Z101A', 'E01Z101B', 'E01Z104', 'E01Z111A', 'E01Z117', 'E01Z114', 'E01Z121', 'E01Z124'];
    const { dossiers, findings } = check([['P1101', '公冶长', ID, '四', '41', '1', '学籍卡', '19830700', '2', '复印件', '1']], { head });
    expect(findings).toEqual([]);
    expect(dossiers[0]).toMatchObject({
      code: 'P1101',
      subject: { name: '公冶长', idNumber: ID, birthYear: 1949, sex: 'female' },
      lines: [{ classCode: '4-1', title: '学籍卡', date: { year: 1983, month: 7 }, remarks: '复印件' }],
    });
  });
});

describe('dates of a list', () => {
  it('are read as they are written, never completed and never bent', () => {
    const read = (text: string) => {
      const date = readManifestDate(text);
      return typeof date === 'string' ? date : formatPartialDate(date);
    };
    expect(
      ['19850701', '198507', '1985', '19850700', '19850000', '1985.7.1', '1985-07', '1985/7', '1985年7月1日', '一九八五年七月'].map(read),
    ).toEqual(['1985-07-01', '1985-07', '1985', '1985-07', '1985', '1985-07-01', '1985-07', '1985-07', '1985-07-01', '1985-07']);
    expect(['1982-02-30', '19820230', '1985.13', '不详', '', '83.7', '七月', '1985-00-05'].map(read)).toEqual([
      'impossible',
      'impossible',
      'impossible',
      'none',
      'none',
      'unreadable',
      'unreadable',
      'unreadable',
    ]);
  });

  it('written in any of the usual forms come back', () => {
    const day = fc.record({
      year: fc.integer({ min: 1900, max: 2030 }),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 28 }),
    });
    fc.assert(
      fc.property(day, ({ year, month, day: d }) => {
        for (const text of [
          `${year}.${month}.${d}`,
          `${year}年${month}月${d}日`,
          formatPartialDate({ year, month, day: d }).replaceAll('-', ''),
        ])
          expect(readManifestDate(text)).toEqual({ year, month, day: d });
      }),
    );
  });
});

describe('bad input', () => {
  it('is a dossier without a finding when nothing is wrong', () => {
    const { dossiers, findings } = check([
      row(),
      row({ 类内序号: '2', 形成时间: '1990' }),
      row({ 档号: 'P1102', 姓名: '南宫适', 公民身份号码: null }),
    ]);
    expect(findings).toEqual([]);
    expect(dossiers.map((d) => [d.code, d.lines.length])).toEqual([
      ['P1101', 2],
      ['P1102', 1],
    ]);
  });

  it.each<[what: string, change: Parameters<typeof row>[0], code: string, refused: boolean]>([
    ['a day that is in no calendar', { 形成时间: '1982-02-30' }, 'date-impossible', true],
    ['a date that cannot be read', { 形成时间: '83.7' }, 'date-unreadable', true],
    ['a number that lost its nought', { 形成时间: { text: '1985.1', kind: 'fraction' } }, 'cell-fraction', true],
    ['an ID number of which digits are lost', { 公民身份号码: { text: '1.10105194912310E+17', kind: 'rounded' } }, 'cell-rounded', true],
    ['a wrong check digit', { 公民身份号码: '110105194912310021' }, 'id-number-check', false],
    ['an ID number too short', { 公民身份号码: '1101051949' }, 'id-number-malformed', true],
    ['a formula', { 页数: { text: '2', formula: true } }, 'cell-formula', false],
    ['a formula without a value', { 页数: { text: '', formula: true } }, 'formula-empty', true],
    ['an error value', { 材料名称: { text: '#REF!', kind: 'error' } }, 'cell-error', true],
    ['a class that the scheme has not', { 类号: '十二' }, 'class-unknown', true],
    ['a class that holds no materials', { 类号: '四' }, 'class-holds-none', true],
    ['no class but a known title', { 类号: null }, 'class-of-title', false],
    ['no class and an unknown title', { 类号: null, 材料名称: '说明' }, 'class-missing', true],
    ['a title of another class', { 材料名称: '自传' }, 'title-of-other-class', false],
    ['no title', { 材料名称: null }, 'title-missing', true],
    ['pages that are no number', { 页数: '二页半' }, 'pages-wrong', true],
    ['no copies', { 份数: '0' }, 'copies-wrong', true],
    ['no name', { 姓名: null }, 'name-missing', true],
    ['no dossier', { 档号: null }, 'code-missing', true],
    ['a dossier code that is none', { 档号: '《》' }, 'code-malformed', true],
    ['no date', { 形成时间: '不详' }, 'date-missing', false],
  ])('%s is told with its row', (_what, change, code, refused) => {
    const { dossiers, findings, codes } = check([row(change)]);
    expect(codes).toContain(`${code}@2`);
    expect(isRefused(findings)).toBe(refused);
    if (!refused) expect(dossiers[0]!.lines).toHaveLength(1);
  });

  it('keeps a wrong check digit and a name of thirty characters as they stand', () => {
    const name = `阿卜杜${'·艾力'.repeat(9)}`;
    expect([...name]).toHaveLength(30);
    const { dossiers } = check([row({ 姓名: name, 公民身份号码: '110105194912310021' })]);
    expect(dossiers[0]!.subject).toMatchObject({ name, idNumber: '110105194912310021', idNumberFits: false, birthYear: null, sex: null });
  });

  it('tells two people of one name of both, and one number in two dossiers as an error of both', () => {
    const other = `110105194912310${'03'}`;
    const second = { 档号: 'P1102', 公民身份号码: other + idNumberCheck(other) };
    const names = check([row(), row(second)]);
    expect(names.codes).toEqual(['same-name@3', 'same-name@2']);
    expect(isRefused(names.findings)).toBe(false);
    const numbers = check([row(), row({ 档号: 'P1102', 姓名: '南宫适' })]);
    expect(numbers.codes).toEqual(['id-number-twice@3', 'id-number-twice@2']);
    expect(isRefused(numbers.findings)).toBe(true);
    // The duplicate set of the same person is no second person.
    const head = [...HEAD, '正副本'];
    expect(
      check(
        [
          [...row(), '正本'],
          [...row({ 档号: 'P1101F' }), '副本'],
        ],
        { head },
      ).findings,
    ).toEqual([]);
  });

  it('refuses a dossier whose rows lie apart, contradict one another or give a number twice', () => {
    expect(check([row(), row({ 档号: 'P9', 姓名: '甲', 公民身份号码: null }), row({ 材料名称: '简历表' })]).codes).toEqual([
      'dossier-scattered@4',
      'dossier-scattered@2',
    ]);
    expect(check([row(), row({ 姓名: '南宫适', 类内序号: '2' })]).codes).toContain('subject-differs@3');
    expect(check([row(), row({ 形成时间: '1986' })]).codes).toContain('number-twice@3');
    expect(check([row(), row({ 类内序号: '3', 形成时间: '1980' })]).codes).toEqual(['number-gap@2', 'date-order@3']);
  });

  it('fills cells merged downwards with a word, and refuses other merging', () => {
    const down = [1, 2, 3].map((column) => ({ fromRow: 2, toRow: 3, fromColumn: column, toColumn: column }));
    const filled = check([row(), row({ 档号: null, 姓名: null, 公民身份号码: null, 类内序号: '2', 形成时间: '1986' })], { merged: down });
    expect(filled.dossiers).toMatchObject([{ code: 'P1101', lines: [{ row: 2 }, { row: 3 }] }]);
    expect([...new Set(filled.codes)]).toEqual(['cells-merged-down@2']);
    const across = check([row()], { merged: [{ fromRow: 2, toRow: 2, fromColumn: 6, toColumn: 7 }] });
    expect(across.codes).toContain('cells-merged@2');
    expect(isRefused(across.findings)).toBe(true);
  });
});

describe('images beside a list', () => {
  const list = [row(), row({ 类号: '四-1', 材料名称: '学籍卡', 页数: '1' })];
  const match = (paths: string[], rows: readonly Cells[] = list, head: Cells = HEAD) => {
    const { dossiers } = check(rows, { head });
    const folders = new ImageFolders(paths);
    const found = matchImages(cadre, folders, dossiers[0]!, true);
    return { ...found, codes: found.findings.map((f) => `${f.code.slice(9)}@${f.row}`), unused: folders.unused() };
  };

  it('are found by folders of the dossier, its class and number', () => {
    const paths = [
      'scans/P1101 公冶长/1/1/001.jpg',
      'scans/P1101 公冶长/1/1/002.jpg',
      'scans/P1101 公冶长/4-1/01-学籍卡/001.jpg',
      'scans/P9/1/1/001.jpg',
    ];
    expect(match(paths)).toMatchObject({ byLine: [paths.slice(0, 2), [paths[2]]], loose: [], codes: [], unused: [paths[3]] });
  });

  it('are found by archival codes in their names, and by the names that the list gives', () => {
    const coded = ['P1101-1-001-01.jpg', 'P1101-1-001-02.jpg', 'P1101-4-1-001-01.jpg'];
    expect(match(coded)).toMatchObject({ byLine: [coded.slice(0, 2), [coded[2]]], codes: [] });
    const head = [...HEAD, 'E01ZB03'];
    const rows = [
      [...row(), 'a1.jpg'],
      [...row(), 'a2'],
      [...row({ 类号: '四-1', 材料名称: '学籍卡', 页数: '1' }), 'b1.jpg'],
    ];
    const named = ['P1101/a1.jpg', 'P1101/a2.jpg', 'P1101/b1.jpg', 'P1101/c.jpg'];
    expect(match(named, rows, head)).toMatchObject({
      byLine: [['P1101/a1.jpg', 'P1101/a2.jpg'], ['P1101/b1.jpg']],
      loose: ['P1101/c.jpg'],
      codes: ['images-unmatched@2'],
    });
  });

  it('that disagree with the list are errors; a surplus is a warning', () => {
    expect(match(['P1101/1/1/001.jpg', 'P1101/4-1/1/001.jpg']).codes).toEqual(['images-fewer@2']);
    expect(match(['P1101/1/1/001.jpg', 'P1101/1/1/002.jpg', 'P1101/1/1/003.jpg', 'P1101/4-1/1/001.jpg']).codes).toEqual(['images-more@2']);
    expect(match(['P1101/1/1/001.jpg', 'P1101/1/1/002.jpg']).codes).toEqual(['images-none-of-material@3']);
    expect(match(['P1101/1/01-自传/001.jpg', 'P1101/1/01-自传/002.jpg', 'P1101/4-1/1/001.jpg']).codes).not.toEqual([]);
    expect(match(['P1102/1/1/001.jpg']).codes).toEqual(['images-none@2']);
    // Of a PDF only opening it tells the pages.
    expect(match(['P1101/1/1/all.pdf', 'P1101/4-1/1/001.jpg']).codes).toEqual([]);
  });

  it('in a folder of a name that two people bear belong to nobody', () => {
    const { dossiers } = check([row()]);
    const folders = new ImageFolders(['公冶长/1/1/001.jpg']);
    expect(matchImages(cadre, folders, dossiers[0]!, false).findings).toMatchObject([
      { code: 'manifest/images-ambiguous', severity: 'error' },
    ]);
    expect(matchImages(cadre, folders, dossiers[0]!, true).isByName).toBe(true);
  });
});
