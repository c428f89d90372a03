import { describe, expect, it } from 'vitest';
import type { Desk } from './desk-data.ts';
import { findNextUnsure, listSure, listUnsure } from './next-unsure.ts';

const field = (code: string, confidence01: number | null, pageId: string | null = null) => ({
  code,
  value: 'x',
  confidence01,
  pageId,
  box: null,
});
const sure = { classCode: 0.99, title: 0.99, date: 0.99 };
const desk = {
  materials: [
    {
      id: 'A',
      state: 'proposed',
      pageIds: ['a'],
      confidence: { ...sure, date: 0.5 },
      fields: [field('birthDate', 0.8, 'a2'), field('name', 0.99)],
    },
    { id: 'B', state: 'confirmed', pageIds: ['b'], confidence: sure, fields: [field('name', 0.1)] },
    { id: 'C', state: 'draft', pageIds: ['c'], confidence: { classCode: null, title: null, date: null }, fields: [] },
  ],
  pages: [
    { id: 'a', materialId: 'A' },
    { id: 'x', materialId: null },
  ],
} as unknown as Desk;

describe('what waits for a person', () => {
  it('is each unsure field, each unconfirmed material without one, each loose page; nothing of a confirmed material', () => {
    expect(listUnsure(desk)).toEqual([
      { materialId: 'A', pageId: 'a', field: 'date' },
      { materialId: 'A', pageId: 'a2', field: 'birthDate' },
      { materialId: 'C', pageId: 'c', field: null },
      { materialId: null, pageId: 'x', field: null },
    ]);
  });
  it('is walked in order, round the end, and found from anywhere', () => {
    const walk = [findNextUnsure(desk, { materialId: 'A' })!];
    for (let i = 0; i < 4; i++) walk.push(findNextUnsure(desk, walk.at(-1)!)!);
    expect(walk.map((p) => p.field ?? p.pageId)).toEqual(['date', 'birthDate', 'c', 'x', 'date']);
    expect(findNextUnsure(desk, { materialId: 'B' })!.pageId).toBe('c');
    expect(findNextUnsure({ ...desk, materials: [], pages: [] }, {})).toBeNull();
  });
});

describe('what may be confirmed together', () => {
  const one = {
    id: 'S',
    state: 'proposed',
    classCode: '4-1',
    title: '登记表',
    date: '1997-07',
    confidence: sure,
    fields: [field('name', 0.95)],
    findings: [],
  };
  const isListed = (change: object) => listSure({ materials: [{ ...one, ...change }], pages: [] } as unknown as Desk).length === 1;
  it('is a proposal that is sure throughout and that no check speaks against', () => {
    expect([isListed({}), isListed({ date: null, confidence: { ...sure, date: null } })]).toEqual([true, true]);
    expect(isListed({ findings: [{ code: 'x', severity: 'info' }] })).toBe(true);
  });
  it.each([
    ['a confirmed one', { state: 'confirmed' }],
    ['one with a value below it', { fields: [field('name', 0.949)] }],
    ['one whose class nobody read', { confidence: { ...sure, classCode: null } }],
    ['one without a class', { classCode: null }],
    ['one without a title', { title: ' ' }],
    ['one with a doubtful date', { confidence: { ...sure, date: 0.9 } }],
    ['one that a check speaks against', { findings: [{ code: 'proposal/check-digit', severity: 'warning' }] }],
  ])('is not %s', (_, change) => {
    expect(isListed(change)).toBe(false);
  });
});
