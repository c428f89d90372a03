import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A chain of its own on this machine, with accounts that have ether. */
export interface Anvil {
  readonly url: string;
  readonly port: number;
  /** One JSON-RPC call. */
  call(method: string, ...params: unknown[]): Promise<unknown>;
  /** Ends the process. */
  stop(): Promise<void>;
}

/** The program's file, out of its npm package; null where there is none for this machine. */
export function findAnvil(): string | null {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@foundry-rs/anvil-linux-amd64/package.json')), 'bin', 'anvil');
  } catch {
    return null;
  }
}

/** Starts a chain that makes a block for each transaction. @param port 0: a free one */
export async function startAnvil(program: string, port = 0): Promise<Anvil> {
  const child = spawn(program, ['--port', String(port), '--host', '127.0.0.1', '--hardfork', 'paris', '--accounts', '1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {},
  });
  const address = await listening(child);
  const url = `http://${address}`;
  let count = 0;
  return {
    url,
    port: Number(address.split(':')[1]),
    call: async (method, ...params) => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: ++count, method, params });
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string } };
      if (error) throw new Error(`${method}: ${error.message}`);
      return result;
    },
    stop: () =>
      new Promise((done) => {
        child.once('exit', () => done());
        child.kill('SIGKILL');
      }),
  };
}

/** Waits for the line that says where it listens. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
      const m = /Listening on (\S+)/.exec(text);
      if (m) resolve(m[1]!);
    });
    child.once('exit', (code) => reject(new Error(`anvil ended with ${code}`)));
    child.once('error', reject);
  });
}
