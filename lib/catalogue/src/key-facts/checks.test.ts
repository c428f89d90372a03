import { readFileSync } from 'node:fs';
import { findPartialDate } from '@lantai/values';
import { describe, expect, it } from 'vitest';
import { loadEvidenceWords } from './evidence-words.ts';
import { judgeKeyFacts } from './judge.ts';
import type { KeyFactMaterial, KeyFactNote } from './model.ts';
import { birthsOfAge, formatMonth } from './months.ts';
import { partyPeriodsOf } from './party-periods.ts';

const yaml = readFileSync(new URL('../../../../schemes/pages/key-facts.yaml', import.meta.url), 'utf8');
const words = loadEvidenceWords(yaml);

const material = (
  date: string | null,
  fields: Readonly<Record<string, string>>,
  title: string | null = null,
  written?: string,
): KeyFactMaterial => ({
  id: `${title} ${date}`,
  title,
  date: date === null ? null : findPartialDate(date),
  pageIds: [],
  fields: Object.fromEntries(
    Object.entries(fields).map(([code, value]) => [
      code,
      {
        value: value === '' ? null : value,
        written: written ?? null,
        confidence01: 0.99,
        pageId: null,
        box: null,
        flags: written ? ['lunar'] : [],
      },
    ]),
  ),
  marks: {},
});
const notes = (materials: readonly KeyFactMaterial[], isCadre: boolean | null = null): KeyFactNote[] =>
  judgeKeyFacts({ materials, determinations: [], words, isCadre }).flatMap((f) => f.notes);
const codes = (materials: readonly KeyFactMaterial[], isCadre: boolean | null = null) =>
  notes(materials, isCadre).map((n) => n.code.slice(8));

describe('rules of birth and age', () => {
  it('turn a lunar date into its solar month', () => {
    const found = notes([material('1995', { birthDate: '' }, null, '农历一九七八年腊月初八')]).find(
      (n) => n.code === 'keyfact/lunar-converted',
    );
    expect(found?.params).toEqual({ from: '1979-01', to: '1979-01' });
    expect(codes([material('1995', { birthDate: '' }, null, '农历一九七八年腊月卅九')])).toContain('lunar-unknown');
  });

  it('span the months that an age in years allows, by birthdays and by new years', () => {
    const [days, years] = birthsOfAge(18, { year: 1980, month: 3 });
    expect([days.from, days.to, years.from, years.to].map(formatMonth)).toEqual(['1961-03', '1962-03', '1963-01', '1964-02']);
  });

  it.each([
    ['18', 'age-fits'],
    ['19', 'age-nominal'],
    ['25', 'age-differs'],
  ])('tell an age of %s on a form: %s', (age, code) => {
    const found = codes([material('1980-06', { birthDate: '1962-03', age }), material('1985', { birthDate: '1962-03' })]);
    expect(found.filter((c) => c.startsWith('age-'))).toEqual([code]);
  });

  it('show a number that says another month, and are silent on one that agrees', () => {
    expect(codes([material('1995', { birthDate: '1983-02', idNumber: '990102198202251239' })])).toContain('number-differs');
    expect(codes([material('1995', { birthDate: '1982-02', idNumber: '990102198202251239' })])).not.toContain('number-differs');
  });
});

describe('rules of the start of work', () => {
  it('doubt a start before sixteen and inside schooling', () => {
    expect(codes([material('1990', { birthDate: '1975-06', workStart: '1990-06' })])).toContain('work-too-young');
    expect(codes([material('1991', { birthDate: '1975-06', workStart: '1991-06' })])).not.toContain('work-too-young');
    const study = { school: '某大学', enrolDate: '1994-09', graduationDate: '1998-07' };
    expect(codes([material('2000', { workStart: '1996-07', ...study })])).toContain('work-while-studying');
    expect(codes([material('2000', { workStart: '1998-07', ...study })])).not.toContain('work-while-studying');
  });

  it('doubt a start after the first pay', () => {
    const form = (date: string) => [material('2001', { workStart: '1998-07' }), material(date, {}, '转正定级表')];
    expect(codes(form('1998-01'))).toContain('work-after-first-wage');
    expect(codes(form('1999-07'))).not.toContain('work-after-first-wage');
    expect(codes(form('1999-07'))).toContain('start-proved');
    expect(codes([material('2001', { workStart: '1998-07' })])).toContain('start-unproved');
  });
});

describe('the nine periods of the Party date', () => {
  it.each([
    ['1921-07-01', 1],
    ['1923-06-09', 1],
    ['1923-06-10', 2],
    ['1927-04-26', 2],
    ['1927-04-27', 3],
    ['1928-06-17', 3],
    ['1928-06-18', 4],
    ['1945-04-22', 4],
    ['1945-04-23', 5],
    ['1956-09-14', 5],
    ['1956-09-15', 6],
    ['1969-03-31', 6],
    ['1969-04-01', 7],
    ['1977-08-11', 7],
    ['1977-08-12', 8],
    ['1982-09-05', 8],
    ['1982-09-06', 9],
    ['2026-11-22', 9],
  ])('%s lies in period %i', (date, period) => {
    expect(partyPeriodsOf(findPartialDate(date) ?? { year: 0 })).toEqual([period]);
  });

  it('leave a month that holds a change to both, and know nothing before the first', () => {
    expect(partyPeriodsOf({ year: 1982, month: 9 })).toEqual([8, 9]);
    expect(partyPeriodsOf({ year: 1921, month: 6 })).toEqual([]);
  });

  it('say from when membership counts', () => {
    const of = (partyDate: string) => notes([material('2000', { partyDate })]).find((n) => n.code.startsWith('keyfact/party-by'));
    expect(of('1986-05')).toMatchObject({
      code: 'keyfact/party-by-meeting-probation',
      params: { period: 9, from: '1987-05', to: '1987-05' },
    });
    expect(of('1975-05')).toMatchObject({
      code: 'keyfact/party-by-approval-at-once',
      params: { period: 7, from: '1975-05', to: '1975-05' },
    });
    expect(of('1950-05')).toMatchObject({ params: { period: 5, from: '1950-11', to: '1952-05' } });
  });

  it('compare the form with what other materials say', () => {
    const of = (resolved: string) => [
      material('1999', { partyDate: '1986-05' }),
      material('1986-06', { partyDate: resolved }, '中国共产党入党志愿书'),
      material('1985-01', {}, '入党申请书'),
    ];
    expect(codes(of('1986-05'))).not.toContain('resolution-missing');
    expect(codes([material('1999', { partyDate: '1986-05' })])).toContain('resolution-missing');
    expect(codes(of('1984-05'))).toContain('application-late');
    expect(codes(of('1986-05'))).not.toContain('application-late');
    expect(codes([material('1999', { partyDate: '1986-05', birthDate: '1970-01' })])).toContain('party-too-young');
    expect(codes([material('1999', { partyDate: '1988-01', birthDate: '1970-01' })])).not.toContain('party-too-young');
  });
});

describe('rules of study, career and identity', () => {
  const study = (title: string) => material('1998-07', { school: '某大学', graduationDate: '1998-07', major: '会计学' }, title);

  it('ask for the chain of a higher education', () => {
    const claims = material('2004', { education: '大学本科' });
    expect(codes([claims])).toEqual(expect.arrayContaining(['marks-missing', 'graduation-missing', 'degree-missing']));
    const whole = codes([claims, study('学生成绩登记表'), study('高等学校毕业生登记表'), study('授予学士学位审批表')]);
    for (const code of ['marks-missing', 'graduation-missing', 'degree-missing', 'degree-alone', 'majors-differ'])
      expect(whole).not.toContain(code);
    expect(codes([material('2004', { education: '高中' })])).not.toContain('graduation-missing');
    expect(codes([study('学位证书')])).toContain('degree-alone');
  });

  it('ask for one subject through one chain', () => {
    const other = material('1998-07', { school: '某大学', graduationDate: '1998-07', major: '法学' }, '毕业证书');
    expect(codes([study('高等学校毕业生登记表'), other])).toContain('majors-differ');
  });

  it('find gaps and overlaps between contracts', () => {
    const contract = (unit: string, contractStart: string, contractEnd: string) =>
      material(contractStart, { unit, contractStart, contractEnd }, `劳动合同书 ${unit}`);
    const of = (then: string) => codes([contract('甲公司', '2001-03-01', '2004-02-28'), contract('乙公司', then, '2008-01')]);
    expect(of('2004-03')).not.toContain('career-gap');
    expect(of('2004-08')).toContain('career-gap');
    expect(of('2003-08')).toContain('career-overlap');
    expect(of('2004-03')).not.toContain('career-overlap');
  });

  it('ask a cadre for proof of identity', () => {
    const [report, grading] = [
      material('1998-07', {}, '全国普通高等学校毕业生就业报到证'),
      material('1999-08', {}, '毕业生转正定级审批表'),
    ];
    expect(codes([report, grading])).toContain('identity-proved');
    expect(codes([report], true)).toContain('identity-unproved');
    expect(codes([report], false)).not.toContain('identity-unproved');
    expect(codes([material('1995', {}, '录用干部审批表')], true)).toContain('identity-proved');
  });
});

describe('the words of evidence', () => {
  it('are refused with the place of what is wrong', () => {
    expect(() => loadEvidenceWords(yaml.replace('party_resolutions:', 'party_resolution:'))).toThrow('scheme/invalid');
    expect(() => loadEvidenceWords(yaml.replace('[初中]', '[初中, 小学]'))).toThrow('scheme/invalid');
    expect(() => loadEvidenceWords(yaml.replace('higher_education: 大学专科', 'higher_education: 学士'))).toThrow('scheme/invalid');
  });
});
