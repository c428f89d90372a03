import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..', '..');
const PASSWORD = '一句只有自己记得住的话 2026';

interface Run {
  readonly child: ChildProcess;
  /** The lines it printed as JSON, as they come. */
  readonly lines: Record<string, unknown>[];
  readonly ended: Promise<string | number | null>;
}

/** Somebody signed in over HTTP. */
type Call = (method: string, path: string, body?: unknown) => Promise<{ status: number; body: Record<string, never> & { id: string } }>;

describe('kill -9 between the steps of a destruction', { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lantai-destroy-'));
  const env = {
    ...process.env,
    LANTAI_DATA: join(folder, 'data'),
    LANTAI_KEYS: join(folder, 'keys'),
    LANTAI_LANG: 'en',
    LANTAI_READERS: '0',
    LANTAI_PORT: '0',
  };
  let owner = { name: '', password: '' };

  function start(args: string[], extra: Record<string, string> = {}): Run {
    const child = spawn(process.execPath, [join(ROOT, 'dist', 'cli.mjs'), ...args, '--json'], {
      env: { ...env, ...extra },
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: Record<string, unknown>[] = [];
    let rest = '';
    child.stdout?.on('data', (d: Buffer) => {
      rest += d.toString();
      const parts = rest.split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part.startsWith('{')) lines.push(JSON.parse(part));
    });
    child.stderr?.resume();
    return { child, lines, ended: new Promise((done) => child.on('close', (code, signal) => done(signal ?? code))) };
  }

  /** Serves until stopped; the address once it answers. */
  async function serveAt(extra: Record<string, string> = {}): Promise<Run & { url: string }> {
    const run = start(['serve'], extra);
    for (let tries = 0; tries < 1200; tries++) {
      const url = run.lines.find((line) => typeof line.url === 'string')?.url;
      if (url) return { ...run, url: String(url) };
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error('the server did not come up');
  }

  async function enter(url: string, name: string, password: string): Promise<Call> {
    const opened = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, password }),
    });
    const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    return async (method, path, body) => {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text ? JSON.parse(text) : {} };
    };
  }

  const stop = async (run: Run) => {
    run.child.kill('SIGTERM');
    return run.ended;
  };

  beforeAll(async () => {
    const scans = join(folder, 'scans');
    mkdirSync(scans);
    for (const i of [1, 2]) {
      const image = sharp({ create: { width: 240, height: 320, channels: 3, background: { r: i * 90, g: 200, b: 40 } } });
      await image.jpeg().toFile(join(scans, `${i}.jpg`));
    }
    const made = start(['init', '--trial']);
    expect(await made.ended).toBe(0);
    owner = (made.lines[0]!.accounts as (typeof owner)[])[0]!;
    for (const code of ['K1', 'K2'])
      expect(await start(['import', scans, '--dossier', code, '--scheme', 'employee-lifecycle', '--no-read']).ended).toBe(0);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is gone on with at the next start, and leaves a whole archive', async () => {
    for (const [code, moment] of [
      ['K1', 'destruction-key'],
      ['K2', 'destruction-bytes'],
    ] as const) {
      const dying = await serveAt({ LANTAI_DIE_AT: moment });
      const first = await enter(dying.url, owner.name, owner.password);
      const second = await first('POST', '/accounts', {
        name: `second-${code}`,
        role: 'archivist',
        fondsId: null,
        unitId: null,
        levelMax: 3,
      });
      expect(second.status).toBe(201);
      const given = (second.body as unknown as { password: string }).password;
      const listed = await first('GET', `/dossiers?code=${code}`);
      const dossierId = (listed.body as unknown as { items: { id: string }[] }).items[0]!.id;
      const asked = await first('POST', '/subject-requests', { dossierId, kind: 'delete', text: 'left long ago' });
      const deletion = { ground: 'retention_over', endedOn: '2020-03-31' };
      const decided = await first('POST', `/subject-requests/${asked.body.id}/decision`, { decision: 'granted', reason: 'over', deletion });
      expect(decided.status).toBe(204);
      const newcomer = await enter(dying.url, `second-${code}`, given);
      expect((await newcomer('POST', '/session/password', { current: given, next: PASSWORD })).status).toBeLessThan(300);
      const other = await enter(dying.url, `second-${code}`, PASSWORD);
      // The answer never comes: the process dies on the way.
      await expect(other('POST', `/subject-requests/${asked.body.id}/destruction`)).rejects.toThrow();
      expect({ moment, ended: await dying.ended }).toEqual({ moment, ended: 'SIGKILL' });

      const next = await serveAt();
      const again = await enter(next.url, owner.name, owner.password);
      expect((await again('GET', `/dossiers/${dossierId}`)).status).toBe(404);
      const state = (await again('GET', `/subject-requests/${asked.body.id}`)).body as unknown as { state: string };
      expect(state.state).toBe('done');
      await stop(next);
    }
    const check = start(['fsck']);
    await check.ended;
    expect(check.lines.filter((l) => l.kind === 'missing' || l.kind === 'altered')).toEqual([]);
    expect(check.lines.filter((l) => String(l.code).startsWith('fsck/destruction'))).toEqual([]);
    expect(check.lines.at(-1)).toMatchObject({ destroyed: 2, damaged: false });
  });
});
