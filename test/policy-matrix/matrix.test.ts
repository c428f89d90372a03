import { type Endpoint, endpoints } from '@lantai/contract';
import { ACTIONS, ROLES } from '@lantai/policy';
import { DEFAULT_POLICY, loadPolicy } from '@lantai/policy/document';
import { describe, expect, it } from 'vitest';
import { failuresOf } from './check-cases.ts';
import { THINGS } from './facts.ts';
import { readMatrix } from './matrix.ts';
import { withoutEachLine } from './mutants.ts';

const policy = loadPolicy(DEFAULT_POLICY);
const matrix = readMatrix();

describe('the access matrix', () => {
  it('has a case for every action, role and thing', () => {
    const about = (thing: boolean) => new Set(matrix.cases.filter((c) => (c.thing !== null) === thing).map((c) => c.action));
    expect([...about(true), ...about(false)].sort()).toEqual([...ACTIONS].sort());
    const expected = about(true).size * ROLES.length * Object.keys(THINGS).length + about(false).size * ROLES.length;
    expect(new Set(matrix.cases.map((c) => `${c.action} ${c.role} ${c.thing}`)).size).toBe(expected);
    expect(matrix.cases.length).toBe(expected);
  });
  it('names every route of the contract once, and no other', () => {
    expect([...matrix.routes].sort()).toEqual(Object.keys(endpoints).sort());
  });
  it('puts every route under the right that the contract asks for it', () => {
    for (const [id, { right }] of Object.entries(endpoints) as [string, Endpoint][]) {
      const actions = matrix.actionsOfRoute.get(id) ?? [];
      const open = right === 'open' || right === 'signed-in' || actions.length === 0;
      expect({ id, right, named: open || actions.includes(right) }).toEqual({ id, right, named: true });
    }
  });
  it('is what the default policy says, in every case', () => {
    expect(failuresOf(policy, matrix.cases)).toEqual([]);
  });
  it('misses every single line of the policy that is taken away', () => {
    for (const mutant of withoutEachLine(policy))
      expect({ without: mutant.name, missed: failuresOf(mutant.policy, matrix.cases).length > 0 }).toEqual({
        without: mutant.name,
        missed: true,
      });
  });
  it('reads nothing it does not understand', () => {
    const page = (row: string) => `## X\nActions: \`search\`\n| role | own |\n|---|---|\n${row}\n`;
    expect(readMatrix(page('| reader | ○ |')).cases).toEqual([{ action: 'search', role: 'reader', thing: 'own', expected: 'not-found' }]);
    expect(() => readMatrix(page('| reader | yes |'))).toThrow('no sign');
    expect(() => readMatrix(page('| reader | ○ | ○ |'))).toThrow('3 cells');
    expect(() => readMatrix(page('| king | ○ |'))).toThrow('king');
  });
});
