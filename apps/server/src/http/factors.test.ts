import { describe, expect, it } from 'vitest';
import { totpCode, totpStep } from '../access/totp.ts';
import { PASSWORD, useWeb, type Visitor } from './testing/web-fixture.ts';

const web = useWeb();
const TOTP = '/api/v1/session/totp';

const decode = (base32: string): Uint8Array => {
  const bits = [...base32].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
};
/** The code of the moment, some steps off. */
const codeOf = (secret: string, steps = 0) => totpCode(decode(secret), totpStep(web.served.clock.nowMs()) + steps);
async function enrol(visitor: Visitor): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { body } = await visitor.call('POST', TOTP);
  const done = await visitor.call('POST', `${TOTP}/confirmation`, { code: codeOf(body.secret) });
  expect(done.status).toBe(200);
  return { secret: body.secret, recoveryCodes: done.body.recoveryCodes };
}

describe('an authenticator', () => {
  it('counts from its first right code on, and is then asked for at the door', async () => {
    const visitor = await web.enter('archivist');
    const started = await visitor.call('POST', TOTP);
    expect(started.body.uri).toContain(`secret=${started.body.secret}`);
    expect((await web.visitor().signIn(visitor.name)).status).toBe(200);
    const wrong = await visitor.call('POST', `${TOTP}/confirmation`, { code: codeOf(started.body.secret, -5) });
    expect([wrong.status, wrong.body.code]).toEqual([422, 'session/code-wrong']);
    const done = await visitor.call('POST', `${TOTP}/confirmation`, { code: codeOf(started.body.secret) });
    expect(done.body.recoveryCodes).toHaveLength(10);
    const door = web.visitor();
    const asked = await door.signIn(visitor.name);
    expect([asked.status, asked.body.code]).toEqual([401, 'session/code-needed']);
    expect((await door.call('GET', '/api/v1/session')).status).toBe(401);
    web.moveClock(30_000);
    expect((await door.signIn(visitor.name, PASSWORD, codeOf(started.body.secret))).status).toBe(200);
    expect((await visitor.call('POST', TOTP)).body.code).toBe('totp/enrolled');
  });

  it('takes each code once, also the earlier one of two, and locks after five wrong ones', async () => {
    const visitor = await web.enter('archivist');
    const { secret } = await enrol(visitor);
    web.moveClock(60_000);
    const code = codeOf(secret);
    const door = web.visitor();
    expect((await door.signIn(visitor.name, PASSWORD, code)).status).toBe(200);
    for (const used of [code, codeOf(secret, -1)])
      expect((await door.signIn(visitor.name, PASSWORD, used)).body.code).toBe('session/refused');
    for (let i = 0; i < 3; i++) {
      // The right password in between does not reset the count.
      expect((await door.signIn(visitor.name)).body.code).toBe('session/code-needed');
      await door.signIn(visitor.name, PASSWORD, codeOf(secret, -9));
    }
    expect((await door.signIn(visitor.name, PASSWORD, codeOf(secret, 1))).body.code).toBe('session/locked');
  });

  it('lets somebody in by a recovery code, each once and for one account only', async () => {
    const [visitor, other] = [await web.enter('archivist'), await web.enter('archivist')];
    const { recoveryCodes } = await enrol(visitor);
    await enrol(other);
    const door = web.visitor();
    const [code] = recoveryCodes as [string];
    expect((await door.signIn(other.name, PASSWORD, code)).body.code).toBe('session/refused');
    expect((await door.signIn(visitor.name, PASSWORD, code.toLowerCase().replaceAll('-', ' '))).status).toBe(200);
    expect((await door.signIn(visitor.name, PASSWORD, code)).body.code).toBe('session/refused');
    expect((await visitor.call('GET', '/api/v1/session/factors')).body).toMatchObject({ totp: true, recoveryCodesLeft: 9 });
    const fresh = await visitor.call('POST', '/api/v1/session/recovery-codes');
    expect(fresh.body.recoveryCodes).toHaveLength(10);
    expect((await door.signIn(visitor.name, PASSWORD, recoveryCodes[1])).body.code).toBe('session/refused');
    expect(await web.kindsOf(visitor.accountId)).toEqual(
      expect.arrayContaining(['totp.enrolled', 'recovery-code.used', 'recovery-codes.made']),
    );
  });

  it('opens dangerous acts as the password does, and is taken away by its owner or, when lost, by the security administrator', async () => {
    const visitor = await web.enter('archivist');
    const { secret } = await enrol(visitor);
    web.moveClock(6 * 60_000);
    expect((await visitor.call('DELETE', TOTP)).body.code).toBe('session/fresh-needed');
    expect((await visitor.call('POST', '/api/v1/session/fresh', { code: codeOf(secret) })).status).toBe(200);
    expect((await visitor.call('DELETE', TOTP)).status).toBe(204);
    expect((await web.visitor().signIn(visitor.name)).status).toBe(200);
    await enrol(visitor);
    const security = await web.enter('security_admin');
    const removed = await security.call('DELETE', `/api/v1/accounts/${visitor.accountId}/factors`);
    expect(removed.body).toMatchObject({ totp: false, sessions: 0 });
    expect((await web.visitor().signIn(visitor.name)).status).toBe(200);
  });

  it('has its secret sealed in the database', async () => {
    const visitor = await web.enter('archivist');
    const { secret } = await enrol(visitor);
    const rows = await web.served.db.query<{ totp_secret: Buffer }>('select totp_secret from account where totp_secret is not null');
    for (const row of rows) expect(row.totp_secret.includes(Buffer.from(decode(secret)))).toBe(false);
  });
});
