// A throw-away archive, served, with pages of scanned dossiers and several people who may look at them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import {
  createArchive,
  createDossier,
  type Desk,
  findRootUnit,
  findTrialOwner,
  type IncomingFile,
  importFiles,
  openDesk,
  type RunningWeb,
  readConfig,
  serve,
} from '@lantai/server';

/** Somebody who looks at pages. */
export interface Viewer {
  readonly name: string;
  readonly password: string;
}

export interface TracedArchive {
  readonly web: RunningWeb;
  readonly viewers: readonly Viewer[];
  /** Of the trial's owner, who may read the log too. */
  readonly desk: Desk;
  /** File below its data folder: page. */
  readonly pages: readonly { readonly file: string; readonly dossierId: string; readonly pageId: string }[];
  close(): Promise<void>;
}

const PASSWORD = 'bench: looks at pages, 2026';
const VIEWERS = ['何敬之', '苏念', 'wang.li', '韩晓'];

/** @param root of the project; `dist` must be built */
export async function serveTracedArchive(
  root: string,
  scans: readonly { readonly folder: string; readonly file: string }[],
): Promise<TracedArchive> {
  const home = mkdtempSync(join(tmpdir(), 'lantai-bench-trace-'));
  const places = { LANTAI_DATA: join(home, 'data'), LANTAI_KEYS: join(home, 'keys'), LANTAI_READERS: '0', LANTAI_PORT: '0' };
  const config = readConfig({ ...places, LANTAI_PROGRAM: join(root, 'dist') }, home);
  const viewers = VIEWERS.map((name) => ({ name, password: PASSWORD }));
  const accounts = [{ name: 'trial', role: 'trial_owner' as const }, ...viewers.map((v) => ({ ...v, role: 'archivist' as const }))];
  await createArchive(config, { kind: 'trial', suite: 'intl', fonds: { code: 'Z999', name: 'bench' }, accounts });
  const web = await serve(config);
  const owner = await findTrialOwner(web.archive);
  if (!owner) throw new Error('no owner');
  const desk = await openDesk(web.archive, owner, 'archive_work');
  const pages = await importScans(web, desk, scans);
  return {
    web,
    viewers,
    desk,
    pages,
    async close() {
      await web.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** One dossier a folder, in the order of the scans. */
async function importScans(
  { archive }: RunningWeb,
  desk: Desk,
  scans: readonly { readonly folder: string; readonly file: string }[],
): Promise<TracedArchive['pages']> {
  const out: { file: string; dossierId: string; pageId: string }[] = [];
  const unitId = await findRootUnit(archive, desk);
  for (const [i, folder] of [...new Set(scans.map((s) => s.folder))].entries()) {
    const subject = { kind: 'person', name: '甲' } as const;
    const { dossierId } = await createDossier(archive, desk, { code: `T${100 + i}`, unitId, scheme: 'cadre-2018', subject });
    const files = scans
      .filter((s) => s.folder === folder)
      .map(({ file }): IncomingFile => {
        const bytes = readFileSync(file);
        return { path: relative(folder, file), byteCount: bytes.length, read: async () => bytes };
      });
    await importFiles(archive, desk, dossierId, files);
    const rows = await desk.sql.query<{ id: string; name: Uint8Array; file_id: string }>(
      'select p.id, f.id as file_id, f.name from page p join source_file f on f.id = p.source_file_id where p.dossier_id = $1 order by p.arrival',
      [dossierId],
    );
    for (const row of rows) {
      const file = archive.sealer.get(
        { kind: 'dossier', id: dossierId },
        { table: 'source_file', column: 'name', rowId: row.file_id, version: 1 },
        row.name,
      );
      out.push({ file: relative(join(folder, '..'), join(folder, file)), dossierId, pageId: row.id });
    }
  }
  return out;
}
