import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propose } from './propose.ts';
import { heading, type MadeLine, madePage, shippedKnowledge } from './testing/made-pages.ts';

const cadre = shippedKnowledge((path) => readFileSync(join(import.meta.dirname, '../../../schemes', path), 'utf8'));
const table = (name: string, birth: string, extra: readonly MadeLine[] = []): MadeLine[] => [
  ['姓名', 300, 600],
  [name, 620, 600],
  ['性别', 1000, 600],
  ['男', 1380, 600],
  ['出生年月', 1650, 600],
  [birth, 1980, 600],
  ...extra,
];
const signed = (date: string, y = 2300): MadeLine => [date, 1800, y];
const pay = (id: string, name: string, birth: string, date: string) =>
  madePage(id, [
    heading('机关事业单位工作人员工资变动审批表'),
    ...table(name, birth),
    ['参加工作时间', 240, 740],
    ['1997年9月', 600, 740],
    ['职务', 1020, 740],
    ['会计', 1380, 740],
    ['审批机关意见', 220, 1600],
    ['同意。', 1300, 1540],
    signed(date, 1680),
  ]);

describe('proposals of a dossier', () => {
  it('groups a cover with what follows it and starts anew at the next heading', () => {
    const { proposals } = propose(
      [
        madePage('1', [
          heading('劳动合同书', 700, 130),
          ['甲方（用人单位）：青岚市第二纺织厂', 560, 1100],
          ['乙方（劳动者）：贺远山', 860, 1400],
        ]),
        madePage('2', [
          ['居民身份证号码：110000197609045319', 280, 900],
          ['第一条本合同自2005年7月13日起至2008年7月12日止，其中试用期为3个月。', 300, 1300],
          ['第二条乙方同意从事技术员岗位工作，工作地点为青岚市。', 300, 1600],
        ]),
        pay('3', '贺远山', '1976年9月', '1999年9月13日'),
        pay('4', '贺远山', '1976年9月', '2002年9月13日'),
      ],
      cadre,
    );
    expect(proposals.map((p) => p.pages)).toEqual([['1', '2'], ['3'], ['4']]);
    expect(proposals.map((p) => p.classCode?.value)).toEqual(['9-2', '9-1', '9-1']);
    expect(proposals.map((p) => p.title?.value)).toEqual(['劳动合同书', '工资变动审批表', '工资变动审批表']);
    const [contract] = proposals;
    const of = Object.fromEntries(Object.entries(contract?.fields ?? {}).map(([k, f]) => [k, f.value]));
    expect(of).toMatchObject({
      name: '贺远山',
      unit: '青岚市第二纺织厂',
      contractStart: '2005-07-13',
      contractEnd: '2008-07-12',
      probationMonths: '3',
      position: '技术员',
    });
  });

  it('leaves blank sheets and sheets fed twice out of every material', () => {
    const { proposals } = propose(
      [
        pay('1', '贺远山', '1976年9月', '1999年9月13日'),
        madePage('2', [], { findings: ['blank'] }),
        { ...pay('3', '贺远山', '1976年9月', '1999年9月13日'), findings: ['duplicate'] },
      ],
      cadre,
    );
    expect(proposals.map((p) => p.pages)).toEqual([['1']]);
  });

  it('puts a covering letter before the form it asks for, and lets it stand alone when none follows', () => {
    const letter = madePage('1', [
      heading('函调信'),
      ['我单位贺远山同志，男，一九七六年九月出生，现任青岚市第二纺织厂会计，', 320, 800],
      ['一九九七年十月二日', 1720, 2500],
    ]);
    const answer = madePage('2', [
      heading('政审函调证明材料'),
      ['贺远山同志表现良好，特此证明。', 350, 500],
      ['1997年10月26日', 1830, 1600],
    ]);
    const both = propose([letter, answer], cadre).proposals;
    expect(both.map((p) => [p.pages, p.title?.value, p.date?.value])).toEqual([
      [['1', '2'], '政审函调证明材料', { year: 1997, month: 10, day: 26 }],
    ]);
    const alone = propose([letter, pay('3', '贺远山', '1976年9月', '1999年9月13日')], cadre).proposals;
    expect(alone.map((p) => p.pages)).toEqual([['1'], ['3']]);
    expect(alone[0]?.classCode?.value).toBe('5');
  });

  it('points at a material with another name, and at none of the person’s own', () => {
    const own = ['1', '2', '3'].map((id) => pay(id, '贺远山', '1976年9月', `200${id}年9月13日`));
    const { proposals, subjectName } = propose([...own, pay('4', '尹小棠', '1980年2月', '2004年9月13日')], cadre);
    expect(subjectName).toBe('贺远山');
    expect(proposals.map((p) => p.findings.some((f) => f.code === 'proposal/other-person'))).toEqual([false, false, false, true]);
    expect(proposals[3]?.fields.name?.value).toBe('尹小棠');
  });

  it('names the same person with one character misread, with a flag', () => {
    const own = ['1', '2', '3'].map((id) => pay(id, '贺远山', '1976年9月', `200${id}年9月13日`));
    const last = propose([...own, pay('4', '贺远出', '1976年9月', '2004年9月13日')], cadre).proposals[3];
    expect(last?.fields.name).toMatchObject({ value: '贺远山', written: '贺远出', flags: ['repaired'] });
    expect(last?.findings).toEqual([]);
  });

  it('reads names of minorities whole', () => {
    const name = '阿卜杜热合曼·买买提江';
    const { subjectName } = propose([pay('1', name, '1976年9月', '2001年9月13日'), pay('2', name, '1976年9月', '2003年9月13日')], cadre);
    expect(subjectName).toBe(name);
  });

  it('proposes the same thing twice', () => {
    const pages = [pay('1', '贺远山', '1976年9月', '2001年9月13日'), pay('2', '贺远山', '1978年9月', '2003年9月13日')];
    expect(propose(pages, cadre)).toEqual(propose(pages, cadre));
  });

  it('says that a page with no heading has none, and that a form is unknown', () => {
    const [first, second] = propose(
      [madePage('1', table('贺远山', '1976年9月')), madePage('2', [heading('家属随军安置登记表'), ...table('贺远山', '1976年9月')])],
      cadre,
    ).proposals;
    expect(first?.findings.map((f) => f.code)).toEqual(['proposal/no-heading']);
    expect(first?.title).toBeNull();
    expect(second?.findings.map((f) => f.code)).toEqual(['proposal/unknown-form']);
    expect(second?.title?.value).toBe('家属随军安置登记表');
    expect(second?.title?.confidence01).toBeLessThan(0.95);
  });

  it('keeps a title as the page words it, but for whose form it is and what was misread', () => {
    const titled = (words: string, scheme = cadre) =>
      propose([madePage('1', [heading(words), ...table('贺远山', '1976年9月')])], scheme).proposals[0]?.title?.value;
    expect(titled('企业职工工资变动审批表')).toBe('工资变动审批表');
    expect(titled('工资制度改革审批表')).toBe('工资制度改革审批表');
    expect(titled('體格查表')).toBe('體格檢查表');
    expect(titled('體格檢查表')).toBe('體格檢查表');
    expect(titled('因私出国（境）审批')).toBe('因私出国（境）审批');
  });

  it('guesses the class of a form no title names by the words of the classes', () => {
    const classOf = (words: string) =>
      propose([madePage('1', [heading(words), ...table('贺远山', '1976年9月')])], cadre).proposals[0]?.classCode;
    expect(classOf('企业年金缴费变更单')?.value).toBe('9-1');
    expect(classOf('岗前技能培训小结书')?.value).toBe('4-4');
    expect(classOf('企业年金缴费变更单')?.confidence01).toBeLessThan(0.95);
  });

  it('dates a material by its last signature, not by a date that a sentence runs into', () => {
    const lines: MadeLine[] = [
      heading('解除（终止）劳动合同证明书'),
      ['兹有贺远山，自2002年8月23日起在我单位工作，劳动合同期限至', 300, 500],
      ['2012年8月22日', 200, 600],
      ['青岚市第二中学', 1800, 900],
      signed('2008年4月23日', 1040),
    ];
    expect(propose([madePage('1', lines)], cadre).proposals[0]?.date?.value).toEqual({ year: 2008, month: 4, day: 23 });
    const alone = lines.filter(([words]) => words !== '2008年4月23日');
    expect(propose([madePage('1', alone)], cadre).proposals[0]?.date?.confidence01 ?? 0).toBeLessThan(0.95);
  });

  it('puts every page that bears content into exactly one material, whatever stands on it', () => {
    const piece = fc.constantFrom(
      '姓名',
      '出生年月',
      '干部履历表',
      '称谓',
      '1978年7月',
      '110000197607255497',
      '：',
      '同意。',
      '至',
      '（',
      '2005',
      '體',
      '',
      '·',
      'No.',
    );
    const line = fc.tuple(
      fc.array(piece, { maxLength: 4 }).map((p) => p.join('')),
      fc.integer({ min: 0, max: 2400 }),
      fc.integer({ min: 0, max: 3400 }),
      fc.integer({ min: 1, max: 300 }),
    );
    const page = fc.record({
      lines: fc.array(line, { maxLength: 12 }),
      findings: fc.subarray(['blank', 'duplicate', 'blur']),
      skewDegrees: fc.double({ min: -3, max: 3, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(page, { maxLength: 5 }), (pages) => {
        const made = pages.map((p, i) => madePage(String(i), p.lines, { findings: p.findings, skewDegrees: p.skewDegrees }));
        const wanted = made.filter((p) => !p.findings.includes('blank') && !p.findings.includes('duplicate')).map((p) => p.pageId);
        const { proposals } = propose(made, cadre);
        expect(proposals.flatMap((p) => p.pages)).toEqual(wanted);
        for (const p of proposals) for (const f of Object.values(p.fields)) expect(f.confidence01).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  it('turns back a skewed page before it looks for rows, and gives boxes of the page as it lies', () => {
    const straight = pay('1', '贺远山', '1976年9月', '2001年9月13日');
    const angle = (2 * Math.PI) / 180;
    const lines = straight.lines.map((l) => {
      const [x, y, w, h] = l.box;
      const [dx, dy] = [x + w / 2 - 1240, y + h / 2 - 1754];
      return {
        ...l,
        box: [
          dx * Math.cos(angle) - dy * Math.sin(angle) + 1240 - w / 2,
          dx * Math.sin(angle) + dy * Math.cos(angle) + 1754 - h / 2,
          w,
          h,
        ] as const,
      };
    });
    const [skewed] = propose([{ ...straight, skewDegrees: 2, lines }], cadre).proposals;
    expect(skewed?.fields.workStart?.value).toBe('1997-09');
    const at = lines.find((l) => l.text === '1997年9月')?.box;
    expect(skewed?.fields.workStart?.box?.[1]).toBeCloseTo(at?.[1] ?? 0, 0);
  });
});
