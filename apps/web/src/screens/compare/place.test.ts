import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schemas } from '../../api/client.ts';
import { listChoices, readBox, sayBox, splitByYear, unitOf } from './place.ts';

const material = (id: string, date: string | null, pageIds: string[], unit?: string) =>
  ({ id, title: id, date, pageIds, fields: unit ? [{ code: 'unit', value: unit }] : [] }) as unknown as Schemas['Material'];
const desk = {
  materials: [
    material('履历表', '1998-07', ['p1', 'p2'], '青岚市第二纺织厂'),
    material('考核表', '1998', ['p3']),
    material('证书', null, ['p4']),
  ],
  pages: ['p1', 'p2', 'p3', 'p4', 'p5'].map((id) => ({ id, materialId: id === 'p5' ? null : 'm' })),
} as unknown as Schemas['Desk'];

describe('what is set side by side', () => {
  it('names a place in an address so that it comes back as it was', () => {
    fc.assert(
      fc.property(fc.tuple(...Array.from({ length: 4 }, () => fc.nat(99_999))), (box) => {
        expect(readBox(sayBox(box))).toEqual(box);
      }),
    );
    expect(readBox(undefined)).toBeNull();
  });

  it('offers the materials of the same year first, and every page once', () => {
    const choices = listChoices(desk);
    const { year, same, rest } = splitByYear(choices, 'p1');
    expect(year).toBe(1998);
    expect(same.map((c) => c.pageId)).toEqual(['p2', 'p3']);
    expect([...same, ...rest].map((c) => c.pageId).sort()).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
    // Of a page without a date nothing is of the same year.
    expect(splitByYear(choices, 'p4').same).toEqual([]);
  });

  it('proposes to search for the unit that the catalogue names', () => {
    expect(unitOf(desk, 'p2')).toBe('青岚市第二纺织厂');
    expect(unitOf(desk, 'p3')).toBe('');
  });
});
