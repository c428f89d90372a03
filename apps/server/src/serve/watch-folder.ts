import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArchiveError } from '@lantai/values';
import { findAccountByName, findTrialOwner } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { createDossier, findDossierByCode, findRootUnit } from '../catalogue/index.ts';
import { type Desk, openDesk } from '../desk/index.ts';
import { type FileOutcome, importFiles, listFiles } from '../ingest/index.ts';
import { type Kept, keepDoing } from '../jobs/index.ts';

export interface WatchOptions {
  /** Each folder in it is a dossier: its name is the archival code. */
  readonly folder: string;
  /** Account in whose name files are received; null: the owner of a trial archive. */
  readonly as: string | null;
  /** A folder is taken when nothing in it has changed for so long: a scanner may still be writing. */
  readonly settleMs?: number;
  readonly lookMs?: number;
}

const SETTLE_MS = 10_000;
const LOOK_MS = 2_000;
/** Where files that were not taken wait for a person, with the reasons beside them. */
const REFUSED = '.refused';

/**
 * Watches a folder into which scanners write. A dossier's folder is imported once it rests; what is acknowledged is removed from it, for
 * a clear copy has no business lying about, and what was not taken is moved to `.refused/<dossier>` with its reasons.
 * CRASH: files acknowledged but not yet removed are duplicates at the next look, and removed then.
 */
export function watchFolder(archive: Archive, options: WatchOptions): Kept {
  return keepDoing(() => lookOnce(archive, options), {
    restMs: options.lookMs ?? LOOK_MS,
    failed: 'watch/failed',
    onFault: (what) => process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), what })}\n`),
  });
}

/** One look: imports every folder that rests. Returns how many were taken. */
export async function lookOnce(archive: Archive, options: WatchOptions): Promise<number> {
  let taken = 0;
  const entries = await readdir(options.folder, { withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    const path = join(options.folder, entry.name);
    if (!(await rests(path, options.settleMs ?? SETTLE_MS))) continue;
    await take(archive, options, entry.name, path);
    taken++;
  }
  return taken;
}

/** Whether the folder holds files and none of them, nor the folder, was touched lately. */
async function rests(path: string, settleMs: number): Promise<boolean> {
  const names = await readdir(path, { recursive: true, withFileTypes: true });
  if (!names.some((n) => n.isFile())) return false;
  const limitMs = Date.now() - settleMs;
  for (const name of ['', ...names.map((n) => join(n.parentPath.slice(path.length), n.name))]) {
    const info = await stat(join(path, name)).catch(() => null);
    if (!info || info.mtimeMs > limitMs) return false;
  }
  return true;
}

async function take(archive: Archive, options: WatchOptions, code: string, path: string): Promise<void> {
  const account = options.as ? await findAccountByName(archive, options.as) : await findTrialOwner(archive);
  if (!account) throw new ArchiveError('account/needed', 'caller');
  const desk = await openDesk(archive, account, 'archive_work');
  const dossierId = await findOrCreate(archive, desk, code);
  const files = await listFiles(path);
  const refused: FileOutcome[] = [];
  await importFiles(archive, desk, dossierId, files, {
    onOutcome: async (outcome) => {
      const isOwn = files.some((f) => f.path === outcome.file);
      if (outcome.outcome === 'refused' || outcome.outcome === 'needs_person') refused.push(outcome);
      else if (isOwn) await rm(join(path, outcome.file), { force: true });
    },
  });
  await setAside(options.folder, code, path, refused);
  await rm(path, { recursive: true, force: true });
}

async function findOrCreate(archive: Archive, desk: Desk, code: string): Promise<string> {
  const head = await findDossierByCode(archive, desk, code);
  if (head) return head.dossierId;
  const unitId = desk.actor.unitId ?? (await findRootUnit(archive, desk));
  const made = await createDossier(archive, desk, { code, unitId, scheme: 'cadre-2018', subject: { kind: 'person', name: '' } });
  return made.dossierId;
}

async function setAside(folder: string, code: string, path: string, refused: readonly FileOutcome[]): Promise<void> {
  if (!refused.length) return;
  const aside = join(folder, REFUSED, code);
  await mkdir(aside, { recursive: true, mode: 0o700 });
  for (const outcome of refused) {
    const to = join(aside, outcome.file);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    // A member of a container has no file of its own: its container was set aside with it.
    await rename(join(path, outcome.file), to).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    });
  }
  const lines = refused.map((o) => JSON.stringify({ file: o.file, code: o.code }));
  await writeFile(join(aside, 'reasons.jsonl'), `${lines.join('\n')}\n`, { flag: 'a', mode: 0o600 });
}
