import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { idNumberCheck } from '@lantai/values';
import { describe, expect, it } from 'vitest';
import { propose } from './propose.ts';
import { heading, type MadeLine, madePage, shippedKnowledge } from './testing/made-pages.ts';

const cadre = shippedKnowledge((path) => readFileSync(join(import.meta.dirname, '../../../schemes', path), 'utf8'));
const body = '11000019760904531';
const GOOD = body + idNumberCheck(body);
const WRONG = body + (idNumberCheck(body) === '3' ? '4' : '3');

const fieldsOf = (lines: readonly MadeLine[], title = '招工登记表') => {
  const [p] = propose([madePage('1', [heading(title), ...lines])], cadre).proposals;
  return {
    values: Object.fromEntries(Object.entries(p?.fields ?? {}).map(([k, f]) => [k, f.value])),
    fields: p?.fields ?? {},
    findings: p?.findings ?? [],
  };
};
const insured = (number: string): MadeLine[] => [
  ['姓名', 300, 600],
  ['贺远山', 620, 600],
  ['公民身份号码', 1000, 600],
  [number, 1450, 600],
  ['出生日期', 300, 740],
  ['1976-09-04', 620, 740],
];

describe('values of labels', () => {
  it('stand beside them in a table, also when the label is spaced or broken over two lines', () => {
    const { values } = fieldsOf([
      ['姓', 300, 600],
      ['名', 430, 600],
      ['贺远山', 700, 600],
      ['性', 1000, 600],
      ['别', 1100, 600],
      ['男', 1380, 600],
      ['参加工', 300, 800],
      ['作时间', 300, 870],
      ['91.9', 700, 835],
      ['民族', 1000, 835],
      ['回', 1380, 835],
    ]);
    expect(values).toEqual({ name: '贺远山', sex: '男', workStart: '1991-09', ethnicity: '回族' });
  });

  it('may be wrapped in their cell, astride of the label or about it', () => {
    const two = fieldsOf([
      ['姓名', 300, 600],
      ['贺远山', 620, 600],
      ['招工单位', 1650, 600],
      ['青岚市第', 1980, 550],
      ['二纺织厂', 1980, 650],
    ]);
    expect(two.values.unit).toBe('青岚市第二纺织厂');
    const three = fieldsOf([
      ['姓名', 300, 600],
      ['贺远山', 620, 600],
      ['招工单位', 1650, 600],
      ['青岚市第', 1980, 500],
      ['二棉麻纺', 1980, 600],
      ['织总厂', 2000, 700],
    ]);
    expect(three.values.unit).toBe('青岚市第二棉麻纺织总厂');
  });

  it('end where the next cell’s label begins, though both were read as one line', () => {
    const { values } = fieldsOf([
      ['参加工作时间', 300, 600],
      ['2010年12月文化程度', 700, 600],
      ['高中', 1300, 600],
    ]);
    expect(values).toEqual({ workStart: '2010-12', education: '高中' });
  });

  it('do not come from the row below', () => {
    const { values } = fieldsOf([
      ['姓名', 300, 600],
      ['贺远山', 620, 600],
      ['民族', 300, 700],
      ['籍贯', 1000, 700],
      ['云岭省青岚市', 1300, 700],
    ]);
    expect(values).toEqual({ name: '贺远山', nativePlace: '云岭省青岚市' });
  });

  it('stand under labels that head a row of cells', () => {
    const { values } = fieldsOf([
      ['姓名', 300, 600],
      ['性别', 800, 600],
      ['民族', 1300, 600],
      ['贺远山', 280, 720],
      ['男', 820, 720],
      ['汉族', 1300, 720],
    ]);
    expect(values).toMatchObject({ name: '贺远山', sex: '男', ethnicity: '汉族' });
  });

  it('are not taken from lists of relatives', () => {
    const { values } = fieldsOf([
      ['称谓', 300, 600],
      ['姓名', 700, 600],
      ['政治面貌', 1100, 600],
      ['父亲', 300, 720],
      ['贺大川', 700, 720],
      ['群众', 1100, 720],
    ]);
    expect(values.name).toBeUndefined();
  });

  it('follow a colon, several in one line', () => {
    const { values } = fieldsOf([
      ['姓名：贺远山 性别：男 民族：苗族', 300, 600],
      ['招工单位：青岚市第二纺织厂　　填表日期：1991年8月8日', 300, 740],
    ]);
    expect(values).toEqual({ name: '贺远山', sex: '男', ethnicity: '苗族', unit: '青岚市第二纺织厂' });
  });

  it('stand in sentences, also across a line’s end', () => {
    const { values } = fieldsOf(
      [
        ['兹有贺远山，性别男，身份证号码', 300, 500],
        [`${GOOD}，自2002年8月23日起在我单位工作，任教师。经双方协商一致，于2008年4月`, 300, 600],
        ['23日解除劳动合同，特此证明。', 200, 700],
        ['青岚市第二中学', 1800, 900],
        ['2008年4月23日', 1800, 1040],
      ],
      '解除（终止）劳动合同证明书',
    );
    expect(values).toEqual({
      name: '贺远山',
      idNumber: GOOD,
      unit: '青岚市第二中学',
      contractStart: '2002-08-23',
      leaveDate: '2008-04-23',
    });
  });

  it('part a unit from a post and a trade from its level', () => {
    const appointed = fieldsOf(
      [
        ['姓名', 300, 600],
        ['贺远山', 620, 600],
        ['拟任职务', 300, 740],
        ['青岚市民政局 办公室副主任', 700, 740],
      ],
      '干部任免审批表',
    );
    expect(appointed.values).toMatchObject({ unit: '青岚市民政局', position: '办公室副主任' });
    const joined = fieldsOf(
      [
        ['姓名', 300, 600],
        ['贺远山', 620, 600],
        ['拟任职务', 300, 740],
        ['青岚市民政局办公室副主任', 700, 740],
      ],
      '干部任免审批表',
    );
    expect(joined.values).toMatchObject({ unit: '青岚市民政局', position: '办公室副主任' });
    const skilled = fieldsOf(
      [
        ['姓名', 300, 600],
        ['贺远山', 620, 600],
        ['职业（工种）及等级', 300, 740],
        ['锅炉操作工中级', 900, 740],
      ],
      '职业资格证书',
    );
    expect(skilled.values).toMatchObject({ occupation: '锅炉操作工', level: '中级' });
  });
});

describe('doubtful values', () => {
  it('a number with a wrong check digit is kept as it stands and flagged; a right one is not', () => {
    const wrong = fieldsOf(insured(WRONG), '社会保险参保人员登记表');
    expect(wrong.fields.idNumber).toMatchObject({ value: WRONG, flags: ['check_digit'] });
    expect(wrong.fields.idNumber?.confidence01).toBeLessThan(0.5);
    expect(wrong.findings.map((f) => f.code)).toEqual(['proposal/check-digit']);
    const right = fieldsOf(insured(GOOD), '社会保险参保人员登记表');
    expect(right.fields.idNumber).toMatchObject({ value: GOOD, flags: [] });
    expect(right.findings).toEqual([]);
  });

  it('a misread digit comes right by the reader’s own candidates', () => {
    const page = madePage('1', [heading('社会保险参保人员登记表'), ...insured(WRONG)]);
    const lines = page.lines.map((l) =>
      l.text === WRONG
        ? {
            ...l,
            candidates: [
              {
                at: 17,
                options: [
                  { char: WRONG[17]!, confidence01: 0.6 },
                  { char: GOOD[17]!, confidence01: 0.4 },
                ],
              },
            ],
          }
        : l,
    );
    const [p] = propose([{ ...page, lines }], cadre).proposals;
    expect(p?.fields.idNumber).toMatchObject({ value: GOOD, written: WRONG, flags: ['repaired'] });
  });

  it('a number that lacks a digit is mended by the dossier’s other sheets; a whole one is not', () => {
    const page = (id: string, number: string) => madePage(id, [heading('社会保险参保人员登记表'), ...insured(number)]);
    const numbers = (last: string) => propose([page('1', GOOD), page('2', GOOD), page('3', last)], cadre).proposals[2]?.fields.idNumber;
    expect(numbers(GOOD.slice(0, 17))).toMatchObject({ value: GOOD, flags: ['repaired'] });
    expect(numbers(WRONG)).toMatchObject({ value: WRONG, flags: ['check_digit'] });
  });

  it('an impossible day is kept and flagged', () => {
    const { fields, findings } = fieldsOf([
      ['姓名', 300, 600],
      ['贺远山', 620, 600],
      ['出生日期', 1000, 600],
      ['1982-02-30', 1400, 600],
    ]);
    expect(fields.birthDate).toMatchObject({ value: '1982-02-30', flags: ['not_a_date'] });
    expect(findings.map((f) => f.code)).toEqual(['proposal/impossible-date']);
  });

  it('a birth or a sex that differs from the number is pointed at', () => {
    const differs = fieldsOf([...insured(GOOD).slice(0, 4), ['出生日期', 300, 740], ['1977-09-04', 620, 740]], '社会保险参保人员登记表');
    expect(differs.findings.map((f) => f.code)).toEqual(['proposal/birth-differs-from-number']);
    expect(differs.fields.birthDate?.value).toBe('1977-09-04');
  });
});
