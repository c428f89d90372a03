import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Filter, findEqual, isTaken, OPERATORS, parseFilter, printFilter } from './filter.ts';

const path = fc.constantFrom(
  'userName',
  'externalId',
  'name.formatted',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
);
const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.integer(), fc.boolean(), fc.constant(null));
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'f' },
    fc.record({ kind: fc.constant('compare' as const), path, op: fc.constantFrom(...OPERATORS), value }),
    fc.record({ kind: fc.constant('present' as const), path }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: tie('filter'), right: tie('filter') }),
    fc.record({ kind: fc.constant('not' as const), inner: tie('filter') }),
    fc.record({ kind: fc.constant('some' as const), path: fc.constant('members'), inner: tie('filter') }),
  ),
}));

describe('a SCIM filter', () => {
  it('is read back as it was printed', () => {
    fc.assert(
      fc.property(filter, (f) => {
        expect(parseFilter(printFilter(f))).toEqual(f);
      }),
    );
  });

  it('binds not before and before or, in any case of letters', () => {
    const read = parseFilter('userName EQ "a" OR active eq True AND not (externalId pr)');
    expect(read).toMatchObject({
      kind: 'or',
      left: { op: 'eq', value: 'a' },
      right: { kind: 'and', left: { value: true }, right: { kind: 'not', inner: { kind: 'present' } } },
    });
  });

  it('that is none is refused, and so is one too long or too deep', () => {
    const bad = [
      '',
      'userName',
      'userName eq',
      'userName eq a',
      'userName is "a"',
      '(userName pr',
      'userName pr)',
      'a eq "b" c',
      'eq "a"',
      '"a" eq "a"',
    ];
    for (const text of [
      ...bad,
      'userName eq "a',
      "userName eq 'a'; drop table account",
      '('.repeat(30),
      `userName eq "${'x'.repeat(2000)}"`,
    ])
      expect(() => parseFilter(text)).toThrow('scim/filter-malformed');
  });

  it('takes in what it says: names without regard to case, ids with it, lists by any of their items', () => {
    const user = {
      id: 'Ab',
      userName: 'Zhang.San',
      active: true,
      emails: [
        { value: 'a@b.cn', type: 'work' },
        { value: 'c@d.cn', type: 'home' },
      ],
      'urn:x:User': { department: 'HR' },
    };
    const taken = (text: string) => isTaken(parseFilter(text), user);
    const yes = [
      'userName eq "zhang.san"',
      'USERNAME sw "zhang" and active eq "True"',
      'id eq "Ab"',
      'emails[type eq "work" and value co "b.cn"]',
      'emails co "d.cn"',
      'emails.type eq "home"',
      'urn:x:User:department eq "hr"',
      'title eq null',
      'userName ne "x" and not (title pr)',
    ];
    const no = [
      'id eq "ab"',
      'emails[type eq "home" and value co "b.cn"]',
      'active eq false',
      'userName gt "zz"',
      'title pr',
      'userName eq true',
    ];
    expect([yes.filter((text) => !taken(text)), no.filter(taken)]).toEqual([[], []]);
  });

  it('tells what can be looked up, and nothing of what only may be', () => {
    expect(findEqual(parseFilter('active eq true and userName eq "a"'), 'username')).toBe('a');
    expect(findEqual(parseFilter('userName eq "a" or userName eq "b"'), 'userName')).toBeNull();
    expect(findEqual(parseFilter('not (userName eq "a")'), 'userName')).toBeNull();
    expect(findEqual(null, 'userName')).toBeNull();
  });
});
