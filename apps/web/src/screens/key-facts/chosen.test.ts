import { describe, expect, it } from 'vitest';
import type { KeyFacts } from '../../api/key-facts.ts';
import { findAssertion, firstChosen, stepChosen } from './chosen.ts';

const said = (materialId: string, role: 'basis' | 'agrees' | 'deviates') => ({ materialId, role });
const facts = {
  facts: [
    { code: 'name', assertions: [said('a', 'basis'), said('b', 'agrees')] },
    { code: 'birthDate', assertions: [said('a', 'basis'), said('b', 'deviates')] },
    { code: 'workStart', assertions: [] },
    { code: 'education', assertions: [said('b', 'deviates')] },
  ],
} as unknown as KeyFacts;
const silent = { facts: [{ code: 'name', assertions: [] }] } as unknown as KeyFacts;

describe('what is in hand among the key facts', () => {
  it('is the first deviating value, else the first there is, else nothing', () => {
    expect(firstChosen(facts)).toEqual({ fact: 'birthDate', materialId: 'b' });
    expect(firstChosen(silent)).toBeNull();
    expect(findAssertion(facts, { fact: 'birthDate', materialId: 'b' })?.role).toBe('deviates');
    expect(findAssertion(facts, { fact: 'workStart', materialId: 'b' })).toBeNull();
  });

  it('goes on value by value and round at the ends', () => {
    const last = { fact: 'education', materialId: 'b' } as const;
    expect(stepChosen(facts, { fact: 'name', materialId: 'b' }, 1, false)).toEqual({ fact: 'birthDate', materialId: 'a' });
    expect(stepChosen(facts, last, 1, false)).toEqual({ fact: 'name', materialId: 'a' });
    expect(stepChosen(facts, { fact: 'name', materialId: 'a' }, -1, false)).toEqual(last);
  });

  it('goes from conflict to conflict when asked, and stays where there is none', () => {
    expect(stepChosen(facts, { fact: 'name', materialId: 'a' }, 1, true)).toEqual({ fact: 'birthDate', materialId: 'b' });
    expect(stepChosen(facts, { fact: 'birthDate', materialId: 'b' }, 1, true)).toEqual({ fact: 'education', materialId: 'b' });
    expect(stepChosen(silent, null, 1, true)).toBeNull();
  });
});
