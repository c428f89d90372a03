import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, loadPolicy, readPolicy } from './document.ts';

const HEAD = `id: small
name: { zh: 小, en: Small }
levels: [{ zh: 公开, en: Public }, { zh: 内部, en: Internal }]
deployment-level: 1
utc-offset-minutes: 480
lines:
  - { id: keys, effect: allow, roles: [security_admin], actions: [account.manage, policy.read, policy.change] }
`;
const withLine = (line: string) => readPolicy(`${HEAD}  - ${line}\n`);
const codes = (line: string) => {
  const outcome = withLine(line);
  return 'problems' in outcome ? outcome.problems.map((p) => `${p.code}:${p.params.line}`) : [];
};

describe('a policy file', () => {
  it('is read as it says', () => {
    const outcome = withLine(
      '{ id: clerk, effect: allow, roles: [unit_clerk], actions: [search], organisations: own-unit, level: 1, purposes: [archive_work], hours: 08:30-17:00, weekdays: [1, 5], categories: [cadre] }',
    );
    expect('policy' in outcome && outcome.policy.lines[1]).toEqual({
      id: 'clerk',
      effect: 'allow',
      note: { zh: '', en: '' },
      roles: ['unit_clerk'],
      actions: ['search'],
      categories: { in: ['cadre'] },
      purposes: ['archive_work'],
      hours: { fromMinute: 510, toMinute: 1020 },
      weekdays: [1, 5],
      by: 'post',
      organisations: 'own-unit',
      level: 1,
      needs: [],
    });
  });
  it('is refused whole, with the line of every problem', () => {
    expect(codes('{ id: X, effect: allow, roles: [king], actions: [search], colour: red }')).toEqual([
      'policy/malformed:8',
      'policy/empty:8',
      'policy/not-a-choice:8',
      'policy/unknown-key:8',
    ]);
    expect(codes('{ id: a1, effect: maybe, roles: [archivist], actions: [search] }')).toEqual(['policy/not-a-choice:8']);
    expect(codes('{ id: a1, effect: allow, roles: all }')).toContain('policy/missing-key:8');
    expect(codes('{ id: keys, effect: allow, roles: [archivist], actions: [search] }')).toEqual(['policy/twice:8']);
    expect(codes('{ id: a1, effect: allow, roles: [archivist], actions: [search], hours: 25:00-26:00 }')).toEqual(['policy/malformed:8']);
    expect(codes('{ id: a1, effect: allow, roles: [archivist], actions: [search], level: 16 }')).toEqual(['policy/out-of-range:8']);
    expect(codes('{ id: a1, effect: allow, roles: [archivist], actions: [search], weekdays: [8] }')).toContain('policy/not-a-choice:8');
  });
  it('is refused when a key does not go with its effect', () => {
    expect(codes('{ id: a1, effect: deny, roles: all, actions: all, needs: [two_readers] }')).toEqual(['policy/not-for-effect:8']);
    expect(codes('{ id: a1, effect: allow, roles: [archivist], actions: [search], unless: audience }')).toEqual([
      'policy/not-for-effect:8',
    ]);
    expect(codes('{ id: a1, effect: allow, roles: [reader], actions: [search], by: grant, organisations: all }')).toEqual([
      'policy/not-for-by:8',
    ]);
    expect(codes('{ id: a1, effect: allow, roles: [archivist], actions: [search], needs: [two_readers] }')).toEqual([
      'policy/not-for-by:8',
    ]);
    expect(codes('{ id: a1, effect: deny, roles: all, actions: all, unless: audience }')).toEqual(['policy/audience-of-what:8']);
    expect(codes('{ id: a1, effect: deny, roles: all, actions: all, categories: [a], except-categories: [b] }')).toEqual([
      'policy/both-keys:8',
    ]);
  });
  it('never lets an administrator do archive business, nor two share a right', () => {
    expect(codes('{ id: a1, effect: allow, roles: [system_admin], actions: [page.view] }')).toEqual(['policy/administrator-and-archive:8']);
    expect(codes('{ id: a1, effect: allow, roles: [audit_admin], actions: [account.manage] }')).toContain('policy/administrators-share:8');
  });
  it('never locks out those who could change it', () => {
    const outcome = readPolicy(HEAD.replace(', policy.change]', ']'));
    expect('problems' in outcome && outcome.problems.map((p) => [p.code, p.params.action, p.params.line])).toEqual([
      ['policy/locks-out', 'policy.change', 7],
    ]);
  });
  it('tells broken YAML by its line, and throws no more than a code', () => {
    const outcome = readPolicy('id: [\nlines: }');
    expect('problems' in outcome && outcome.problems[0]?.code).toBe('policy/yaml');
    expect(() => loadPolicy('x')).toThrow('policy/invalid');
    expect(() => loadPolicy(HEAD)).not.toThrow();
  });
  it('refuses any single damaged line of the default policy, or reads another policy of it', () => {
    const lines = DEFAULT_POLICY.split('\n');
    const whole = JSON.stringify(loadPolicy(DEFAULT_POLICY));
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.constantFrom('{', ': :', '- x', '\t'), (at, damage) => {
        if (!lines[at]?.trim() || lines[at]?.trim().startsWith('#')) return;
        const outcome = readPolicy(lines.map((l, i) => (i === at ? `${l}${damage}` : l)).join('\n'));
        if ('policy' in outcome) expect(JSON.stringify(outcome.policy) === whole && damage !== '\t').toBe(false);
        else expect(outcome.problems.every((p) => p.params.line >= 1 && /^policy\//.test(p.code))).toBe(true);
      }),
    );
  });
});
