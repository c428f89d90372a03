import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareSchemes,
  findRetention,
  formatRetention,
  indexTitles,
  lastDayKept,
  layCatalogueSheet,
  loadScheme,
  RETENTION_STARTS,
  readScheme,
  retentionOf,
  retentionYears,
} from './index.ts';

const scheme = (id: string) => loadScheme(readFileSync(new URL(`../../../schemes/${id}.yaml`, import.meta.url), 'utf8'));
const insurance = scheme('social-insurance');
const contract = scheme('labour-contract');
const employee = scheme('employee-lifecycle');

const LINES = (top: string, inClass: string, inTitle: string) => `id: small
version: 1
name: { zh: 小, en: small }
subject: person
source: test
ordering: date
${top}
codes: { dossier: "{fonds}-RS-{volume:3}", material: "{dossier}-{class}-{seq:3}" }
sheet: { heading: { zh: 目录, en: Catalogue }, columns: [number, title, retention], blank_rows: 0 }
classes:
  - code: "1"
    display: 一
    name: { zh: 一类, en: First }
    classes:
      - code: 1-1
        display: 一-1
        name: { zh: 一, en: One }
        ${inClass}
        titles:
          - { name: 表${inTitle} }
          - { name: 书 }
`;
const problemsOf = (text: string) => {
  const outcome = readScheme(text);
  return 'problems' in outcome ? outcome.problems.map((p) => `${p.params.line} ${p.code}`) : [];
};
const periodsOf = (text: string) =>
  loadScheme(text)
    .classes[1]!.titles.map((t) => t.retention)
    .map((r) => (r ? `${r.code} ${r.from ?? '-'}` : null));

describe('retention of a title', () => {
  it('is its own, else its class has it, else the scheme; period and start each by themselves', () => {
    expect(periodsOf(LINES('# none', '# none', ''))).toEqual([null, null]);
    expect(periodsOf(LINES('retention: D30', '# none', ''))).toEqual(['D30 formed', 'D30 formed']);
    expect(periodsOf(LINES('retention: D30', 'retention: Y', ', retention: D2'))).toEqual(['D2 formed', 'Y -']);
    expect(periodsOf(LINES('retention_from: employment_ended', 'retention: D10', ', retention: D2, retention_from: formed'))).toEqual([
      'D2 formed',
      'D10 employment_ended',
    ]);
    expect(loadScheme(LINES('retention: D30', '# none', '')).classes.map((c) => c.retention?.code)).toEqual(['D30', 'D30']);
  });

  it.each([
    ['a period of no years', LINES('# none', '# none', ', retention: D0'), ['20 scheme/malformed']],
    ['a period in words', LINES('retention: 长期', '# none', ''), ['7 scheme/malformed']],
    ['a period of four digits', LINES('# none', 'retention: D1000', ''), ['18 scheme/malformed']],
    ['a period that is a list', LINES('# none', 'retention: [Y]', ''), ['18 scheme/not-text']],
    ['an unknown start', LINES('# none', 'retention_from: birthday', ''), ['18 scheme/not-a-choice']],
    ['a start without a period', LINES('# none', '# none', ', retention_from: formed'), ['20 scheme/retention-start']],
    ['a start of what is permanent', LINES('# none', 'retention: Y', ', retention_from: formed'), ['20 scheme/retention-start']],
  ])('is refused with its line when it is %s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it('stands in the schemes for which rules say one', () => {
    const said = (of: typeof insurance, title: string) => retentionOf(of, indexTitles(of), { classCode: null, title });
    expect(said(insurance, '参保单位登记表')).toEqual({ code: 'Y', from: null });
    expect(said(insurance, '认定工伤决定书')).toEqual({ code: 'D50', from: 'formed' });
    expect(said(insurance, '失业保险待遇支付汇总表')).toEqual({ code: 'D30', from: 'formed' });
    expect(said(insurance, '失业保险基金支付年度汇总表')).toEqual({ code: 'Y', from: null });
    expect(said(contract, '竞业禁止协议')).toEqual({ code: 'D2', from: 'restraint_ended' });
    expect(said(contract, '劳动合同')).toEqual({ code: 'D30', from: 'employment_ended' });
    expect([said(employee, '体检表'), said(employee, '求职登记表')]).toEqual([null, { code: 'D10', from: 'employment_ended' }]);
    // A material of another title has what its class says, and of no class nothing.
    expect(retentionOf(insurance, indexTitles(insurance), { classCode: '9', title: '某某材料' })?.code).toBe('D30');
    expect(said(insurance, '某某材料')).toBeNull();
    // The law's least for an ended contract is two years: no contract may fall below.
    for (const one of [contract, employee])
      for (const title of one.classes.flatMap((c) => c.titles))
        if (title.oneOf === 'contract') expect(retentionYears(title.retention!) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(2);
  });

  it('ends with the year when it counts from the year after formation', () => {
    const ten = { code: 'D10', from: 'formed' } as const;
    expect(lastDayKept(ten, { year: 2014, month: 5, day: 6 })).toEqual({ year: 2024, month: 12, day: 31 });
    expect(lastDayKept(ten, null)).toBeNull();
    expect(lastDayKept({ code: 'Y', from: null }, { year: 2014 })).toBeNull();
    expect(lastDayKept({ code: 'D10', from: 'employment_ended' }, { year: 2014 })).toBeNull();
    fc.assert(
      fc.property(fc.integer({ min: 1800, max: 2999 }), fc.integer({ min: 1, max: 999 }), (year, years) => {
        const last = lastDayKept({ code: `D${years}`, from: 'formed' }, { year, month: 7 });
        expect(last).toEqual(year + years > 2999 ? null : { year: year + years, month: 12, day: 31 });
      }),
    );
  });

  it('is made of its code and told in words, and of no other text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), fc.constantFrom(...RETENTION_STARTS), (years, from) => {
        const retention = findRetention(`D${years}`, from)!;
        expect([retention.from, retentionYears(retention)]).toEqual([from, years]);
        expect(Number(/\d+/.exec(formatRetention(retention, 'zh'))![0])).toBe(years);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (!/^(Y|D[1-9]\d{0,2})$/.test(text)) expect(findRetention(text, 'formed')).toBeNull();
      }),
    );
    expect(['Y', 'D1', 'D30'].map((code) => formatRetention(findRetention(code, 'formed')!, 'en'))).toEqual([
      'Permanent',
      '1 year',
      '30 years',
    ]);
  });

  it('stands in the catalogue sheet where the scheme has the column', () => {
    const head = { subjectName: '某单位', dossierCode: 'A', set: 'original', madeOn: { year: 2026 } } as const;
    const material = {
      id: 'a',
      code: null,
      classCode: '6',
      title: '工伤备案表',
      date: null,
      copies: 1,
      pages: 1,
      remarks: '',
      follows: null,
    };
    const shown = (of: typeof insurance) =>
      layCatalogueSheet(of, head, [material]).rows.flatMap((r) => (r.kind === 'material' ? [r.retention?.code ?? null] : []));
    expect(shown(insurance)).toEqual(['D10']);
    expect(shown({ ...insurance, sheet: { ...insurance.sheet, columns: ['number', 'title'] } })).toEqual([null]);
  });

  it('is told when a version changes it, and nothing else then', () => {
    const before = loadScheme(LINES('retention: D30', '# none', ', retention: D10'));
    const told = (text: string) => compareSchemes(before, loadScheme(text)).map((d) => [d.code, d.params]);
    expect(told(LINES('retention: D30', '# none', ', retention: Y'))).toEqual([
      ['standard/retention-changed', { class: '1-1', title: '表', before: 'D10', after: 'Y' }],
    ]);
    expect(told(LINES('retention: D30', '# none', ', retention: D10, retention_from: restraint_ended'))).toEqual([
      ['standard/retention-start-changed', { class: '1-1', title: '表' }],
    ]);
    expect(told(LINES('# none', '# none', ', retention: D10'))).toEqual([
      ['standard/class-retention-changed', { class: '1', before: 'D30', after: '—' }],
      ['standard/class-retention-changed', { class: '1-1', before: 'D30', after: '—' }],
      ['standard/retention-changed', { class: '1-1', title: '书', before: 'D30', after: '—' }],
    ]);
    expect(told(LINES('retention: D30', '# none', ', retention: D10'))).toEqual([]);
  });
});
