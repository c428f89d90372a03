import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Archive, createArchive, readConfig, serve } from '@lantai/server';

export const ROOT = resolve(import.meta.dirname, '..', '..');
export const SAMPLE = join(ROOT, 'samples', 'P1101');

/** An archive of its own, served on a port of its own, as it is built in dist. */
export interface ServedArchive {
  readonly url: string;
  /** The archive itself, for laying down what a test needs and does not test. */
  readonly archive: Archive;
  /** Password of the account with this role. */
  passwordOf(role: string): string;
  /** Name of the account with this role. */
  nameOf(role: string): string;
  close(): Promise<void>;
}

/**
 * Makes an archive in a temporary folder and serves it: the real database, the real reader, the built page.
 * @param beforeServing what happens to its key folder between
 * @param env settings beside those that every archive of a test has
 */
export async function serveArchive(
  kind: 'trial' | 'production',
  readers: number,
  beforeServing?: (keyFolder: string) => void,
  env: Readonly<Record<string, string>> = {},
  /** Settings of the environment over those of these tests. */
  settings: Readonly<Record<string, string>> = {},
): Promise<ServedArchive> {
  const folder = mkdtempSync(join(tmpdir(), 'lantai-e2e-'));
  const config = readConfig(
    {
      LANTAI_DATA: join(folder, 'data'),
      LANTAI_KEYS: join(folder, 'keys'),
      LANTAI_PORT: '0',
      LANTAI_READERS: String(readers),
      // The walk arranges by hand; what is proposed by itself has tests of its own.
      LANTAI_PROPOSE: 'off',
      LANTAI_PROGRAM: join(ROOT, 'dist'),
      ...env,
      ...settings,
    },
    folder,
  );
  const { accounts } = await createArchive(config, { kind, suite: 'intl', fonds: { code: 'Z999', name: '测试全宗' } });
  beforeServing?.(config.keyFolder);
  const web = await serve(config);
  const get = (role: string) => {
    const account = accounts.find((a) => a.role === role);
    if (!account) throw new Error(`no account is a ${role}`);
    return account;
  };
  return {
    url: web.url,
    archive: web.archive,
    passwordOf: (role) => get(role).password,
    nameOf: (role) => get(role).name,
    async close() {
      await web.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
