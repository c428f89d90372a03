import { DEFAULT_POLICY } from '@lantai/policy/document';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDossier, editDossiers } from '../catalogue/index.ts';
import { type Actor, openDesk } from '../desk/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { activatePolicy, checkPolicy, draftPolicy, listPolicies, readPolicyVersion, tryPolicy } from './index.ts';
import { sees as seesDossier } from './testing/sees.ts';

const fixture = useArchive();

/** A desk as the next request of this account opens it. */
const deskOf = (actor: Actor) => openDesk(fixture.archive, actor, 'archive_work');
const sees = (actor: Actor, dossierId: string, name: string) => seesDossier(fixture, actor, dossierId, name);

let security: Actor;
let archivist: Actor;
let unitId: string;
beforeAll(async () => {
  security = await fixture.addAccount({ role: 'security_admin' });
  archivist = await fixture.addAccount({ role: 'archivist' });
  unitId = await fixture.addUnit('U1');
});

describe('the policy', () => {
  const NARROW = DEFAULT_POLICY.replace('id: clerk-looks', 'id: clerk-looks-on-paper').replace(
    'roles: [unit_clerk]\n    actions: [dossier.list, dossier.read, page.view, search, sensitive.reveal, custody.read, receipt.make]',
    'roles: [unit_clerk]\n    actions: [custody.read]',
  );

  it('is drafted, tried, put in force for the next request of everybody, and taken back', async () => {
    const clerk = await fixture.addAccount({ role: 'unit_clerk', unitId });
    const keeper = await deskOf(security);
    const trial = await tryPolicy(fixture.archive, keeper, NARROW, ['page.view', 'custody.read']);
    const lost = trial.differences.filter((d) => d.actorId === clerk.accountId);
    expect(lost).toMatchObject([{ action: 'page.view', mayBefore: true, mayAfter: false, gained: 0 }]);
    const { n } = (await fixture.archive.db
      .system('test')
      .one<{ n: number }>(`select count(*)::int as n from dossier where unit_id = $1 and category <> 'discipline'`, [unitId]))!;
    expect(lost[0]?.lost).toBe(n);

    const version = await draftPolicy(keeper, NARROW);
    expect((await deskOf(clerk)).may('page.view')).toBe(true);
    await activatePolicy(keeper, version, 0);
    expect((await deskOf(clerk)).may('page.view')).toBe(false);
    expect((await deskOf(clerk)).may('custody.read')).toBe(true);
    await expect(activatePolicy(keeper, version, 0)).rejects.toThrow('policy/changed');
    expect((await listPolicies(keeper)).map((p) => [p.version, p.state])).toEqual([
      [version, 'active'],
      [0, 'former'],
    ]);
    expect(await readPolicyVersion(keeper, version)).toBe(NARROW);
    await activatePolicy(keeper, 0, version);
    expect((await deskOf(clerk)).may('page.view')).toBe(true);
    await expect(activatePolicy(keeper, 99, 0)).rejects.toThrow('policy/not-found');
  });
  it('keeps what is classified above the installation’s level out of it, and out of sight', async () => {
    const dossierId = await fixture.addDossier({ unitId, name: '沈季夏' });
    const keeper = await deskOf(security);
    const change = async (level: number) => editDossiers(fixture.archive, await deskOf(archivist), [dossierId], { level });
    expect((await change(2)).changed).toBe(1);
    expect(await sees(archivist, dossierId, '沈季夏')).toBe(true);
    const version = await draftPolicy(keeper, DEFAULT_POLICY.replace('deployment-level: 3', 'deployment-level: 1'));
    await activatePolicy(keeper, version, 0);
    expect(await sees(archivist, dossierId, '沈季夏')).toBe(false);
    const other = await fixture.addDossier({ unitId, name: '韩孟秋' });
    const refused = await editDossiers(fixture.archive, await deskOf(archivist), [other], { level: 2 });
    expect([refused.changed, refused.refused.map((r) => r.code)]).toEqual([0, ['level/consult-paper']]);
    const input = { code: 'Q-secret', unitId, scheme: 'cadre-2018', level: 2, subject: { kind: 'person', name: '' } } as const;
    await expect(createDossier(fixture.archive, await deskOf(archivist), input)).rejects.toThrow('level/consult-paper');
    await activatePolicy(keeper, 0, version);
    expect(await sees(archivist, dossierId, '沈季夏')).toBe(true);
  });
  it('is refused whole with its lines, and is the security administrator’s alone', async () => {
    const keeper = await deskOf(security);
    const broken = NARROW.replace('organisations: own-subtree', 'organisations: everywhere');
    expect(checkPolicy(keeper, broken).map((p) => p.code)).toEqual(['policy/not-a-choice']);
    await expect(draftPolicy(keeper, broken)).rejects.toThrow('policy/invalid');
    for (const actor of [
      archivist,
      await fixture.addAccount({ role: 'system_admin' }),
      await fixture.addAccount({ role: 'audit_admin' }),
    ]) {
      await expect(draftPolicy(await deskOf(actor), NARROW)).rejects.toThrow('desk/not-allowed');
      await expect(listPolicies(await deskOf(actor))).rejects.toThrow('desk/not-allowed');
    }
  });
});
