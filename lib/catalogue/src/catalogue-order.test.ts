import { readFileSync } from 'node:fs';
import { comparePartialDates, type PartialDate, parsePartialDate } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrange, countPages, layCatalogueSheet, loadScheme, parseCopies, type SheetMaterial, sumCounts } from './index.ts';

const schemeText = (id: string) => readFileSync(new URL(`../../../schemes/${id}.yaml`, import.meta.url), 'utf8');
const cadre = loadScheme(schemeText('cadre-2018'));

const material = (id: string, classCode: string | null, date: string | null, follows: string | null = null): SheetMaterial => ({
  id,
  classCode,
  title: `title ${id}`,
  date: date === null ? null : parsePartialDate(date),
  copies: 1,
  pages: 2,
  remarks: '',
  code: null,
  follows,
});

describe('order of the catalogue', () => {
  it('goes by class, then date, a missing month first in its year, the undated last, equals as filed', () => {
    const list = [
      material('z', null, '1980'),
      material('a', '10', '1990'),
      material('b', '4-1', null),
      material('c', '4-1', '1990-01'),
      material('d', '4-1', '1990'),
      material('e', '1', '2000-05-01'),
      material('f', '4-1', '1990-01'),
      material('g', '3', '1979-12'),
    ];
    expect(arrange(cadre, list).map((a) => `${a.material.id}${a.numberInClass}`)).toEqual(['e1', 'g1', 'd1', 'c2', 'f3', 'b4', 'a1', 'z1']);
  });
  it('keeps a material behind the one it follows, whatever its date, and ends on a ring', () => {
    const list = [
      material('a', '9-2', '2001'),
      material('b', '9-2', '1999', 'a'),
      material('c', '9-2', '2000'),
      material('d', '9-2', '1990', 'b'),
    ];
    expect(arrange(cadre, list).map((a) => a.material.id)).toEqual(['c', 'a', 'b', 'd']);
    const ring = [material('a', '1', '2001', 'b'), material('b', '1', '2000', 'a'), material('c', '1', '2002', 'c')];
    expect(arrange(cadre, ring).map((a) => a.material.id)).toEqual(['c', 'b', 'a']);
  });
  it('loses none, numbers each class from 1 without gaps, and sorting again changes nothing', () => {
    const one = fc.record({
      classCode: fc.option(fc.constantFrom('1', '3', '4-1', '9-2', 'X')),
      date: fc.option(fc.constantFrom('1990', '1990-01', '1990-01-02', '1989-12')),
      follows: fc.option(fc.nat(9)),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 10 }), (drawn) => {
        const list = drawn.map((m, i) => material(`${i}`, m.classCode, m.date, m.follows === null ? null : `${m.follows}`));
        const arranged = arrange(cadre, list);
        const order = arranged.map((a) => a.material);
        expect(order.map((m) => m.id).sort()).toEqual(list.map((m) => m.id).sort());
        for (const code of new Set(list.map((m) => m.classCode)))
          expect(arranged.filter((a) => a.material.classCode === code).map((a) => a.numberInClass)).toEqual(
            list.filter((m) => m.classCode === code).map((_, i) => i + 1),
          );
        // Followers first do not matter for this; without them the order of dates is exact.
        const plain = arrange(
          cadre,
          list.map((m) => ({ ...m, follows: null })),
        ).filter((a) => a.material.classCode === '4-1');
        const dates: (PartialDate | null)[] = plain.map((a) => a.material.date);
        expect(dates).toEqual([...dates].sort(comparePartialDates));
        const byIds = (ms: readonly SheetMaterial[]) =>
          arrange(
            cadre,
            ms.map((m) => ({ ...m, follows: null })),
          ).map((a) => a.material.id);
        const once = arrange(
          cadre,
          list.map((m) => ({ ...m, follows: null })),
        ).map((a) => a.material);
        expect(byIds(once)).toEqual(once.map((m) => m.id));
      }),
    );
  });
  it('keeps an attachment right behind its form, with nothing between but what is attached likewise, and ties as filed', () => {
    const one = fc.record({ date: fc.option(fc.constantFrom('1990', '1990-01', '1991')), follows: fc.option(fc.nat(11)) });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 12 }), (drawn) => {
        // An attachment names one before it, so that there is no ring.
        const list = drawn.map((m, i) => material(`${i}`, '9-2', m.date, m.follows === null || m.follows >= i ? null : `${m.follows}`));
        const byId = new Map(list.map((m) => [m.id, m]));
        const order = arrange(cadre, list).map((a) => a.material);
        const place = new Map(order.map((m, at) => [m.id, at]));
        const hangsOn = (m: SheetMaterial, id: string): boolean =>
          m.follows === id || (m.follows !== null && hangsOn(byId.get(m.follows)!, id));
        for (const m of order.filter(({ follows }) => follows !== null)) {
          const between = order.slice(place.get(m.follows!)! + 1, place.get(m.id)!);
          expect(place.get(m.id)!).toBeGreaterThan(place.get(m.follows!)!);
          expect(between.every((other) => hangsOn(other, m.follows!))).toBe(true);
        }
        // Among those that hang on the same form, or on none, the order is that of dates, and of one date that of filing.
        for (const form of new Set(list.map((m) => m.follows))) {
          const same = order.filter((m) => m.follows === form);
          for (const [at, m] of same.entries()) {
            const next = same[at + 1];
            if (!next) continue;
            const compared = comparePartialDates(m.date, next.date);
            expect(compared < 0 || (compared === 0 && Number(m.id) < Number(next.id))).toBe(true);
          }
        }
      }),
    );
  });
});

describe('counting', () => {
  it('counts faces with content once and copies as given', () => {
    const pages = [
      { blank: false, duplicate: false },
      { blank: true, duplicate: false },
      { blank: false, duplicate: true },
    ];
    expect(countPages(pages)).toBe(1);
    expect(sumCounts([material('a', '1', null), { copies: 3, pages: 4 }])).toEqual({ copies: 4, pages: 6 });
    expect(parseCopies(999)).toBe(999);
    for (const n of [0, 1000, 1.5, Number.NaN]) expect(() => parseCopies(n)).toThrow('material/copies');
  });
});

describe('catalogue sheet', () => {
  const head = {
    subjectName: '某某',
    dossierCode: 'Z109-RS·GB-000001',
    set: 'original',
    madeOn: { year: 2026, month: 11, day: 22 },
  } as const;
  it('shows every class, used or not, numbers each class anew and leaves blank rows at the tail', () => {
    const sheet = layCatalogueSheet(cadre, head, [material('a', '4-1', '2001'), material('b', '4-1', '2000'), material('c', '10', null)]);
    expect(sheet.rows.filter((r) => r.kind === 'class')).toHaveLength(18);
    expect(sheet.rows.filter((r) => r.kind === 'material').map((r) => [r.number, r.title])).toEqual([
      [1, 'title b'],
      [2, 'title a'],
      [1, 'title c'],
    ]);
    expect(sheet.rows.slice(-3)).toEqual([{ kind: 'blank' }, { kind: 'blank' }, { kind: 'blank' }]);
    expect(sheet.rows.findIndex((r) => r.kind === 'material')).toBe(5);
    expect(sheet.total).toEqual({ copies: 3, pages: 6 });
  });
  it('leaves out no material: one without a class the scheme knows stands last under a heading of its own', () => {
    const sheet = layCatalogueSheet(cadre, head, [material('a', null, null), material('b', 'ZZ', '1999')]);
    const at = sheet.rows.findIndex((r) => r.kind === 'class' && r.name.zh === '未归类');
    expect(sheet.rows.slice(at + 1, at + 3).map((r) => r.kind === 'material' && r.title)).toEqual(['title a', 'title b']);
    expect(layCatalogueSheet(cadre, head, []).rows.some((r) => r.kind === 'class' && r.name.zh === '未归类')).toBe(false);
  });
});
