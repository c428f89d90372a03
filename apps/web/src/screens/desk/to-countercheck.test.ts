import { describe, expect, it } from 'vitest';
import type { Desk } from './desk-data.ts';
import { countChecks, findNextToCountercheck, listToCountercheck } from './to-countercheck.ts';

const check = (state: 'waiting' | 'passed' | 'returned', isOwn = false) => ({ state, isOwn });
const desk = {
  materials: [
    { id: 'a', countercheck: check('waiting') },
    { id: 'b', countercheck: check('waiting', true) },
    { id: 'c', countercheck: check('passed') },
    { id: 'd', countercheck: check('waiting') },
    { id: 'e', countercheck: check('returned') },
    { id: 'f', countercheck: null },
  ],
} as unknown as Desk;

describe('what waits for the second person', () => {
  it('is what others confirmed, never the own, nor what is passed, returned or not confirmed', () => {
    expect(listToCountercheck(desk).map((m) => m.id)).toEqual(['a', 'd']);
    expect(countChecks(desk)).toEqual({ mine: 2, others: 1, returned: 1 });
  });

  it('comes one after the other from the material in hand, round the end', () => {
    expect([null, 'a', 'b', 'd', 'f'].map((id) => findNextToCountercheck(desk, id)?.id)).toEqual(['a', 'd', 'd', 'a', 'a']);
    expect(findNextToCountercheck({ ...desk, materials: [] }, null)).toBeNull();
  });
});
