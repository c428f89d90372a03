import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ArchiveError } from '@lantai/values';
import { type Emit, serveChild } from '../serve.ts';

// A child for the tests of the pool: it does what the request says, right or wrong.
interface Order {
  readonly do: string;
  readonly n?: number;
  readonly path?: string;
  readonly writePath?: string;
}

const held: Uint8Array[] = [];

serveChild(async (order: Order, bytes: Uint8Array[], emit: Emit<{ n: number }>): Promise<{ reply: unknown; bytes?: Uint8Array[] }> => {
  const n = order.n ?? 0;
  switch (order.do) {
    case 'echo':
      return { reply: { n, pid: process.pid }, bytes };
    case 'hang':
      for (;;);
    case 'sleep':
      await new Promise(() => setInterval(() => undefined, 1000));
      break;
    case 'crash':
      process.kill(process.pid, 'SIGSEGV');
      break;
    case 'kill-itself':
      process.kill(process.pid, 'SIGKILL');
      break;
    case 'exit':
      process.exit(n);
      break;
    case 'abort':
      process.abort();
      break;
    case 'allocate':
      for (;;) {
        held.push(Buffer.alloc(16 * 1024 * 1024, 1));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    case 'allocate-heap': {
      const rows: number[][] = [];
      for (;;) rows.push(Array.from({ length: 1000 }, (_, i) => i * 1.5));
    }
    case 'hold':
      held.push(Buffer.alloc(n * 1_000_000, 1));
      return { reply: { n, pid: process.pid } };
    case 'garbage':
      process.stdout.write('Traceback (most recent call last):');
      await new Promise(() => setInterval(() => undefined, 1000));
      break;
    case 'huge-header':
      process.stdout.write(Buffer.from('4c5443317fffffff00000000', 'hex'));
      await new Promise(() => setInterval(() => undefined, 1000));
      break;
    case 'parts':
      for (let i = 0; i < n; i++) await emit({ n: i }, [new Uint8Array(1000).fill(i)]);
      return { reply: { n } };
    case 'print':
      console.log('a library says something');
      return { reply: { n } };
    case 'refuse':
      throw new ArchiveError('image/unreadable', 'caller', { n });
    case 'bug':
      throw new TypeError('张伟 110105194912310029');
    case 'surroundings':
      return {
        reply: {
          env: Object.keys(process.env).filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name)),
          cwd: process.cwd(),
          uid: process.getuid?.(),
          canRead: order.path !== undefined && tryTo(() => readFileSync(order.path!)),
          canWrite: tryTo(() => writeFileSync(order.writePath!, 'x')),
          coreLimit: existsSync('/proc/self/limits')
            ? /core file size\s+(\S+)/.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]
            : '0',
        },
      };
  }
  return { reply: {} };
});

function tryTo(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
