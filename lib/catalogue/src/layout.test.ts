import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findClass, findClassPrefix, indexTitles, loadScheme, readLayout } from './index.ts';
import { readMaterialName } from './material-name.ts';

const schemeText = (id: string) => readFileSync(new URL(`../../../schemes/${id}.yaml`, import.meta.url), 'utf8');
const cadre = loadScheme(schemeText('cadre-2018'));
const employee = loadScheme(schemeText('employee-lifecycle'));

const index = indexTitles(cadre);
const lay = (...paths: string[]) => readLayout(paths, cadre, index);
const shown = (...paths: string[]) => lay(...paths).materials.map((m) => `${m.classCode} ${m.number} ${m.title} ${m.paths.length}`);
const codesOf = (...paths: string[]) => lay(...paths).findings.map((f) => f.code);

describe('class names', () => {
  it('knows a class by code, printed numeral, older code, name and older name', () => {
    for (const [text, code] of [
      ['4-1', '4-1'],
      ['４－１', '4-1'],
      ['4.1', '4-1'],
      ['四-1', '4-1'],
      ['四（一）', '4-1'],
      ['41', '4-1'],
      ['第四类', '4'],
      ['学历学位类材料', '4-1'],
      ['学历学位', '4-1'],
      ['4-1 学历学位类', '4-1'],
      ['41_学历学位材料', '4-1'],
      ['01', '1'],
      ['一', '1'],
      ['十', '10'],
      ['99', '10'],
      ['10', '10'],
      ['履历材料', '1'],
      ['第一类 履历', '1'],
      ['91', '9-1'],
      ['九－２', '9-2'],
      ['党、团类材料', '6'],
      ['党团材料', '6'],
    ])
      expect(findClass(cadre, text!)?.code, text).toBe(code);
    expect(findClass(employee, 'off')?.code).toBe('OFF');
    expect(findClass(employee, '入职材料')?.code).toBe('ON');
  });
  it('takes no other text for a class', () => {
    for (const text of ['', '11', '0', '十一', '4-5', 'P1100', '001', 'ONLINE', '履', '档案'])
      expect(findClass(cadre, text), text).toBeNull();
    expect(findClass(employee, 'ONLINE')).toBeNull();
    expect(findClassPrefix(cadre, '1-干部履历表')).toMatchObject({ schemeClass: { code: '1' }, rest: '干部履历表' });
    expect(findClassPrefix(cadre, '19900101')).toBeNull();
  });
});

describe('material names', () => {
  it('reads numbers, titles and dates off a folder name', () => {
    for (const [name, number, words, date] of [
      ['003', 3, null, null],
      ['01-干部履历表', 1, '干部履历表', null],
      ['一、自传', 1, '自传', null],
      ['第3份', 3, null, null],
      ['三好学生登记表', null, '三好学生登记表', null],
      ['1985年党员登记表', null, '1985年党员登记表', null],
      ['02 工资变动审批表 1994-10', 2, '工资变动审批表', { year: 1994, month: 10 }],
      ['自传 19900307', null, '自传', { year: 1990, month: 3, day: 7 }],
      ['4 自传1990年3月', 4, '自传', { year: 1990, month: 3 }],
      ['2008年度考核登记表', null, '2008年度考核登记表', null],
      ['其他事项 19821399', null, '其他事项 19821399', null],
    ] as const)
      expect(readMaterialName(index, name), name).toMatchObject({ number, words, date });
  });
});

describe('folder layouts', () => {
  it('reads class, material and page, whatever names the class', () => {
    for (const folder of ['4-1', '四-1', '41', '学历学位类材料', '4-1 学历学位', '4/4-1', '4/1'])
      expect(
        shown(`P1/1/1/001.jpg`, `P1/${folder}/01-学籍卡/2.jpg`, `P1/${folder}/01-学籍卡/10.jpg`, `P1/${folder}/02/1.jpg`),
        folder,
      ).toEqual(['1 1 null 1', '4-1 1 学籍卡 2', '4-1 2 null 1']);
  });
  it('orders pages by number, Chinese numerals too, and materials by class and number', () => {
    const layout = lay('10/1/1.jpg', '3/10/1.jpg', '3/2/第十页.jpg', '3/2/第二页.jpg', '3/2/第一页.jpg', '一/1/1.jpg');
    expect(layout.materials.flatMap((m) => m.paths)).toEqual([
      '一/1/1.jpg',
      '3/2/第一页.jpg',
      '3/2/第二页.jpg',
      '3/2/第十页.jpg',
      '3/10/1.jpg',
      '10/1/1.jpg',
    ]);
    expect(layout.shape).toBe('class/material/page');
  });
  it('takes the class of a titled folder from the title', () => {
    expect(shown('某甲/干部履历表/1.jpg', '某甲/干部履历表/2.jpg', '某甲/2-自传/1.jpg', '某甲/4、2008年度考核登记表/1.jpg')).toEqual([
      '1 null 干部履历表 2',
      '2 null 自传 1',
      '3 4 2008年度考核登记表 1',
    ]);
  });
  it('reads plain scans as pages in order, of no material, and drops the folders above', () => {
    const layout = lay('scans/P1100/010.jpg', 'scans/P1100/002.jpg', 'scans/P1100/001.jpg');
    expect(layout).toMatchObject({ shape: 'page', materials: [], findings: [] });
    expect(layout.loose.map((l) => l.path)).toEqual(['scans/P1100/001.jpg', 'scans/P1100/002.jpg', 'scans/P1100/010.jpg']);
  });
  it('reads class folders with pages right inside as pages of the class, and says when numbers alone named them', () => {
    const layout = lay('1/001.jpg', '3/001.jpg', '3/002.jpg');
    expect(layout.shape).toBe('class/page');
    expect(layout.loose).toEqual([
      { path: '1/001.jpg', classCode: '1' },
      { path: '3/001.jpg', classCode: '3' },
      { path: '3/002.jpg', classCode: '3' },
    ]);
    expect(layout.findings.map((f) => f.code)).toEqual(['layout/ambiguous']);
    expect(codesOf('一/001.jpg', '3/001.jpg')).toEqual([]);
  });
  it('takes numbers for materials when they cannot all be classes', () => {
    expect(shown('1/1.jpg', '2/1.jpg', '11/1.jpg')).toEqual(['null 1 null 1', 'null 2 null 1', 'null 11 null 1']);
    expect(shown('1/1.jpg', '4/1.jpg')).toEqual(['null 1 null 1', 'null 4 null 1']);
    expect(readLayout(['ON/1/1.jpg', 'OFF/1/1.jpg'], employee).materials.map((m) => m.classCode)).toEqual(['ON', 'OFF']);
  });
  it('reads files named class-material-page when all of them are', () => {
    expect(shown('x/1-1-1.jpg', 'x/1-1-2.jpg', 'x/4-1-2-1.jpg', 'x/41-2-2.jpg')).toEqual(['1 1 null 2', '4-1 2 null 2']);
    expect(lay('x/1-1-1.jpg', 'x/cover.jpg')).toMatchObject({ shape: 'page', materials: [] });
  });
  it('reads a title in the file name', () => {
    expect(shown('1/干部履历表_1.jpg', '1/干部履历表_2.jpg', '2/自传(第1页).jpg')).toEqual(['1 null 干部履历表 2', '2 null 自传 1']);
  });
  it('tells of numbers used twice, pages missing, classes that hold nothing and titles out of their class', () => {
    expect(codesOf('1/1/001.jpg', '1/1/1.png')).toEqual(['layout/same-number']);
    expect(codesOf('1/1/001.jpg', '1/1/004.jpg')).toEqual(['layout/number-gap']);
    expect(codesOf('四/干部履历表/001.jpg')).toContain('layout/class-holds-none');
    expect(codesOf('三/干部履历表/001.jpg')).toEqual(['layout/class-differs']);
    expect(codesOf('三/2008年度考核登记表/001.jpg')).toEqual([]);
  });
  it('never mixes the dossiers of several people', () => {
    const layout = lay('in/甲某/1/1/1.jpg', 'in/甲某/2/1/1.jpg', 'in/乙某/1/1/1.jpg', 'in/乙某/四-1/1/1.jpg');
    expect(layout.materials).toEqual([]);
    expect(layout.loose).toHaveLength(4);
    expect(layout.findings.map((f) => f.code)).toEqual(['layout/several-dossiers']);
  });
  it('refuses absolute and climbing paths and ignores what systems leave behind', () => {
    const layout = lay(
      '/etc/passwd',
      'C:\\x\\1.jpg',
      '..\\1.jpg',
      '1/../2.jpg',
      '1/\u00001.jpg',
      '1//2.jpg',
      '__MACOSX/1/1.jpg',
      '1/1/.DS_Store',
      '.\\1\\1\\1.jpg',
    );
    expect(layout.refused).toHaveLength(6);
    expect(layout.ignored).toHaveLength(2);
    expect(layout.materials.map((m) => m.paths)).toEqual([['.\\1\\1\\1.jpg']]);
    expect(layout.findings).toEqual([{ code: 'layout/path-refused', severity: 'error', params: { count: 6 } }]);
  });
  it('names no folder in a finding', () => {
    const layout = lay('王小明/三/王小明的干部履历表/1.jpg', '王小明/三/王小明的干部履历表/3.jpg', '王小明/四/自传/1.jpg', '/王小明.jpg');
    expect(layout.findings.length).toBeGreaterThan(1);
    expect(JSON.stringify(layout.findings)).not.toContain('王');
  });
  it('puts every path in exactly one place, and lays the same paths the same way in any order', () => {
    const part = fc.constantFrom('1', '4-1', '四', '自传', '01-干部履历表', '99', '某人', '..', '.x', '003', '一', 'ON', '__proto__');
    const path = fc
      .tuple(fc.array(part, { maxLength: 3 }), fc.constantFrom('1.jpg', '002.jpg', '自传_3.jpg', '1-1-1.jpg', '第二页.tif'))
      .map(([d, f]) => [...d, f].join('/'));
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 12 }), fc.nat(), (paths, seed) => {
        const layout = lay(...paths);
        const all = [...layout.materials.flatMap((m) => m.paths), ...layout.loose.map((l) => l.path), ...layout.ignored, ...layout.refused];
        expect([...all].sort()).toEqual([...paths].sort());
        const shuffled = [...paths].sort((a, b) => ((a.length * 31 + seed) % 7) - ((b.length * 31 + seed) % 7));
        const again = lay(...shuffled);
        expect(again.materials).toEqual(layout.materials);
        expect(again.loose).toEqual(layout.loose);
      }),
      { numRuns: 400 },
    );
  });
});
