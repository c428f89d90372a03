import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Bytes in the path of a Unix socket, less the final zero; macOS has the fewest. Source: unix(7), sys/un.h. */
const SOCKET_PATH_MAX_BYTES = process.platform === 'linux' ? 107 : 103;
const SOCKET_NAME = '.s.PGSQL.5432.lock';
/** Where a folder outside the data folder is remembered, so that it goes even when this program is killed. */
const NOTE = 'socket-folder';

const fits = (folder: string): boolean => Buffer.byteLength(join(folder, SOCKET_NAME)) <= SOCKET_PATH_MAX_BYTES;

/** Removes the socket folder of the last start, wherever it was. Call when no server runs on it any more. */
export function removeSocketFolder(runFolder: string): void {
  rmSync(join(runFolder, 'pg'), { recursive: true, force: true });
  const note = join(runFolder, NOTE);
  if (!existsSync(note)) return;
  const outside = readFileSync(note, 'utf8');
  // Only what mkdtemp named for us, whatever somebody wrote into the note.
  if (/^lantai-[A-Za-z0-9]{6}$/.test(basename(outside))) rmSync(outside, { recursive: true, force: true });
  rmSync(note);
}

/**
 * Gives the path of a folder for the socket: inside the data folder, or, when that lies too deep for a socket's path, a fresh one with a
 * random name in the system's temporary folder (so nobody can have laid it out before).
 */
export function makeSocketFolder(runFolder: string): string {
  removeSocketFolder(runFolder);
  const inside = join(runFolder, 'pg');
  if (fits(inside)) return inside;
  const base = [tmpdir(), '/tmp'].find((folder) => fits(join(folder, 'lantai-XXXXXX'))) ?? '/tmp';
  const outside = mkdtempSync(join(base, 'lantai-'));
  writeFileSync(join(runFolder, NOTE), outside);
  return outside;
}
