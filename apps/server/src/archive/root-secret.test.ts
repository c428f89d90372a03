import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRootKey, formatShare, replaceRootFile } from '@lantai/keys-file';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { formatHex, utf8 } from '@lantai/values';
import { rootKeyName, splitSecret } from '@lantai/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { openRootKey, stretchPassphrase } from './root-secret.ts';

const folder = mkdtempSync(join(tmpdir(), 'lantai-secret-'));
const path = join(folder, 'keys', 'root.key');
const secretFile = join(folder, 'secret');
const key = p.random(32);
const { shares, set } = splitSecret(p, key, { needed: 2, count: 3 });
const text = [shares[2]!, shares[0]!].map((share) => formatShare(share).join('\n')).join('\n');

const configOf = (env: Record<string, string>) =>
  readConfig({ LANTAI_DATA: join(folder, 'data'), LANTAI_KEYS: join(folder, 'keys'), ...env }, folder);

beforeAll(async () => {
  await createRootKey(path, p, { key });
  await replaceRootFile(path, p, { form: 'shares', name: rootKeyName(p, key), set });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the secret of a root key', () => {
  it('is stretched by Argon2id, as a vector of its reference implementation says', async () => {
    const stretched = await stretchPassphrase('password', utf8('somesalt'), { memoryKib: 65_536, passes: 2 });
    expect(formatHex(Uint8Array.from(stretched))).toBe('09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7');
  });

  it('comes from a file that nobody else may read', async () => {
    writeFileSync(secretFile, text, { mode: 0o600 });
    expect(await openRootKey(configOf({ LANTAI_ROOT_SECRET_FILE: secretFile }), path, p)).toEqual(key);
    const wide = join(folder, 'wide');
    writeFileSync(wide, text, { mode: 0o644 });
    await expect(openRootKey(configOf({ LANTAI_ROOT_SECRET_FILE: wide }), path, p)).rejects.toMatchObject({ code: 'key/mode-too-wide' });
    const absent = configOf({ LANTAI_ROOT_SECRET_FILE: join(folder, 'absent') });
    await expect(openRootKey(absent, path, p)).rejects.toMatchObject({ code: 'key/secret-file-missing', fault: 'environment' });
  });

  it('comes from an open descriptor, which is read once however often the archive is opened', async () => {
    const fd = openSync(secretFile, 'r');
    const config = configOf({ LANTAI_ROOT_SECRET_FD: String(fd) });
    expect(await openRootKey(config, path, p)).toEqual(key);
    expect(await openRootKey(config, path, p)).toEqual(key);
    closeSync(fd);
    expect(() => configOf({ LANTAI_ROOT_SECRET_FD: 'stdin' })).toThrow(expect.objectContaining({ code: 'config/not-a-number' }));
  });

  it('is asked of whoever sits there, and where nobody does the archive stays shut', async () => {
    const asked: unknown[] = [];
    const config = {
      ...configOf({}),
      askRootSecret: async (question: unknown) => {
        asked.push(question);
        return text;
      },
    };
    expect(await openRootKey(config, path, p)).toEqual(key);
    expect(asked).toEqual([{ form: 'shares', needed: 2, count: 3 }]);
    await expect(openRootKey(configOf({}), path, p)).rejects.toMatchObject({ code: 'key/secret-needed', fault: 'caller' });
  });
});
