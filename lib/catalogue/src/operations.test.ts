import type { MaterialId, PageId } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Arrangement,
  applySteps,
  emptyDescription,
  invertSteps,
  planAssemble,
  planDescribe,
  planDissolve,
  planMerge,
  planMoveToClass,
  planPlacePages,
  planReorder,
  planSplit,
  type Step,
} from './index.ts';

const material = (n: number) => `m${n}` as MaterialId;
const page = (n: number) => `p${n}` as PageId;
const described = (n: number) => ({ ...emptyDescription(material(n)), title: `title ${n}`, tags: ['t'], fields: { code: `${n}` } });

const start: Arrangement = { loose: Array.from({ length: 8 }, (_, i) => page(i)), materials: [] };
const assembled = applySteps(start, [...planAssemble(start, described(1), [page(2), page(0)])]);

const allPages = (state: Arrangement) => [...state.loose, ...state.materials.flatMap((m) => m.pages)].sort();
const shape = (state: Arrangement) => [state.loose.join(' '), ...state.materials.map((m) => `${m.id}: ${m.pages.join(' ')}`)];

describe('material operations', () => {
  it('assembles loose pages in the order given, and takes the material apart again', () => {
    expect(shape(assembled)).toEqual(['p1 p3 p4 p5 p6 p7', 'm1: p2 p0']);
    expect(shape(applySteps(assembled, planDissolve(assembled, material(1))))).toEqual(['p1 p3 p4 p5 p6 p7 p2 p0']);
  });
  it('splits a material before a page and merges it back, keeping the first description', () => {
    const split = applySteps(assembled, planSplit(assembled, material(1), 1, material(2), { title: 'rest' }));
    expect(shape(split)).toEqual(['p1 p3 p4 p5 p6 p7', 'm1: p2', 'm2: p0']);
    const merged = applySteps(split, planMerge(split, material(1), material(2)));
    expect(merged).toEqual(assembled);
  });
  it('puts pages where they are wanted, inside one list and across two', () => {
    const inside = applySteps(start, planPlacePages(start, [page(0), page(1)], { material: null, index: 4 }));
    expect(inside.loose.join(' ')).toBe('p2 p3 p0 p1 p4 p5 p6 p7');
    const back = applySteps(start, planPlacePages(start, [page(6), page(5)], { material: null, index: 1 }));
    expect(back.loose.join(' ')).toBe('p0 p6 p5 p1 p2 p3 p4 p7');
    const across = applySteps(assembled, planPlacePages(assembled, [page(7), page(2)], { material: material(1), index: 1 }));
    expect(shape(across)).toEqual(['p1 p3 p4 p5 p6', 'm1: p7 p2 p0']);
    expect(planPlacePages(start, [page(3)], { material: null, index: 3 })).toEqual([]);
  });
  it('moves a material into a class, at a place among those filed there', () => {
    const ids = [1, 2, 3, 4];
    const four = ids.reduce(
      (state, n) => applySteps(state, planAssemble(state, { ...described(n), classCode: n < 4 ? '3' : '1' }, [page(n)])),
      start,
    );
    const orderIn = (state: Arrangement, code: string) => state.materials.filter((m) => m.classCode === code).map((m) => m.id);
    for (const [position, order] of [
      [0, ['m4', 'm1', 'm2', 'm3']],
      [2, ['m1', 'm2', 'm4', 'm3']],
      [undefined, ['m1', 'm2', 'm3', 'm4']],
      [99, ['m1', 'm2', 'm3', 'm4']],
    ] as const)
      expect(orderIn(applySteps(four, planMoveToClass(four, material(4), '3', position)), '3')).toEqual(order);
    const within = applySteps(four, planMoveToClass(four, material(3), '3', 0));
    expect(orderIn(within, '3')).toEqual(['m3', 'm1', 'm2']);
    expect(orderIn(applySteps(four, planMoveToClass(four, material(1), '7')), '7')).toEqual(['m1']);
  });
  it('lets what followed a merged material follow the other, and undoes that too', () => {
    const two = applySteps(assembled, planAssemble(assembled, described(2), [page(1)]));
    const three = applySteps(two, planAssemble(two, { ...described(3), follows: material(2) }, [page(3)]));
    const steps = planMerge(three, material(1), material(2));
    const merged = applySteps(three, steps);
    expect(merged.materials.map((m) => [m.id, m.follows])).toEqual([
      ['m1', null],
      ['m3', 'm1'],
    ]);
    expect(applySteps(merged, invertSteps(steps))).toEqual(three);
  });
  it('refuses what cannot be: a page or material that is not here, a split at the edge, a merge with itself, an id twice', () => {
    expect(() => planAssemble(start, described(1), [page(99)])).toThrow('page/not-here');
    expect(() => planAssemble(start, described(1), [page(1), page(1)])).toThrow('page/twice');
    expect(() => planAssemble(assembled, described(1), [])).toThrow('material/already-here');
    expect(() => planReorder(assembled, material(9), 0)).toThrow('material/not-here');
    for (const at of [0, 2, 0.5]) expect(() => planSplit(assembled, material(1), at, material(2))).toThrow('material/split-place');
    expect(() => planMerge(assembled, material(1), material(1))).toThrow('material/merge-itself');
  });
  it('refuses to undo what was changed since, and changes nothing then', () => {
    const steps = planDescribe(assembled, material(1), { title: 'new' });
    const changed = applySteps(assembled, steps);
    const byOther = applySteps(changed, planDescribe(changed, material(1), { title: 'newer' }));
    const before = structuredClone(byOther);
    expect(() => applySteps(byOther, invertSteps(steps))).toThrow('catalogue/changed-since');
    expect(byOther).toEqual(before);
    const assembly = planAssemble(start, described(1), [page(0)]);
    const grown = applySteps(
      applySteps(start, assembly),
      planPlacePages(applySteps(start, assembly), [page(5)], { material: material(1), index: 1 }),
    );
    expect(() => applySteps(grown, invertSteps(assembly))).toThrow('catalogue/changed-since');
    expect(planDescribe(assembled, material(1), { title: 'title 1' })).toEqual([]);
  });

  const act = fc.record({
    kind: fc.constantFrom('assemble', 'dissolve', 'split', 'merge', 'reorder', 'toClass', 'place', 'describe'),
    a: fc.nat(20),
    b: fc.nat(20),
    c: fc.nat(20),
  });

  function plan(state: Arrangement, { kind, a, b, c }: { kind: string; a: number; b: number; c: number }, fresh: number): Step[] {
    const pages = allPages(state);
    const some = pages.filter((_, i) => (i + a) % (1 + (b % 4)) === 0);
    const of = (n: number) => state.materials[n % Math.max(1, state.materials.length)];
    if (kind === 'assemble' || !state.materials.length) return planAssemble(state, described(fresh), c % 3 ? some : [], b);
    const one = of(a)!;
    const other = of(b)!;
    if (kind === 'dissolve') return planDissolve(state, one.id);
    if (kind === 'split') return one.pages.length > 1 ? planSplit(state, one.id, 1 + (b % (one.pages.length - 1)), material(fresh)) : [];
    if (kind === 'merge') return one.id === other.id ? [] : planMerge(state, one.id, other.id);
    if (kind === 'reorder') return planReorder(state, one.id, b);
    if (kind === 'toClass') return planMoveToClass(state, one.id, c % 2 ? '4-1' : '1', b % 5);
    if (kind === 'place') return planPlacePages(state, some, { material: c % 2 ? null : one.id, index: b });
    return planDescribe(state, one.id, {
      title: `t${b}`,
      classCode: c % 2 ? '4-1' : null,
      follows: other.id === one.id ? null : other.id,
      fields: { x: `${c}` },
    });
  }

  it('comes back to the same arrangement after any act and its undoing, loses no page and doubles none', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
        let state = start;
        const done: Step[] = [];
        acts.forEach((one, i) => {
          const steps = plan(state, one, 100 + i);
          const after = applySteps(state, steps);
          expect(applySteps(after, invertSteps(steps))).toEqual(state);
          expect(applySteps(state, invertSteps(invertSteps(steps)))).toEqual(after);
          expect(allPages(after)).toEqual(allPages(start));
          // A step survives being written as JSON, as the undo log keeps it.
          expect(applySteps(state, JSON.parse(JSON.stringify(steps)) as Step[])).toEqual(after);
          done.push(...steps);
          state = after;
        });
        expect(applySteps(state, invertSteps(done))).toEqual(start);
      }),
      { numRuns: 300 },
    );
  });
});
