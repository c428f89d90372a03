import { describe, expect, it } from 'vitest';
import { useWeb, type Visitor } from './testing/web-fixture.ts';

const web = useWeb();
const PATH = '/api/v1/break-glass';
const REASON = '法院急调，经办人与主管均不在岗';
const ask = (visitor: Visitor, over: object = {}) => visitor.call('POST', PATH, { reason: REASON, minutes: 30, ...over });
const open = (visitor: Visitor, id: string) => visitor.call('POST', `${PATH}/${id}/opening`);
const codes = async (visitor: Visitor): Promise<string[]> =>
  (await visitor.call('GET', '/api/v1/dossiers?limit=500')).body.items.map((item: { code: string }) => item.code);

describe('emergency access', () => {
  it('opens the whole fonds to a clerk once a second person agrees, and shuts by itself', async () => {
    const [unitId, otherId] = [await web.addUnit('BG1'), await web.addUnit('BG2')];
    await web.addDossier({ code: 'BG-OWN', unitId });
    await web.addDossier({ code: 'BG-OTHER', unitId: otherId });
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId });
    const archivist = await web.enter('archivist');
    const asked = await ask(clerk);
    expect(asked.body).toMatchObject({ state: 'asked', isOwn: true, mayOpen: false, reason: REASON });
    expect(await codes(clerk)).toEqual(['BG-OWN']);
    expect((await open(archivist, asked.body.id)).body).toMatchObject({ state: 'open', opener: { name: archivist.name } });
    expect((await codes(clerk)).filter((code) => code.startsWith('BG-')).sort()).toEqual(['BG-OTHER', 'BG-OWN']);
    const alarm = await web.served.db.query<{ bytes: Uint8Array }>(`select bytes from entry where kind = 'break-glass.opened'`);
    expect(alarm.map((row) => JSON.parse(Buffer.from(row.bytes).toString()).params)).toMatchObject([
      { alarm: 'yes', asker: clerk.accountId, minutes: 30 },
    ]);
    expect((await (await web.enter('audit_admin')).call('GET', PATH)).body.items).toMatchObject([{ state: 'open', reason: REASON }]);
    web.moveClock(29 * 60_000);
    expect(await codes(clerk)).toContain('BG-OTHER');
    web.moveClock(60_001);
    expect(await codes(clerk)).toEqual(['BG-OWN']);
    await archivist.signIn(archivist.name);
    expect((await open(archivist, asked.body.id)).body.code).toBe('break-glass/over');
  });

  it('is never opened by the asker, by a clerk, or by the same person behind another account', async () => {
    const asker = await web.enter('archivist');
    const { body } = await ask(asker);
    const own = await open(asker, body.id);
    expect([own.status, own.body.code]).toEqual([403, 'break-glass/own']);
    expect((await open(await web.enter('unit_clerk', { unitId: web.rootUnitId }), body.id)).status).toBe(403);
    const twin = await web.enter('archivist');
    await web.served.db.query(`update account set holder_token = '\\x01' where id = any($1::uuid[])`, [[asker.accountId, twin.accountId]]);
    expect((await open(twin, body.id)).body.code).toBe('break-glass/own');
    expect((await ask(asker)).body.code).toBe('break-glass/asked');
    expect(await web.kindsOf(asker.accountId)).toContain('request.refused');
  });

  it('is not for administrators to ask, and lapses when nobody agrees in a quarter of an hour', async () => {
    expect((await ask(await web.enter('system_admin'))).status).toBe(403);
    const asker = await web.enter('archivist');
    const security = await web.enter('security_admin');
    const { body } = await ask(asker);
    web.moveClock(15 * 60_000 + 1);
    await security.signIn(security.name);
    expect((await open(security, body.id)).body.code).toBe('break-glass/over');
  });

  it('is ended early by either of the two or an administrator, and by nobody else', async () => {
    const [asker, second, third, audit] = [
      await web.enter('archivist'),
      await web.enter('archivist'),
      await web.enter('archivist'),
      await web.enter('audit_admin'),
    ];
    for (const ender of [asker, second, audit]) {
      const { body } = await ask(asker);
      await open(second, body.id);
      expect((await third.call('DELETE', `${PATH}/${body.id}`)).status).toBe(403);
      expect((await ender.call('DELETE', `${PATH}/${body.id}`)).body.state).toBe('over');
    }
  });

  it('keeps its reason sealed and asks for one worth reading', async () => {
    const asker = await web.enter('archivist');
    expect((await ask(asker, { reason: '急' })).status).toBe(400);
    expect((await ask(asker, { minutes: 600 })).status).toBe(400);
    await ask(asker);
    const [row] = await web.served.db.query<{ n: number }>(
      `select count(*)::int as n from break_glass where position(convert_to($1, 'UTF8') in reason) > 0`,
      [REASON],
    );
    expect(row?.n).toBe(0);
  });
});
