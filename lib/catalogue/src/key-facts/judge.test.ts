import { readFileSync } from 'node:fs';
import { findPartialDate } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadEvidenceWords } from './evidence-words.ts';
import { judgeKeyFacts } from './judge.ts';
import type { AlterationMark, Determined, KeyFactCode, KeyFactField, KeyFactMaterial } from './model.ts';

const words = loadEvidenceWords(readFileSync(new URL('../../../../schemes/pages/key-facts.yaml', import.meta.url), 'utf8'));

const field = (value: string | null, more: Partial<KeyFactField> = {}): KeyFactField => ({
  value,
  written: null,
  confidence01: 0.99,
  pageId: null,
  box: null,
  flags: [],
  ...more,
});
type Fields = Readonly<Record<string, string | KeyFactField>>;
const material = (id: string, date: string | null, fields: Fields, title: string | null = null): KeyFactMaterial => ({
  id,
  title,
  date: date === null ? null : findPartialDate(date),
  pageIds: [id],
  fields: Object.fromEntries(Object.entries(fields).map(([code, f]) => [code, typeof f === 'string' ? field(f) : f])),
  marks: {},
});
const marked = (m: KeyFactMaterial, fact: KeyFactCode, mark: AlterationMark): KeyFactMaterial => ({ ...m, marks: { [fact]: mark } });
const judge = (materials: readonly KeyFactMaterial[], determinations: readonly Determined[] = [], isCadre: boolean | null = null) => {
  const facts = judgeKeyFacts({ materials, determinations, words, isCadre });
  return (code: KeyFactCode) => {
    const fact = facts.find((f) => f.code === code);
    if (!fact) throw new Error(code);
    return { ...fact, pairs: fact.conflicts.map((c) => [c.materialId, c.against]), codes: fact.notes.map((n) => n.code.slice(8)) };
  };
};

describe('key facts that contradict', () => {
  it('are measured by the earliest material', () => {
    const birth = judge([material('late', '2004', { birthDate: '1981-08-10' }), material('early', '1995', { birthDate: '1979-08' })])(
      'birthDate',
    );
    expect(birth).toMatchObject({ result: 'inconsistent', value: '1979-08', basis: 'early', pairs: [['late', 'early']] });
    expect(birth.assertions.map((a) => a.materialId)).toEqual(['early', 'late']);
  });

  it('are none when they agree to the month', () => {
    const start = judge([material('a', '2004', { workStart: '1997-09' }), material('b', '1995', { workStart: '1997-09-13' })])('workStart');
    expect(start).toMatchObject({ result: 'consistent', conflicts: [] });
  });

  it('point at the earliest itself when three later ones agree against it', () => {
    const all = [1995, 1998, 2001, 2004].map((year, i) => material(String(i), String(year), { workStart: i ? '1997-09' : '1996-01' }));
    expect(judge(all)('workStart')).toMatchObject({ pairs: [['0', '1']], value: '1997-09' });
    expect(judge(all)('workStart').codes).toContain('earliest-alone');
    expect(judge(all.slice(0, 3))('workStart').pairs).toEqual([
      ['1', '0'],
      ['2', '0'],
    ]);
  });

  it('are not made from words that are doubtful, but from what a person said', () => {
    const all = (more: Partial<KeyFactField>) => [
      material('a', '1995', { birthDate: '1979-08' }),
      material('b', '2004', { birthDate: field('1981-08', more) }),
    ];
    const conflicts = (more: Partial<KeyFactField>) => judge(all(more))('birthDate').conflicts.length;
    expect(conflicts({ confidence01: 0.5 })).toBe(0);
    expect(conflicts({ flags: ['extra_text'] })).toBe(0);
    expect(conflicts({})).toBe(1);
    expect(conflicts({ confidence01: null, flags: ['extra_text'] })).toBe(1);
  });

  it('let education rise with time and not fall', () => {
    const of = (first: string, then: string) =>
      judge([material('a', '1995', { education: first }), material('b', '2004', { education: then })])('education');
    expect(of('高中', '大学本科')).toMatchObject({ conflicts: [], value: '大学本科' });
    expect(of('中专', '高中').conflicts).toEqual([]);
    expect(of('大学本科', '大学专科').pairs).toEqual([['b', 'a']]);
  });

  it('leave out what a person marked as altered, and say so', () => {
    const first = material('a', '1990', { birthDate: '1965-01' });
    const rest = [material('b', '1995', { birthDate: '1962-01' }), material('c', '2004', { birthDate: '1962-01' })];
    expect(judge([first, ...rest])('birthDate')).toMatchObject({ value: '1965-01', result: 'inconsistent' });
    const fact = judge([marked(first, 'birthDate', 'altered'), ...rest])('birthDate');
    expect(fact).toMatchObject({ value: '1962-01', result: 'altered', conflicts: [] });
    expect(fact.codes).toContain('earliest-marked');
  });

  it('are kept and explained where one is the other in the lunar calendar', () => {
    const of = (other: string) =>
      judge([material('a', '1995', { birthDate: '1978-12-08' }), material('b', '2004', { birthDate: other })])('birthDate');
    expect(of('1979-01-06')).toMatchObject({ result: 'explained', conflicts: [{ explanation: 'lunar-solar' }] });
    expect(of('1980-12-08')).toMatchObject({ result: 'inconsistent', conflicts: [{ explanation: null }] });
  });

  it('are explained by an approval that is older than the later word, and not by a younger one', () => {
    const all = (approved: string) => [
      material('a', '1985', { workStart: '1980-01' }),
      material('b', '2004', { workStart: '1978-12' }),
      material('p', approved, {}, '关于更改参加工作时间的批复'),
    ];
    expect(judge(all('1999'))('workStart').conflicts).toMatchObject([{ explanation: 'approved-change' }]);
    expect(judge(all('2010'))('workStart').conflicts).toMatchObject([{ explanation: null }]);
  });

  it('are settled by the latest determination', () => {
    const all = [material('a', '1985', { workStart: '1980-01' }), material('b', '2004', { workStart: '1978-12' }, '干部任免审批表')];
    const decided = (value: string, on: string): Determined => ({ fact: 'workStart', value, decidedOn: { year: Number(on) } });
    const fact = judge(all, [decided('1978-12-05', '2012'), decided('1980-01', '2010')])('workStart');
    expect(fact).toMatchObject({ result: 'determined', value: '1978-12' });
    expect(fact.conflicts).toHaveLength(1);
    expect(judge(all, [decided('1980-01', '2010')])('workStart').codes).toContain('form-not-updated');
    expect(judge(all)('workStart').codes).toContain('newest-form-differs');
  });

  it('depend on nothing but what is given', () => {
    const one = fc.record({
      id: fc.uuid(),
      date: fc.constantFrom('1990', '1995-05', '2001-01-01', null),
      birth: fc.constantFrom('1965-01', '1962', '1966-02-03', null),
      title: fc.constantFrom('干部任免审批表', '入党志愿书', null),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), (list) => {
        const all = list.map((m) => material(m.id, m.date, m.birth ? { birthDate: m.birth } : {}, m.title));
        const fact = judge(all)('birthDate');
        expect(judge(all)('birthDate')).toEqual(fact);
        const ids = all.map((m) => m.id);
        for (const c of fact.conflicts) {
          expect(ids).toContain(c.materialId);
          expect(ids).toContain(c.against);
          expect(c.value).not.toBe(fact.value);
        }
        expect(fact.assertions).toHaveLength(all.filter((m) => m.fields.birthDate).length);
        expect(fact.result === 'missing').toBe(fact.assertions.length === 0);
      }),
    );
  });
});
