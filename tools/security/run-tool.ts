import { spawn, spawnSync } from 'node:child_process';

/** Whether a program can be found here. */
export const isInstalled = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;

/** How a program ended and what it said. */
export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly isOverdue: boolean;
}

/**
 * Runs a scanner to its end, or to its time.
 * @param limitMs after which it is ended
 */
export async function runTool(program: string, args: readonly string[], limitMs: number, folder: string): Promise<Ended> {
  const env = { PATH: process.env.PATH, HOME: folder, LANG: 'C.UTF-8', TERM: 'dumb' };
  const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const state = { isOverdue: false };
  const limit = setTimeout(() => {
    state.isOverdue = true;
    child.kill('SIGKILL');
  }, limitMs);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearTimeout(limit);
  return { exitCode, output: Buffer.concat(said).toString('utf8'), isOverdue: state.isOverdue };
}
