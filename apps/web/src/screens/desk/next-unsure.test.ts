import { describe, expect, it } from 'vitest';
import type { Desk } from './desk-data.ts';
import { findNextUnsure, listUnsure } from './next-unsure.ts';

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
