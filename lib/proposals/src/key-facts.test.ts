import { describe, expect, it } from 'vitest';
import { findConflicts } from './key-facts.ts';
import type { Proposal, ProposedField } from './proposal.ts';

const field = (value: string, more: Partial<ProposedField> = {}): ProposedField => ({
  value,
  written: value,
  confidence01: 0.99,
  page: null,
  box: null,
  reason: { code: 'label' },
  flags: [],
  ...more,
});
const material = (page: string, year: number, fields: Record<string, ProposedField>): Proposal => ({
  pages: [page],
  grouping: { confidence01: 1, reasons: [] },
  classCode: null,
  title: null,
  date: { value: { year }, confidence01: 1, page, box: null, reason: { code: 'dated_signed' } },
  fields,
  findings: [],
});

describe('key facts that contradict', () => {
  it('are measured by the earliest material', () => {
    const conflicts = findConflicts(
      [material('late', 2004, { birthDate: field('1981-08-10') }), material('early', 1995, { birthDate: field('1979-08') })],
      ['birthDate'],
    );
    expect(conflicts).toMatchObject([{ field: 'birthDate', pages: ['late'], against: ['early'], value: '1981-08' }]);
  });

  it('are none when they agree to the month', () => {
    expect(
      findConflicts(
        [material('a', 2004, { workStart: field('1997-09') }), material('b', 1995, { workStart: field('1997-09-13') })],
        ['workStart'],
      ),
    ).toEqual([]);
  });

  it('point at the earliest itself when three later ones agree against it', () => {
    const all = [1995, 1998, 2001, 2004].map((year, i) => material(String(i), year, { workStart: field(i ? '1997-09' : '1996-01') }));
    expect(findConflicts(all, ['workStart']).map((c) => c.pages)).toEqual([['0']]);
    expect(findConflicts(all.slice(0, 3), ['workStart']).map((c) => c.pages)).toEqual([['1'], ['2']]);
  });

  it('are not made from words that are doubtful', () => {
    const all = (more: Partial<ProposedField>) => [
      material('a', 1995, { birthDate: field('1979-08') }),
      material('b', 2004, { birthDate: field('1981-08', more) }),
    ];
    expect(findConflicts(all({ confidence01: 0.5 }), ['birthDate'])).toEqual([]);
    expect(findConflicts(all({ flags: ['lunar'] }), ['birthDate'])).toEqual([]);
    expect(findConflicts(all({}), ['birthDate'])).toHaveLength(1);
  });

  it('let education rise with time and not fall', () => {
    const rising = [material('a', 1995, { education: field('高中') }), material('b', 2004, { education: field('大学本科') })];
    expect(findConflicts(rising, ['education'])).toEqual([]);
    const falling = [material('a', 1995, { education: field('大学本科') }), material('b', 2004, { education: field('大学专科') })];
    expect(findConflicts(falling, ['education']).map((c) => c.pages)).toEqual([['b']]);
  });
});
