import { DEFAULT_POLICY, loadPolicy } from '@lantai/policy/document';
import { describe, expect, it } from 'vitest';
import { compareModels } from './agreement.ts';
import { withoutEachLine } from './mutants.ts';

const policy = loadPolicy(DEFAULT_POLICY);

describe('the policy and the reference model', () => {
  it('agree on 20,000 random cases, and explanations with both', () => {
    const { disagreements, allowed, notFound, refused } = compareModels(policy, 20_000);
    expect(disagreements).toEqual([]);
    expect(Math.min(allowed, notFound, refused)).toBeGreaterThan(1000);
  });
  it('disagree as soon as a line is missing', () => {
    for (const mutant of withoutEachLine(policy)) {
      let seen = false;
      for (let from = 1; !seen && from < 40_000; from += 1000) seen = compareModels(mutant.policy, 1000, from).disagreements.length > 0;
      expect({ without: mutant.name, seen }).toEqual({ without: mutant.name, seen: true });
    }
  });
});
