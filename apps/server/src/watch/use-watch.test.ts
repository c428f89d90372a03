import { beforeAll, describe, expect, it } from 'vitest';
import { deskTx, openDesk } from '../desk/index.ts';
import { useWeb } from '../http/testing/web-fixture.ts';
import { searchArchive } from '../search/index.ts';
import { openUseWatch } from './index.ts';
import { HOUR_MS } from './read-use.ts';

// In a trial archive nothing beyond a warning comes of a score: this one is served as a real one.
const web = useWeb((archive) => ({ identity: { ...archive.identity, kind: 'production' } }));
const DAY_MS = 24 * HOUR_MS;

/** So many looks at different dossiers, as the log would hold them had they been made then. */
async function look(
  accountId: string,
  count: number,
  atMs: number,
  kind = 'page.viewed',
  purpose: 'archive_work' | 'audit' = 'archive_work',
) {
  const { db, sealer, clock } = web.served;
  const then = {
    sealer,
    clock: {
      nowMs: () => atMs,
      // The time is the first 48 bits of an id of version 7.
      newId: () => {
        const hex = atMs.toString(16).padStart(12, '0');
        return `${hex.slice(0, 8)}-${hex.slice(8)}${clock.newId().slice(13)}`;
      },
    },
  };
  await db.tx(async (raw) => {
    const tx = deskTx(raw, then as never, accountId, purpose);
    await tx.logMany(Array.from({ length: count }, () => ({ kind, dossierId: clock.newId() })));
  });
}

async function scored(accountId: string, role: string): Promise<string[]> {
  const raised: string[] = [];
  const faults: string[] = [];
  const watch = openUseWatch(web.served, async () => 480, {
    onAlarm: (id) => raised.push(id),
    onFault: (code) => faults.push(code),
    pauseMs: 0,
  });
  watch.note(accountId, role);
  await watch.settled();
  await watch.stop();
  expect(faults).toEqual([]);
  return raised;
}
const levelsOf = async (accountId: string) =>
  (
    await web.served.db.query<{ level: string }>('select level from use_alarm where account_id = $1 order by raised_at_ms, id', [accountId])
  ).map((a) => a.level);

describe('the watch over use', () => {
  let clerk: Awaited<ReturnType<typeof web.enter>>;
  let security: Awaited<ReturnType<typeof web.enter>>;
  beforeAll(async () => {
    clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: web.rootUnitId });
    security = await web.enter('security_admin');
    await security.call('POST', '/api/v1/session/proof', { password: 'correct horse battery staple' });
    // A habit of this hour of the day and those beside it, whenever the test runs.
    const nowMs = web.served.clock.nowMs();
    for (let day = 1; day <= 8; day++) for (const hour of [-1, 0, 1]) await look(clerk.accountId, 9, nowMs - day * DAY_MS + hour * HOUR_MS);
  });

  it('says nothing of a usual hour', async () => {
    await look(clerk.accountId, 30, web.served.clock.nowMs() - 60_000);
    expect(await scored(clerk.accountId, 'unit_clerk')).toEqual([]);
  });

  it('warns, slows and stops, each once, and leaves entries in the name of nobody', async () => {
    const more = [60, 60, 100];
    const seen: string[][] = [];
    for (const count of more) {
      await look(clerk.accountId, count, web.served.clock.nowMs() - 60_000);
      await scored(clerk.accountId, 'unit_clerk');
      await scored(clerk.accountId, 'unit_clerk');
      seen.push(await levelsOf(clerk.accountId));
    }
    expect(seen).toEqual([['warned'], ['warned', 'slowed'], ['warned', 'slowed', 'stopped']]);
    const entries = await web.served.db.query<{ kind: string; actor_id: string | null }>(
      `select kind, actor_id from entry where kind like 'use.%' order by id`,
    );
    expect(entries).toEqual(['use.warned', 'use.slowed', 'use.stopped'].map((kind) => ({ kind, actor_id: null })));
  });

  it('stops archive business at every door and nothing else, until the security administrator decides', async () => {
    const dossierId = await web.addDossier();
    const door = async () => (await clerk.call('GET', `/api/v1/dossiers/${dossierId}`)).body.code;
    expect(await door()).toBe('use/stopped');
    const account = { accountId: clerk.accountId, role: 'unit_clerk', fondsId: web.fondsId, unitId: web.rootUnitId, levelMax: 1 } as const;
    const desk = await openDesk(web.served, account, 'archive_work');
    await expect(searchArchive(desk, { query: '王伟' })).rejects.toThrow('use/stopped');
    expect((await clerk.call('GET', '/api/v1/session')).status).toBe(200);

    expect((await clerk.call('GET', '/api/v1/use-alarms')).status).toBe(403);
    const { items } = (await security.call('GET', '/api/v1/use-alarms')).body as {
      items: { id: string; level: string; account: { name: string } }[];
    };
    expect(items.map((alarm) => [alarm.level, alarm.account.name])).toContainEqual(['stopped', clerk.name]);
    const alarm = items.find((a) => a.level === 'stopped')!;
    const decide = (who: typeof clerk, decision: string) =>
      who.call('POST', `/api/v1/use-alarms/${alarm.id}/decision`, { decision, reason: '核实为年度核查任务' });
    expect((await decide(clerk, 'released')).status).toBe(403);
    expect((await decide(security, 'kept')).status).toBe(200);
    expect(await door()).toBe('use/stopped');
    expect((await decide(security, 'released')).status).toBe(200);
    expect((await decide(security, 'kept')).body.code).toBe('use/decided');
    expect(await door()).not.toBe('use/stopped');
    expect(await web.kindsOf(security.accountId)).toEqual(expect.arrayContaining(['use.kept', 'use.released']));
  });

  it('does not raise the same again once it was released', async () => {
    expect(await scored(clerk.accountId, 'unit_clerk')).toEqual([]);
  });

  it('warns whoever has no habit yet, and never stops them', async () => {
    const fresh = await web.enter('archivist', { fondsId: web.fondsId });
    await look(fresh.accountId, 900, web.served.clock.nowMs() - 60_000);
    await scored(fresh.accountId, 'archivist');
    expect(await levelsOf(fresh.accountId)).toEqual(['warned']);
    expect((await fresh.call('GET', '/api/v1/dossiers')).status).toBe(200);
  });

  it('lets nobody decide upon an alarm about the own account', async () => {
    await look(security.accountId, 900, web.served.clock.nowMs() - 60_000);
    await scored(security.accountId, 'security_admin');
    const { items } = (await security.call('GET', '/api/v1/use-alarms')).body as { items: { id: string; isOwn: boolean }[] };
    const own = items.find((alarm) => alarm.isOwn)!;
    const refused = await security.call('POST', `/api/v1/use-alarms/${own.id}/decision`, { decision: 'released', reason: '本人操作' });
    expect([refused.status, refused.body.code]).toEqual([403, 'use/own-alarm']);
  });

  it('weighs dossiers of the own unit’s leaders, registered by code, and those of no other unit', async () => {
    const [own, other] = [await web.addUnit('LEAD1'), await web.addUnit('LEAD2')];
    const [near, far] = [
      await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: own }),
      await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: other }),
    ];
    const leaders = [await web.addDossier({ unitId: other }), await web.addDossier({ unitId: other })];
    const register = (dossierId: string) => security.call('POST', '/api/v1/unit-leaders', { dossierId, unitId: own });
    expect((await near.call('GET', '/api/v1/unit-leaders')).status).toBe(403);
    for (const dossierId of leaders) expect((await register(dossierId)).status).toBe(201);
    expect((await register(leaders[0]!)).body.code).toBe('leader/known');
    const visitLeaders = async (accountId: string) => {
      const { db, sealer, clock } = web.served;
      await db.tx(async (raw) => {
        await deskTx(raw, { sealer, clock }, accountId, 'archive_work').logMany(
          leaders.map((dossierId) => ({ kind: 'dossier.opened', dossierId })),
        );
      });
      await scored(accountId, 'unit_clerk');
      return levelsOf(accountId);
    };
    expect(await visitLeaders(far.accountId)).toEqual([]);
    expect(await visitLeaders(near.accountId)).toEqual(['warned']);
    const alarms = (await security.call('GET', '/api/v1/use-alarms')).body.items as { account: { id: string }; reasons: string[] }[];
    expect(alarms.find((alarm) => alarm.account.id === near.accountId)?.reasons).toEqual(['own-leaders']);

    const listed = (await security.call('GET', '/api/v1/unit-leaders')).body.items as { id: string; dossiers: { id: string }[] }[];
    expect(listed.flatMap((leader) => leader.dossiers.map((d) => d.id)).sort()).toEqual([...leaders].sort());
    for (const { id } of listed) expect((await security.call('DELETE', `/api/v1/unit-leaders/${id}`)).status).toBe(204);
    const late = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: own });
    expect(await visitLeaders(late.accountId)).toEqual([]);
    expect(await web.kindsOf(security.accountId)).toEqual(expect.arrayContaining(['leader.registered', 'leader.ended', 'leaders.listed']));
  });
});
