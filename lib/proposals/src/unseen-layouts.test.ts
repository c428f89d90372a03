import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { propose } from './propose.ts';
import { heading, type MadeLine, madePage, shippedKnowledge } from './testing/made-pages.ts';

const cadre = shippedKnowledge((path) => readFileSync(join(import.meta.dirname, '../../../schemes', path), 'utf8'));
const proposed = (title: string, lines: readonly MadeLine[]) => propose([madePage('1', [heading(title), ...lines])], cadre).proposals[0];
const valuesOf = (title: string, lines: readonly MadeLine[]) =>
  Object.fromEntries(Object.entries(proposed(title, lines)?.fields ?? {}).map(([code, f]) => [code, f.value]));

describe('layouts of forms', () => {
  it('number their questions and set the answer behind, without a colon', () => {
    const values = valuesOf('退伍军人登记表', [
      ['1．姓名贺远山', 200, 600],
      ['2．性别男', 200, 740],
      ['3．何年何月生1955年5月', 200, 880],
      ['4．祖籍福建省莆田市', 200, 1020],
    ]);
    expect(values).toMatchObject({ name: '贺远山', sex: '男', birthDate: '1955-05', nativePlace: '福建省莆田市' });
  });

  it('number clauses too, which are no answers', () => {
    const values = valuesOf('劳动合同书', [
      ['一、工作岗位', 200, 600],
      ['乙方同意在保管员岗位工作，服从甲方的安排和管理。', 300, 740],
      ['三、岗位纪律', 200, 1400],
      ['乙方遵守甲方依法制定的规章制度，服从甲方的管理。', 300, 1540],
    ]);
    expect(values.position).toBe('保管员');
  });

  it('set a row of labels over a row of values, never taking the next label for a value', () => {
    const values = valuesOf('退伍军人登记表', [
      ['姓名', 300, 600],
      ['性别', 800, 600],
      ['民族', 1300, 600],
      ['参加工作时间', 1750, 600],
      ['贺远山', 270, 720],
      ['男', 830, 720],
      ['汉族', 1300, 720],
      ['1993.07', 1820, 720],
    ]);
    expect(values).toMatchObject({ name: '贺远山', sex: '男', ethnicity: '汉族', workStart: '1993-07' });
  });

  it('break a label over loosely set lines', () => {
    const values = valuesOf('退伍军人登记表', [
      ['姓名', 300, 600],
      ['贺远山', 700, 600],
      ['参加革命', 300, 760],
      ['工作时间', 300, 868],
      ['1975年8月', 1300, 814],
    ]);
    expect(values).toMatchObject({ name: '贺远山', workStart: '1975-08' });
  });
});

describe('names and confidence', () => {
  const named = (name: string) =>
    proposed('退伍军人登记表', [
      ['姓名', 300, 600],
      [name, 700, 600],
    ])?.fields.name?.confidence01 ?? 0;

  it('are sure of a name that begins with a surname', () => {
    expect(named('逄景行')).toBeGreaterThan(0.95);
  });

  it('are not sure of one that begins with none: it may hide a rarer character', () => {
    expect(named('逢景行')).toBeLessThanOrEqual(0.95);
  });

  it('are not sure of a value with a character that the reader doubted, though the line was read well', () => {
    const place = (doubt?: number) => {
      const page = madePage('1', [heading('退伍军人登记表'), ['籍贯', 300, 600], ['福建省莆田市', 700, 600]]);
      const lines = page.lines.map((l) =>
        l.text === '福建省莆田市' && doubt !== undefined
          ? {
              ...l,
              candidates: [
                {
                  at: 3,
                  options: [
                    { char: '莆', confidence01: doubt },
                    { char: '蒲', confidence01: 1 - doubt },
                  ],
                },
              ],
            }
          : l,
      );
      return propose([{ ...page, lines }], cadre).proposals[0]?.fields.nativePlace?.confidence01 ?? 0;
    };
    expect(place()).toBeGreaterThan(0.95);
    expect(place(0.55)).toBeLessThanOrEqual(0.95);
  });
});

describe('titles that stand before a plain one', () => {
  it('stay as they are on the page when they are short, and fall away when they only say whose form it is', () => {
    expect(proposed('干部调动审批表', [])?.title?.value).toBe('干部调动审批表');
    expect(proposed('机关事业单位工作人员工资变动审批表', [])?.title?.value).toBe('工资变动审批表');
  });
});
