import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes in the path of a Unix socket, less the final zero; macOS has the fewest. Source: unix(7), sys/un.h. */
const SOCKET_PATH_MAX_BYTES = process.platform === 'linux' ? 107 : 103;
const SOCKET_NAME = '.s.PGSQL.5432.lock';

const fits = (folder: string): boolean => Buffer.byteLength(join(folder, SOCKET_NAME)) <= SOCKET_PATH_MAX_BYTES;

/**
 * Gives an empty folder for the socket: inside the data folder, or, when that lies too deep for a socket's path, a fresh one with a
 * random name in the system's temporary folder (so nobody can have laid it out before). What an earlier run left inside is removed.
 */
export function makeSocketFolder(runFolder: string): string {
  const inside = join(runFolder, 'pg');
  rmSync(inside, { recursive: true, force: true });
  if (fits(inside)) return inside;
  const base = [tmpdir(), '/tmp'].find((folder) => fits(join(folder, 'lantai-XXXXXX')));
  return mkdtempSync(join(base ?? '/tmp', 'lantai-'));
}
