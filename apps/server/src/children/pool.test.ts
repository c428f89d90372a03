import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { retryIfKilled } from './killed-from-outside.ts';
import { type ChildPool, type ChildPoolOptions, createChildPool, type Urgency } from './pool.ts';

const folder = mkdtempSync(join(tmpdir(), 'lantai-pool-'));
const pools: ChildPool[] = [];

/** Two children at most, of the badly behaved kind, with limits small enough to meet. */
function pool(options: Partial<ChildPoolOptions> = {}): ChildPool {
  const made = createChildPool({ entry: 'misbehaving', entryFolder: folder, count: 2, memoryLimitMb: 400, timeoutMs: 20_000, ...options });
  pools.push(made);
  return made;
}
const code = (expected: string) => expect.objectContaining({ name: 'ArchiveError', code: expected });
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

beforeAll(async () => {
  const entry = fileURLToPath(new URL('./testing/misbehaving-child.ts', import.meta.url));
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile: join(folder, 'misbehaving-child.mjs') });
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((p) => p.close()));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the pool of children', () => {
  it('carries bytes there and back and keeps a child for the next request', async () => {
    const p = pool();
    const big = new Uint8Array(3_000_000).map((_, i) => i % 251);
    const first = await p.run<object, { pid: number }>({ do: 'echo' }, [big, new Uint8Array(0)]);
    expect(Buffer.compare(Buffer.from(first.bytes[0]!), Buffer.from(big))).toBe(0);
    expect(first.bytes[1]).toHaveLength(0);
    const second = await p.run<object, { pid: number }>({ do: 'echo' });
    expect(second.reply.pid).toBe(first.reply.pid);
  });
  it('answers many requests with few children, each its own reply', async () => {
    const p = pool();
    const replies = await Promise.all(Array.from({ length: 40 }, (_, n) => p.run<object, { n: number; pid: number }>({ do: 'echo', n })));
    expect(replies.map((r) => r.reply.n)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(new Set(replies.map((r) => r.reply.pid)).size).toBe(2);
  });
  it('serves first what somebody waits for, and equals in the order they came', async () => {
    const p = pool({ count: 1 });
    const served: string[] = [];
    const ask = async (name: string, urgency?: Urgency) => {
      await p.run({ do: 'echo' }, [], urgency ? { urgency } : {});
      served.push(name);
    };
    await Promise.all([
      ask('running'),
      ask('work 1'),
      ask('next 1', 'looked-at-next'),
      ask('work 2'),
      ask('look 1', 'looked-at'),
      ask('next 2', 'looked-at-next'),
      ask('look 2', 'looked-at'),
    ]);
    expect(served).toEqual(['running', 'look 1', 'look 2', 'next 1', 'next 2', 'work 1', 'work 2']);
  });
  it('hands parts over one at a time and makes the child wait', async () => {
    const seen: number[] = [];
    let inside = 0;
    const onPart = async (part: { n: number }, bytes: Uint8Array[]) => {
      expect(++inside).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(bytes[0]).toEqual(new Uint8Array(1000).fill(part.n));
      seen.push(part.n);
      inside -= 1;
    };
    await pool().run({ do: 'parts', n: 200 }, [], { onPart });
    expect(seen).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });
  it('does not charge the child for the time its reader takes', async () => {
    const onPart = () => new Promise<void>((resolve) => setTimeout(resolve, 300));
    await pool({ timeoutMs: 1000 }).run({ do: 'parts', n: 6 }, [], { onPart });
  });

  const killers: [what: string, order: object, expected: string][] = [
    ['loops for ever', { do: 'hang' }, 'child/timeout'],
    ['waits for ever', { do: 'sleep' }, 'child/timeout'],
    ['crashes', { do: 'crash' }, 'child/killed'],
    ['aborts', { do: 'abort' }, 'child/killed'],
    ['exits in the middle', { do: 'exit', n: 0 }, 'child/killed'],
    ['allocates without end', { do: 'allocate' }, 'child/memory'],
    ['allocates without end on its heap', { do: 'allocate-heap' }, 'child/memory'],
    ['prints garbage', { do: 'garbage' }, 'child/protocol'],
    ['announces a frame of 2 GB', { do: 'huge-header' }, 'child/protocol'],
    ['sends a part nobody takes', { do: 'parts', n: 1 }, 'child/protocol'],
  ];
  it.each(killers)('kills a child that %s, and only its request fails', async (_, order, expected) => {
    const p = pool({ timeoutMs: expected === 'child/timeout' ? 700 : 20_000 });
    const bystander = p.run<object, { n: number }>({ do: 'echo', n: 7 });
    await expect(p.run(order)).rejects.toThrow(code(expected));
    expect((await bystander).reply.n).toBe(7);
    const after = await Promise.all([1, 2, 3].map((n) => p.run<object, { n: number }>({ do: 'echo', n })));
    expect(after.map((r) => r.reply.n)).toEqual([1, 2, 3]);
    expect(p.state.lost).toBe(1);
  });
  it('counts CPU time apart from wall time', async () => {
    const error = await pool({ cpuLimitMs: 300 })
      .run({ do: 'hang' })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'child/timeout', detail: { limit: 'cpu', limitMs: 300 } });
  });
  it('refuses more parts than allowed', async () => {
    const run = pool({ maxParts: 3 }).run({ do: 'parts', n: 4 }, [], { onPart: () => undefined });
    await expect(run).rejects.toThrow(code('child/protocol'));
  });
  it('says when the reader of the parts failed, with its own error', async () => {
    const onPart = () => Promise.reject(new Error('disk full'));
    await expect(pool().run({ do: 'parts', n: 4 }, [], { onPart })).rejects.toThrow('disk full');
  });
  it('passes a refusal on as it is and keeps the child, and hides the words of a bug', async () => {
    const p = pool();
    const { pid } = (await p.run<object, { pid: number }>({ do: 'echo' })).reply;
    const refusal = await p.run({ do: 'refuse', n: 3 }).catch((e: unknown) => e);
    expect(refusal).toMatchObject({ code: 'image/unreadable', fault: 'caller', detail: { n: 3 } });
    const bug = await p.run({ do: 'bug' }).catch((e: unknown) => e);
    expect(bug).toMatchObject({ code: 'child/failed', detail: { name: 'TypeError' } });
    expect(JSON.stringify(bug) + String(bug)).not.toContain('张伟');
    expect((await p.run<object, { pid: number }>({ do: 'echo' })).reply.pid).toBe(pid);
  });
  it('survives a library that prints', async () => {
    expect((await pool().run<object, { n: number }>({ do: 'print', n: 5 })).reply.n).toBe(5);
  });
  it('replaces a child that kept too much memory', async () => {
    const p = pool({ count: 1 });
    const before = (await p.run<object, { pid: number }>({ do: 'hold', n: 330 })).reply.pid;
    expect((await p.run<object, { pid: number }>({ do: 'echo' })).reply.pid).not.toBe(before);
    expect(p.state.lost).toBe(0);
  });
  it('replaces a child that died between requests', async () => {
    const p = pool({ count: 1 });
    const { pid } = (await p.run<object, { pid: number }>({ do: 'echo' })).reply;
    process.kill(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await p.run<object, { pid: number }>({ do: 'echo' })).reply.pid).not.toBe(pid);
  });
});

describe('a kill from outside', () => {
  it('is tried once more, and the second is the last', async () => {
    const p = pool({ count: 1 });
    let runs = 0;
    const killOnce = retryIfKilled(async () => {
      const { pid } = (await p.run<object, { pid: number }>({ do: 'echo' })).reply;
      const run = p.run<object, { n: number }>(runs++ === 0 ? { do: 'sleep' } : { do: 'echo', n: 4 });
      if (runs === 1) process.kill(pid, 'SIGKILL');
      return run;
    });
    expect((await killOnce).reply.n).toBe(4);
    await expect(retryIfKilled(() => p.run({ do: 'kill-itself', n: runs++ }))).rejects.toThrow(code('child/killed'));
    expect(runs).toBe(4);
  });
  it('is told from a crash of its own, which is not tried again', async () => {
    let runs = 0;
    const p = pool({ count: 1 });
    await expect(retryIfKilled(() => p.run({ do: 'crash', n: runs++ }))).rejects.toThrow(code('child/killed'));
    expect(runs).toBe(1);
  });
});

describe('ending', () => {
  it('takes an aborted request out of the queue or kills its child', async () => {
    const p = pool({ count: 1 });
    const stop = new AbortController();
    const running = p.run({ do: 'sleep' }, [], { signal: stop.signal });
    const queued = p.run({ do: 'echo' }, [], { signal: stop.signal });
    const other = p.run<object, { n: number }>({ do: 'echo', n: 9 });
    setTimeout(() => stop.abort(), 300);
    await expect(running).rejects.toThrow(code('child/aborted'));
    await expect(queued).rejects.toThrow(code('child/aborted'));
    expect((await other).reply.n).toBe(9);
    await expect(p.run({ do: 'echo' }, [], { signal: stop.signal })).rejects.toThrow(code('child/aborted'));
  });
  it('close kills what runs, refuses what waits and leaves no process', async () => {
    const p = pool({ count: 1 });
    const { pid } = (await p.run<object, { pid: number }>({ do: 'echo' })).reply;
    const running = expect(p.run({ do: 'hang' })).rejects.toThrow(code('child/closed'));
    const queued = expect(p.run({ do: 'echo' })).rejects.toThrow(code('child/closed'));
    await p.close();
    await Promise.all([running, queued]);
    expect(isAlive(pid)).toBe(false);
    await expect(p.run({ do: 'echo' })).rejects.toThrow(code('child/closed'));
    await p.close();
  });
  it('a child in an endless loop ends when its server is killed', async () => {
    const entry = fileURLToPath(new URL('./pool.ts', import.meta.url));
    await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile: join(folder, 'pool.mjs') });
    const script = `import { createChildPool } from './pool.mjs';
      const pool = createChildPool({ entry: 'misbehaving', count: 1, memoryLimitMb: 400, timeoutMs: 600000 });
      const { reply } = await pool.run({ do: 'echo' });
      void pool.run({ do: 'hang' });
      setTimeout(() => console.log(reply.pid), 100);`;
    writeFileSync(join(folder, 'server.mjs'), script);
    const server = spawn(process.execPath, [join(folder, 'server.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve) => server.stdout.once('data', (line) => resolve(Number(line))));
    expect(isAlive(pid)).toBe(true);
    server.kill('SIGKILL');
    await vi.waitUntil(() => !isAlive(pid), { timeout: 30_000, interval: 100 });
  });
  it('says plainly when a child cannot start', async () => {
    expect(() => pool({ entry: 'nothing' })).toThrow(code('child/not-built'));
    writeFileSync(join(folder, 'broken-child.mjs'), 'import "not-there";');
    await expect(pool({ entry: 'broken' }).run({})).rejects.toThrow(code('child/start-failed'));
    writeFileSync(join(folder, 'silent-child.mjs'), 'setInterval(() => {}, 1000);');
    await expect(pool({ entry: 'silent', startTimeoutMs: 500 }).run({})).rejects.toThrow(code('child/start-failed'));
  });
});

describe('what a child can reach', () => {
  it('is no environment, no folder of ours, no file to write, and as root no secret file', async () => {
    const secret = join(folder, 'root.key');
    writeFileSync(secret, 'secret', { mode: 0o600 });
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(folder, 0o755);
    chmodSync(open, 0o777);
    process.env.LANTAI_TEST_SECRET = 'secret';
    const { reply } = await pool().run<object, Record<string, unknown>>({
      do: 'surroundings',
      path: secret,
      writePath: join(open, 'written'),
    });
    delete process.env.LANTAI_TEST_SECRET;
    expect(reply).toMatchObject({ env: [], cwd: '/', canWrite: false, coreLimit: '0' });
    expect(readdirSync(open).map((name) => readFileSync(join(open, name), 'utf8'))).toEqual(['']);
    // As an ordinary user the child is that user; only root can give rights up.
    expect(reply.canRead).toBe(process.getuid?.() !== 0);
    if (process.getuid?.() === 0) expect(reply.uid).toBe(65534);
  });
});
