import { describe, expect, it } from 'vitest';
import { layTree, rowsSeen, withBelow } from './tree-rows.ts';

const unit = (id: string, parentId: string | null, name = id) => ({ id, parentId, name, code: `c-${id}` });
const FONDS = [
  { id: 'F2', code: 'Z002', name: '子公司', parentId: 'F1', units: [unit('r2', null), unit('b1', 'r2')] },
  { id: 'F1', code: 'Z001', name: '集团', parentId: null, units: [unit('r1', null), unit('a2', 'a1', '财务科'), unit('a1', 'r1')] },
];
const rows = layTree(FONDS);

describe('the tree of organisations', () => {
  it('puts each unit under its own, and a subsidiary under the root of the organisation above', () => {
    expect(rows.map((row) => [row.id, row.level])).toEqual([
      ['r1', 1],
      ['a1', 2],
      ['a2', 3],
      ['r2', 2],
      ['b1', 3],
    ]);
    expect(rows[0]).toMatchObject({ name: '集团', code: 'Z001', isRoot: true, hasBelow: true });
  });
  it('shows an organisation whose upper one is out of sight at the top, and a unit without its root too', () => {
    const partly = layTree([{ ...FONDS[0]!, units: [unit('b1', 'r2'), unit('b2', 'b1')] }]);
    expect(partly.map((row) => [row.id, row.level])).toEqual([
      ['b1', 1],
      ['b2', 2],
    ]);
  });
  it('shows what is open, and by a filter what it names with all above', () => {
    expect(rowsSeen(rows, new Set(['r1']), '').map((row) => row.id)).toEqual(['r1', 'a1', 'r2']);
    expect(rowsSeen(rows, new Set(), '财务').map((row) => row.id)).toEqual(['r1', 'a1', 'a2']);
    expect(rowsSeen(rows, new Set(['r1']), 'nowhere')).toEqual([]);
  });
  it('knows what lies below a unit', () => {
    expect([...withBelow(rows, 'a1')]).toEqual(['a1', 'a2']);
    expect([...withBelow(rows, 'b1')]).toEqual(['b1']);
  });
});
