import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { confirmTotp, createArchive, findTrialOwner, openArchive, readConfig, startTotp } from '@lantai/server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openSession } from './session.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** The code of an authenticator now, as a phone makes it. Source: RFC 6238. */
function codeNow(base32: string): string {
  const bits = [...base32].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', secret).update(counter).digest();
  return String((mac.readUInt32BE(mac[19]! & 15) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

let folder = '';
let password = '';
let recoveryCodes: string[] = [];
const config = () => readConfig({ LANTAI_DATA: join(folder, 'data'), LANTAI_KEYS: join(folder, 'keys'), LANTAI_READERS: '0' }, folder);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantai-console-'));
  const made = await createArchive(config(), { kind: 'trial', suite: 'intl', fonds: { code: 'Z999', name: '测试全宗' } });
  password = made.accounts[0]!.password;
  const archive = await openArchive(config(), { reads: false });
  try {
    const owner = (await findTrialOwner(archive))!;
    const { secret } = await startTotp(archive, owner);
    const confirmed = await confirmTotp(archive, owner, codeNow(secret));
    if ('refused' in confirmed) throw confirmed.refused;
    recoveryCodes = confirmed.recoveryCodes;
  } finally {
    await archive.close();
  }
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('signing in at the console with a second factor', () => {
  const signIn = async (code: string | undefined) => {
    vi.stubEnv('LANTAI_PASSWORD', password);
    vi.stubEnv('LANTAI_CODE', code);
    const session = await openSession(config(), { as: 'trial', reads: false });
    await session.close();
    return session.account.name;
  };

  it('asks for the code, refuses a wrong one, and takes each right one once', async () => {
    await expect(signIn(undefined)).rejects.toMatchObject({ code: 'session/code-needed' });
    await expect(signIn('000000x')).rejects.toMatchObject({ code: 'session/refused' });
    expect(await signIn(recoveryCodes[0])).toBe('trial');
    await expect(signIn(recoveryCodes[0])).rejects.toMatchObject({ code: 'session/refused' });
  });
});
