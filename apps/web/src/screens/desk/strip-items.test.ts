import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Desk, Material, Operation, Page } from './desk-data.ts';
import {
  assembleSelected,
  listStripItems,
  listStripPages,
  mergeWithPrevious,
  pageInHand,
  placeBeside,
  splitBefore,
  stepPages,
} from './strip-items.ts';

const page = (id: string, materialId: string | null): Page => ({
  id,
  materialId,
  fileName: `${id}.jpg`,
  origin: 'as_received',
  mediaType: 'image/jpeg',
  widthPx: 10,
  heightPx: 14,
  turned: 0,
  readState: 'read',
  readReason: null,
  persons: [],
  entryId: id,
  receivedAtMs: 0,
  scans: 1,
  findings: [],
});
const material = (id: string, pageIds: string[]): Material => ({
  id,
  code: null,
  classCode: '1',
  sequence: 1,
  title: id,
  date: null,
  copies: 1,
  retention: null,
  remarks: '',
  tags: [],
  fields: [],
  confidence: { classCode: null, title: null, date: null },
  origin: 'scanned',
  state: 'draft',
  pageIds,
  findings: [],
  documentOf: null,
  countercheck: null,
  version: 1,
});
/** A desk of materials `{A: 'abc'}` and loose pages. */
function deskOf(groups: Record<string, string>, loose = ''): Desk {
  const materials = Object.entries(groups).map(([id, pages]) => material(id, [...pages]));
  return {
    dossierId: 'd',
    version: 1,
    countercheck: false,
    materials,
    pages: [...materials.flatMap((m) => m.pageIds.map((id) => page(id, m.id))), ...[...loose].map((id) => page(id, null))],
    undo: null,
    masking: { hidden: [], shownUntilMs: null },
  };
}
/** What an operation of pages does, by its words in the contract. */
function apply(desk: Desk, operation: Operation | null): Desk {
  if (operation?.type === 'reorderPages')
    return { ...desk, materials: desk.materials.map((m) => (m.id === operation.materialId ? { ...m, pageIds: operation.pageIds } : m)) };
  if (operation?.type !== 'movePages') return desk;
  const moved = new Set(operation.pageIds);
  const materials = desk.materials.map((m) => {
    const rest = m.pageIds.filter((id) => !moved.has(id));
    if (m.id !== operation.toMaterialId) return { ...m, pageIds: rest };
    const at = operation.position ?? rest.length;
    return { ...m, pageIds: [...rest.slice(0, at), ...operation.pageIds, ...rest.slice(at)] };
  });
  return { ...desk, materials, pages: desk.pages.map((p) => (moved.has(p.id) ? { ...p, materialId: operation.toMaterialId } : p)) };
}
const shown = (desk: Desk) =>
  listStripItems(desk)
    .map((item) => (item.kind === 'gap' ? '|' : item.page.id))
    .join('');

describe('the page strip', () => {
  it('shows materials in order with gaps between them and the loose pages last', () => {
    expect(shown(deskOf({ A: 'ab', B: '', C: 'c' }, 'xy'))).toBe('ab|c|xy');
    expect(shown(deskOf({}, 'x'))).toBe('x');
  });
  it('opens the page asked for, else the first of the material asked for, else the first there is, and none where there is none', () => {
    const desk = deskOf({ A: 'ab', B: 'cd', C: '' }, 'xy');
    const at = (asked: { page?: string; material?: string }) => pageInHand(desk, asked)?.id ?? null;
    expect([at({}), at({ page: 'd' }), at({ material: 'B' }), at({ page: 'x', material: 'B' })]).toEqual(['a', 'd', 'c', 'x']);
    expect([at({ material: 'C' }), at({ page: 'elsewhere' }), pageInHand(deskOf({}), {})]).toEqual([null, null, null]);
    expect(at({ material: 'elsewhere' })).toBe('a');
  });

  it('cuts before a page, but not before the first of a material nor a loose one', () => {
    const desk = deskOf({ A: 'abc' }, 'x');
    expect(splitBefore(desk, 'b')).toEqual({ type: 'split', materialId: 'A', beforePageId: 'b' });
    expect(splitBefore(desk, 'a')).toBeNull();
    expect(splitBefore(desk, 'x')).toBeNull();
  });
  it('merges with the material before, over a typed one without pages, and never without one before', () => {
    const desk = deskOf({ A: 'a', T: '', B: 'b' }, 'x');
    expect(mergeWithPrevious(desk, 'b')).toEqual({ type: 'merge', intoMaterialId: 'A', materialIds: ['B'] });
    expect(mergeWithPrevious(desk, 'a')).toBeNull();
    expect(mergeWithPrevious(desk, 'x')).toBeNull();
  });
  it('assembles the selection in strip order, or the page in hand, and not what already is one material', () => {
    const desk = deskOf({ A: 'ab', B: 'c' }, 'xy');
    expect(assembleSelected(desk, new Set(['y', 'b']), 'a')).toEqual({ type: 'assemble', pageIds: ['b', 'y'] });
    expect(assembleSelected(desk, new Set(), 'x')).toEqual({ type: 'assemble', pageIds: ['x'] });
    expect(assembleSelected(desk, new Set(['a', 'b']), null)).toBeNull();
    expect(assembleSelected(desk, new Set(), null)).toBeNull();
  });
  it('steps a page through its material, over the edge into the next, and out to the loose ones', () => {
    let desk = deskOf({ A: 'ab', B: 'c' }, 'x');
    const states = [shown(desk)];
    for (let i = 0; i < 4; i++) {
      desk = apply(desk, stepPages(desk, ['a'], 1));
      states.push(shown(desk));
    }
    expect(states).toEqual(['ab|c|x', 'ba|c|x', 'b|ac|x', 'b|ca|x', 'b|c|ax']);
    expect(stepPages(deskOf({ A: 'ab' }), ['a'], -1)).toBeNull();
  });
  it('never loses or doubles a page, wherever pages are put', () => {
    const desks = fc.constantFrom(deskOf({ A: 'abc', B: 'de', C: 'f' }, 'xyz'), deskOf({ A: 'abcdef' }), deskOf({}, 'abc'));
    fc.assert(
      fc.property(desks, fc.array(fc.nat(8)), fc.nat(8), fc.boolean(), (desk, picks, beside, after) => {
        const strip = listStripPages(desk);
        const moving = strip.filter((_, i) => picks.includes(i));
        const target = strip[beside % strip.length]!;
        const next = apply(desk, placeBeside(desk, moving, target, after ? 'after' : 'before'));
        expect(listStripPages(next).toSorted()).toEqual(strip.toSorted());
      }),
    );
  });
});
