import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, findAccountByName, findSession, insertSession, resetPassword } from '../access/index.ts';
import { type Actor, deskTx, openDesk } from '../desk/index.ts';
import { createUnit } from '../organisation/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import type { DirectoryPerson, DirectoryUnit } from './directory-list.ts';
import { type ApplyOptions, applyRun, previewRun } from './index.ts';

const fixture = useArchive();
let security: Actor;
let system: Actor;
const deskOf = (actor: Actor) => openDesk(fixture.archive, actor, 'administration');

const person = (externalId: string, over: Partial<DirectoryPerson> = {}): DirectoryPerson => ({
  row: null,
  externalId,
  loginName: `user.${externalId}`,
  displayName: `公冶${externalId}`,
  unit: null,
  role: null,
  level: null,
  disabled: false,
  holderNumber: null,
  ...over,
});
const unit = (code: string, over: Partial<DirectoryUnit> = {}): DirectoryUnit => ({
  row: null,
  code,
  name: `${code}科`,
  parentCode: null,
  ...over,
});

async function run(
  actor: Actor,
  people: readonly DirectoryPerson[],
  { units = [], isComplete = false, ...over }: { units?: readonly DirectoryUnit[]; isComplete?: boolean } & Partial<ApplyOptions> = {},
) {
  const list = { units, people, isComplete };
  const options = { kind: 'sheet', fondsId: fixture.fondsId, adopts: false, digest: null, givesPasswords: false, ...over } as const;
  const result = await applyRun(fixture.archive, await deskOf(actor), list, options);
  return {
    ...result,
    people: result.people.map(({ step, password }) => ({
      act: step.act,
      why: step.refusal?.code ?? null,
      changes: step.changes,
      password,
    })),
    accounts: result.people.map((p) => p.accountId),
  };
}
const plan = async (actor: Actor, people: readonly DirectoryPerson[], units: readonly DirectoryUnit[] = [], isComplete = false) =>
  previewRun(
    fixture.archive,
    await deskOf(actor),
    { units, people, isComplete },
    { kind: 'sheet', fondsId: fixture.fondsId, adopts: false },
  );
const rowOf = (accountId: string) =>
  fixture.archive.db.one<{ role: string; unit_id: string | null; level_max: number; disabled: boolean; password_hash: string }>(
    'select role, unit_id, level_max, disabled, password_hash from account where id = $1',
    [accountId],
  );
const kindsAbout = async (accountId: string) =>
  (
    await fixture.archive.db.query<{ kind: string; actor: string }>(
      `select kind, actor_id as actor from entry where convert_from(bytes, 'UTF8')::jsonb->>'object' = $1::text order by id`,
      [accountId],
    )
  ).map((e) => `${e.kind} ${e.actor === security.accountId ? 'security' : e.actor}`);

beforeAll(async () => {
  security = await fixture.addAccount({ role: 'security_admin' });
  system = await fixture.addAccount({ role: 'system_admin' });
  await fixture.addAccount({ role: 'archivist' });
});

describe('units of a list that speaks of a part of the fonds', () => {
  it('are made, moved and renamed below the chosen one alone: what lies elsewhere is refused and stays, and so does what is not named', async () => {
    await run(system, [], { units: [unit('PT'), unit('PT-A', { parentCode: 'PT' }), unit('PT-KEPT', { parentCode: 'PT' }), unit('ELSE')] });
    const desk = await deskOf(system);
    const list = {
      units: [
        unit('PT-B', { parentCode: 'PT' }),
        unit('PT-A', { parentCode: 'PT-B', name: '改名科' }),
        unit('ELSE', { parentCode: 'PT', name: '拿走科' }),
      ],
      people: [],
      isComplete: false,
      belowCode: 'PT',
    };
    const options = { kind: 'ldap', fondsId: fixture.fondsId, adopts: false, digest: null, givesPasswords: false } as const;
    const { units } = await applyRun(fixture.archive, desk, list, options);
    expect(units.map((u) => [u.code, u.refusal?.code ?? u.act])).toEqual([
      ['PT-B', 'create'],
      ['PT-A', 'change'],
      ['ELSE', 'directory/unit-outside'],
    ]);
    const rows = await fixture.archive.db.query<{ code: string; above: string }>(
      `select u.code, p.code as above from unit u join unit p on p.id = u.parent_id
       where u.code in ('PT', 'PT-A', 'PT-B', 'PT-KEPT', 'ELSE') order by u.code`,
    );
    const root = rows.find((r) => r.code === 'PT')?.above;
    expect(rows.map((r) => [r.code, r.above])).toEqual([
      ['ELSE', root],
      ['PT', root],
      ['PT-A', 'PT-B'],
      ['PT-B', 'PT'],
      ['PT-KEPT', 'PT'],
    ]);
  });
});

describe('units of a list', () => {
  it('are made parents first, renamed and moved, and left alone when nothing is said of them', async () => {
    const first = await run(system, [], { units: [unit('A1', { parentCode: 'A' }), unit('A', { name: '人事处' }), unit('B')] });
    expect(first.units.map((s) => [s.code, s.act])).toEqual([
      ['A', 'create'],
      ['A1', 'create'],
      ['B', 'create'],
    ]);
    const again = await run(system, [], { units: [unit('A1', { parentCode: 'B' }), unit('A', { name: '组织人事处' })] });
    expect(again.units.map((s) => [s.code, s.act, s.changes])).toEqual([
      ['A1', 'change', ['parentCode']],
      ['A', 'change', ['name']],
    ]);
    const last = await run(system, [], { units: [unit('A1', { parentCode: 'B' }), unit('A', { name: '组织人事处' })] });
    expect(last.units.map((s) => s.act)).toEqual(['nothing', 'nothing']);
  });

  it('that go round in a circle, stand twice, lie nowhere or have no code are refused, and those below them', async () => {
    const { units } = await plan(
      system,
      [],
      [
        unit('C1', { parentCode: 'C2' }),
        unit('C2', { parentCode: 'C1' }),
        unit('D'),
        unit('D'),
        unit('E', { parentCode: 'NOWHERE' }),
        unit('E1', { parentCode: 'E' }),
        unit('=1+1'),
        unit('F', { parentCode: 'F' }),
      ],
    );
    expect(Object.fromEntries(units.filter((s) => s.refusal).map((s) => [s.code, s.refusal?.code]))).toEqual({
      C1: 'directory/unit-parent-refused',
      C2: 'directory/unit-circle',
      D: 'directory/duplicate',
      E: 'directory/unit-unknown',
      E1: 'directory/unit-parent-refused',
      '=1+1': 'directory/code-malformed',
      F: 'directory/unit-circle',
    });
  });

  it('are the system administrator’s, people the security administrator’s; each does the own part alone', async () => {
    const units = [unit('OFFICE')];
    const asSecurity = await run(security, [person('o1', { unit: 'OFFICE' })], { units });
    expect(asSecurity.units.map((s) => s.refusal?.code)).toEqual(['directory/not-your-office']);
    expect(asSecurity.people.map((p) => p.why)).toEqual(['directory/unit-pending']);
    const below = await plan(security, [], [unit('BELOW', { parentCode: 'OFFICE' }), ...units]);
    expect(below.units.map((s) => s.refusal?.code)).toEqual(Array(2).fill('directory/not-your-office'));
    const asSystem = await run(system, [person('o1', { unit: 'OFFICE' })], { units });
    expect(asSystem.units.map((s) => s.act)).toEqual(['create']);
    expect(asSystem.people.map((p) => p.why)).toEqual(['directory/not-your-office']);
    expect((await run(security, [person('o1', { unit: 'OFFICE' })])).people.map((p) => p.act)).toEqual(['create']);
    const archivist = await fixture.addAccount({ role: 'archivist' });
    await expect(run(archivist, [person('o2')])).rejects.toThrow('desk/not-allowed');
    await expect(plan(archivist, [person('o2')])).rejects.toThrow('desk/not-allowed');
  });
});

describe('a person of a list', () => {
  it('gets an account without a password, is changed and let be, and each act is an entry of who did it', async () => {
    const made = await run(security, [person('p1', { role: 'unit_clerk', unit: 'A', level: 2 })]);
    expect(made.people).toMatchObject([{ act: 'create', password: null }]);
    const id = made.accounts[0]!;
    expect(await rowOf(id)).toMatchObject({ role: 'unit_clerk', level_max: 2, disabled: false, password_hash: 'none' });
    expect((await run(security, [person('p1', { role: 'unit_clerk', unit: 'A', level: 2 })])).people).toMatchObject([{ act: 'nothing' }]);
    const changed = await run(security, [person('p1', { loginName: 'new.name', displayName: '公冶新', unit: '组织人事处', level: 1 })]);
    expect(changed.people).toMatchObject([{ act: 'change', changes: ['loginName', 'displayName', 'level'] }]);
    expect((await findAccountByName(fixture.archive, 'new.name'))?.accountId).toBe(id);
    expect(await kindsAbout(id)).toEqual([
      'account.created security',
      'directory.person-kept security',
      'account.changed security',
      'directory.person-kept security',
    ]);
    const rows = await fixture.database.ownerDb.query<{ t: string }>('select p::text || a::text as t from directory_person p, account a');
    expect(rows.some(({ t }) => /公冶|new\.name|user\.p1/.test(t) || t.includes(Buffer.from('公冶').toString('hex')))).toBe(false);
  });

  it('can be given a password that is shown once, and no more than can be handed out', async () => {
    const [done] = (await run(security, [person('w1')], { givesPasswords: true })).people;
    expect(done?.password).toMatch(/^\w{4}(-\w{4}){3}$/);
    const many = Array.from({ length: 201 }, (_, i) => person(`w-${i}`));
    await expect(run(security, many, { givesPasswords: true })).rejects.toThrow('directory/too-many-passwords');
    await expect(
      run(
        security,
        Array.from({ length: 5001 }, (_, i) => person(`x-${i}`)),
      ),
    ).rejects.toThrow('directory/too-many-rows');
  });

  it('without a password is let in by none, until the security administrator gives one', async () => {
    const { accounts } = await run(security, [person('n1')]);
    const { checkPassword } = await import('../access/index.ts');
    const judge = (password: string) =>
      fixture.archive.db.tx((tx) =>
        checkPassword(fixture.archive, deskTx(tx, fixture.archive, null, 'administration'), 'user.n1', password),
      );
    for (const guess of ['', 'none', 'user.n1']) expect(await judge(guess)).toMatchObject({ refused: { code: 'session/refused' } });
    const given = await resetPassword(fixture.archive, { ...security, name: '' } as Account, accounts[0]!);
    expect(await judge(given)).toMatchObject({ account: { accountId: accounts[0], mustChangePassword: true } });
  });

  it('is refused a role or a level that no directory gives, with the reason by field', async () => {
    const cases: [Partial<DirectoryPerson>, string, string | null][] = [
      [{ role: 'security_admin' }, 'directory/administrator-refused', 'role'],
      [{ role: 'trial_owner' }, 'directory/administrator-refused', 'role'],
      [{ role: 'king' }, 'directory/role-unknown', 'role'],
      [{ level: 4 }, 'directory/level-too-high', 'level'],
      [{ level: -1 }, 'directory/level-malformed', 'level'],
      [{ level: 1.5 }, 'directory/level-malformed', 'level'],
      [{ unit: 'NOWHERE' }, 'directory/unit-unknown', 'unit'],
      [{ role: 'unit_clerk' }, 'directory/unit-needed', 'unit'],
      [{ loginName: '' }, 'directory/login-malformed', 'loginName'],
      [{ loginName: 'a b' }, 'directory/login-malformed', 'loginName'],
      [{ displayName: '长'.repeat(101) }, 'directory/name-malformed', 'displayName'],
    ];
    const { people } = await plan(security, [...cases.map(([over], i) => person(`r${i}`, over)), person(' ')]);
    expect(people.map((s) => [s.act, s.refusal?.code, s.refusal?.field])).toEqual([
      ...cases.map(([, code, field]) => ['refused', code, field]),
      ['refused', 'directory/external-malformed', 'externalId'],
    ]);
    const twice = await plan(security, [person('t1'), person('t1', { loginName: 'other' }), person('t2', { loginName: 'user.t1' })]);
    expect(twice.people.map((s) => [s.act, s.refusal?.field ?? null])).toEqual([
      ['create', null],
      ['refused', 'externalId'],
      ['refused', 'loginName'],
    ]);
  });

  it('never takes over an administrator, the own account or one that is there; only asked for, and then never an administrator', async () => {
    const names = ['chief', 'clerk'] as const;
    for (const [i, role] of (['audit_admin', 'reader'] as const).entries())
      await fixture.archive.db.query('update account set name_token = $2 where id = $1', [
        (await fixture.addAccount({ role })).accountId,
        fixture.archive.sealer.accountToken(names[i]!),
      ]);
    const list = names.map((loginName) => person(`a-${loginName}`, { loginName }));
    expect((await run(security, list)).people.map((p) => p.why)).toEqual(['directory/login-taken', 'directory/login-taken']);
    const adopted = await run(security, list, { adopts: true });
    expect(adopted.people.map((p) => p.why ?? p.act)).toEqual(['directory/administrator-untouched', 'change']);
    const { accounts } = await run(security, [person('own')]);
    const self = { ...security, accountId: accounts[0]! };
    expect((await run(self, [person('own', { level: 2 })])).people.map((p) => p.why)).toEqual(['directory/own-account']);
  });

  it('behind whom an administrator stands is refused, and somebody else is not', async () => {
    const { holderToken } = await import('../access/index.ts');
    const { accountId } = await fixture.addAccount({ role: 'audit_admin' });
    await fixture.archive.db.query('update account set holder_token = $2 where id = $1', [
      accountId,
      holderToken(fixture.archive, 'G7007'),
    ]);
    const { people } = await run(security, [person('h1', { holderNumber: 'g7007' }), person('h2', { holderNumber: 'G7008' })]);
    expect(people.map((p) => p.why ?? p.act)).toEqual(['account/holder-conflict', 'create']);
  });

  it('who is disabled loses sessions at once, and comes back by the source alone that disabled', async () => {
    const { archive } = fixture;
    const { accounts } = await run(security, [person('d1'), person('d2')]);
    const tokens = await archive.db.tx(async (raw) => {
      const tx = deskTx(raw, archive, null, 'administration');
      const client = { address: '', browser: '' };
      return Promise.all(accounts.map(async (id) => (await insertSession(tx, archive, id!, { way: 'oidc', client })).token));
    });
    expect((await findSession(archive, tokens[0]!))?.account.accountId).toBe(accounts[0]);
    const off = await run(security, [person('d1', { disabled: true })]);
    expect(off.people).toMatchObject([{ act: 'disable', changes: ['disabled'] }]);
    expect(await findSession(archive, tokens[0]!)).toBeNull();
    expect((await findSession(archive, tokens[1]!))?.account.accountId).toBe(accounts[1]);
    expect((await run(security, [person('d1')])).people).toMatchObject([{ act: 'enable' }]);
    await archive.db.query('update account set disabled = true where id = $1', [accounts[1]]);
    expect((await run(security, [person('d2')])).people.map((p) => p.why)).toEqual(['directory/disabled-by-hand']);
  });
});

describe('a complete list', () => {
  const complete = { isComplete: true, kind: 'ldap' } as const;
  it('disables whom the source made and does not name any more, lets go of whom it found, and brings back who returns', async () => {
    const { accountId } = await fixture.addAccount({ role: 'reader' });
    await fixture.archive.db.query('update account set name_token = $2 where id = $1', [
      accountId,
      fixture.archive.sealer.accountToken('user.v2'),
    ]);
    const all = [person('v1'), person('v2'), person('v3')];
    const first = await run(security, all, { ...complete, adopts: true });
    expect(first.people.map((p) => p.act)).toEqual(['create', 'change', 'create']);
    const second = await run(security, [person('v3')], complete);
    expect(second.people.slice(0, 1)).toMatchObject([{ act: 'nothing', changes: [] }]);
    const acts = second.people.slice(1).map((p) => [p.act, p.changes]);
    expect(acts.sort()).toEqual([
      ['change', ['link']],
      ['disable', ['disabled', 'link']],
    ]);
    expect([await rowOf(first.accounts[0]!), await rowOf(accountId)]).toMatchObject([{ disabled: true }, { disabled: false }]);
    expect((await run(security, [person('v3')], complete)).people.map((p) => p.act)).toEqual(['nothing']);
    const third = await run(security, all, complete);
    expect(third.people.map((p) => p.act)).toEqual(['enable', 'change', 'nothing']);
    // Another source, and a list that is not complete, disable nobody.
    expect((await run(security, [person('v3')], { kind: 'ldap' })).people).toHaveLength(1);
    expect((await rowOf(first.accounts[0]!))?.disabled).toBe(false);
  });

  it('that is cut off or empty is stopped, unless that is meant', async () => {
    const all = Array.from({ length: 12 }, (_, i) => person(`e${i}`));
    const options = { ...complete, kind: 'scim' } as const;
    await run(security, all, options);
    await expect(run(security, [], options)).rejects.toThrow('directory/too-many-vanish');
    expect((await run(security, all.slice(5), options)).people.filter((p) => p.act === 'disable')).toHaveLength(5);
    expect((await run(security, [], { ...options, mayEmpty: true })).people.filter((p) => p.act === 'disable')).toHaveLength(7);
  });

  it('never disables the last archivist, and disables one of two', async () => {
    const { archive } = fixture;
    const options = { ...complete, kind: 'scim', mayEmpty: true } as const;
    const { accounts } = await run(security, [person('l1', { role: 'archivist' }), person('l2', { role: 'archivist' })], options);
    await archive.db.query(`update account set disabled = true where role = 'archivist' and id <> all($1::uuid[])`, [accounts]);
    const { people } = await run(security, [], options);
    expect(people.map((p) => p.why ?? p.act).sort()).toEqual(['directory/last-archivist', 'disable']);
    expect((await run(security, [person('l2', { role: 'reader' })], { kind: 'scim' })).people.map((p) => p.why ?? p.act)).toEqual([
      'directory/last-archivist',
    ]);
  });
});

describe('a plan', () => {
  it('is what is applied: when the archive or the list changed since, nothing is done', async () => {
    const list = [person('q1'), person('q2')];
    const { digest } = await plan(security, list);
    await expect(run(security, [...list, person('q3')], { digest })).rejects.toThrow('directory/plan-changed');
    await expect(run(security, [person('q1', { level: 2 }), person('q2')], { digest })).rejects.toThrow('directory/plan-changed');
    const { accounts } = await run(security, list, { digest });
    const after = await plan(security, [person('q1', { level: 2 })]);
    await fixture.archive.db.query('update account set level_max = 2 where id = $1', [accounts[0]]);
    await expect(run(security, [person('q1', { level: 2 })], { digest: after.digest })).rejects.toThrow('directory/plan-changed');
  });

  it('shows people of units that the same list makes, to whoever may do both', async () => {
    const owner = fixture.owner;
    const done = await run(owner, [person('both', { unit: 'BOTH' })], { units: [unit('BOTH')] });
    expect([done.units[0]?.act, done.people[0]?.act]).toEqual(['create', 'create']);
    const made = await fixture.archive.db.one<{ id: string }>(`select id from unit where code = 'BOTH'`);
    expect((await rowOf(done.accounts[0]!))?.unit_id).toBe(made?.id);
    await expect(
      createUnit(fixture.archive, await deskOf(owner), {
        code: 'BOTH',
        name: '重',
        fondsId: fixture.fondsId,
        parentId: fixture.rootUnitId,
      }),
    ).rejects.toThrow('unit/code-taken');
  });
});
