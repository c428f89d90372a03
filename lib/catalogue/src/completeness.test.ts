import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CheckedMaterial, checkCompleteness, loadScheme, type SubjectFacts } from './index.ts';

const schemeText = (id: string) => readFileSync(new URL(`../../../schemes/${id}.yaml`, import.meta.url), 'utf8');
const cadre = loadScheme(schemeText('cadre-2018'));

const unknown: SubjectFacts = { conditions: {}, service: null };
const material = (id: string, classCode: string | null, title: string | null, year: number | null = 2000): CheckedMaterial => ({
  id,
  classCode,
  title,
  date: year === null ? null : { year },
  pages: 1,
  record: false,
});
const basics = [
  material('a', '4-1', '高中毕业生登记表'),
  material('b', '9-1', '工资变动审批表'),
  material('c', '9-2', '招工登记表'),
  material('d', '3', '2000年度考核登记表'),
];
const missing = (materials: CheckedMaterial[], facts = unknown) =>
  checkCompleteness(cadre, materials, facts)
    .filter((f) => f.code.startsWith('completeness/') && f.severity === 'error')
    .map((f) => `${f.code} ${f.params?.title}`);

describe('completeness', () => {
  it('asks for what everyone must have, one of a group being enough, and for nothing more when it is there', () => {
    expect(missing([])).toEqual([
      'completeness/missing 年度考核登记表',
      'completeness/key-missing 高中毕业生登记表',
      'completeness/key-missing 工资变动审批表',
      'completeness/key-missing 招工登记表',
    ]);
    expect(missing(basics)).toEqual([]);
    expect(missing([...basics.slice(0, 2), material('x', '9-2', '聘用合同书'), basics[3]!])).toEqual([]);
  });
  it('asks for what a condition calls for when it holds, not when it does not, and asks a person to look when it is unknown', () => {
    expect(missing(basics, { conditions: { party_member: true }, service: null })).toContain('completeness/key-missing 入党志愿书');
    expect(missing(basics, { conditions: { party_member: true }, service: null })).toContain('completeness/missing 入党申请书');
    const not = checkCompleteness(cadre, basics, { conditions: { party_member: false }, service: null });
    expect(not.some((f) => f.params?.condition === 'party_member')).toBe(false);
    const open = checkCompleteness(cadre, basics, unknown).filter((f) => f.params?.condition === 'party_member');
    expect(open.map((f) => [f.code, f.severity])).toEqual([['completeness/condition-unknown', 'info']]);
    expect(
      missing([...basics, material('e', '6', '中国共产党入党志愿书')], { conditions: { party_member: true }, service: null }),
    ).not.toContain('completeness/key-missing 入党志愿书');
  });
  it('tells which years of service have no appraisal', () => {
    const years = (materials: CheckedMaterial[], service: SubjectFacts['service']) =>
      checkCompleteness(cadre, materials, { conditions: {}, service })
        .filter((f) => f.code === 'completeness/year-missing')
        .map((f) => f.params?.year);
    const held = [material('a', '3', '2000年度考核登记表'), material('b', '3', '年度考核登记表', 2003)];
    expect(years(held, null)).toEqual([2001, 2002]);
    expect(years(held, { firstYear: 1990, lastYear: 2004 })).toEqual([1993, 1994, 1995, 1996, 1997, 1998, 1999, 2001, 2002, 2004]);
    expect(years([], { firstYear: 1990, lastYear: 2004 })).toEqual([]);
  });
  it('looks at each material: class, title, date, pages', () => {
    const codes = (m: CheckedMaterial) =>
      checkCompleteness(cadre, [m], unknown)
        .filter((f) => f.code.startsWith('material/'))
        .map((f) => f.code);
    expect(codes(material('a', '1', '干部履历表'))).toEqual([]);
    expect(codes(material('a', null, null, null))).toEqual(['material/unclassed', 'material/untitled', 'material/undated']);
    expect(codes(material('a', '4', '学籍卡'))).toEqual(['material/class-holds-none']);
    expect(codes(material('a', 'Q', '学籍卡'))).toEqual(['material/class-unknown']);
    expect(codes(material('a', '1', '学籍卡'))).toEqual(['material/class-differs']);
    expect(codes(material('a', '1', '王某的某表'))).toEqual(['material/title-unknown']);
    expect(codes({ ...material('a', '1', '干部履历表'), pages: 0 })).toEqual(['material/no-pages']);
    expect(codes({ ...material('a', '1', '干部履历表'), pages: 0, record: true })).toEqual([]);
  });
  it('never repeats what somebody typed', () => {
    const findings = checkCompleteness(cadre, [material('a', '1', '王小明的某表')], unknown);
    expect(JSON.stringify(findings)).not.toContain('王小明');
  });
});
