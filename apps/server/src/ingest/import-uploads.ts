import { ArchiveError } from '@lantai/values';
import { findAccount } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { type Desk, openDesk } from '../desk/index.ts';
import type { PhotoOrder } from './decode.ts';
import type { IncomingFile } from './folder-source.ts';
import { runImport, type StartedImport, startImport } from './import-files.ts';
import type { FileOutcome } from './outcome.ts';
import { importSeparated } from './separators.ts';
import { getUpload, readUpload, removeUpload, type Upload } from './upload-store.ts';

/** An uploaded file and the path it was sent under. */
export interface UploadedFile {
  readonly uploadId: string;
  readonly path: string;
  /** Where the sheet lies on a photograph that is to be laid flat. */
  readonly photo?: PhotoOrder;
}

/** How an import was asked for. */
export interface UploadImportKind {
  /** Separator sheets among the files, which stand in the order scanned, say where what follows belongs. */
  readonly separated?: boolean;
  /** The capture link that the files came by. */
  readonly linkId?: string;
}

const pathPlace = (importId: string, ordinal: number) => ({
  table: 'import_upload',
  column: 'path',
  rowId: `${importId}/${ordinal}`,
  version: 1,
});

/**
 * Puts complete uploads on their way into a dossier: from here on the work goes on when the page is closed, and after a restart.
 * @throws ArchiveError `upload/not-found`, `upload/expired`, `upload/incomplete`, `dossier/not-found` (caller)
 */
export async function startUploadImport(
  archive: Archive,
  desk: Desk,
  dossierId: string,
  files: readonly UploadedFile[],
  kind: UploadImportKind = {},
): Promise<string> {
  for (const file of files) {
    const upload = await getUpload(archive, desk.actor.accountId, file.uploadId);
    if (upload.offset !== upload.byteCount) throw new ArchiveError('upload/incomplete', 'caller');
  }
  const { importId } = await startImport(archive, desk, dossierId, files.length, kind);
  await desk.act('page.import', async (tx) => {
    for (const [ordinal, file] of files.entries())
      await tx.query('insert into import_upload (import_id, ordinal, upload_id, path, photo) values ($1, $2, $3, $4, $5)', [
        importId,
        ordinal,
        file.uploadId,
        archive.sealer.seal({ kind: 'dossier', id: dossierId }, pathPlace(importId, ordinal), file.path),
        file.photo ? JSON.stringify(file.photo) : null,
      ]);
    await archive.queue.send(tx, 'import', [{ data: { importId, dossierId }, priority: 0 }]);
  });
  // CRASH: between the two an import without files is left 'running'; its uploads expire and the page offers to send them again.
  archive.queue.wake();
  return importId;
}

interface WaitingRow {
  ordinal: number;
  upload_id: string;
  path: Uint8Array;
  photo: PhotoOrder | null;
  byte_count: number;
}

/** Files of an import that are not settled yet, in the order they were sent. */
export async function listWaiting(
  archive: Archive,
  sql: Sql,
  importId: string,
  dossierId: string,
): Promise<(UploadedFile & { ordinal: number; byteCount: number })[]> {
  const rows = await sql.query<WaitingRow>(
    'select i.ordinal, i.upload_id, i.path, i.photo, u.byte_count from import_upload i join upload u on u.id = i.upload_id where i.import_id = $1 order by i.ordinal',
    [importId],
  );
  return rows.map((r) => ({
    ordinal: r.ordinal,
    uploadId: r.upload_id,
    byteCount: r.byte_count,
    ...(r.photo ? { photo: r.photo } : {}),
    path: archive.sealer.get({ kind: 'dossier', id: dossierId }, pathPlace(importId, r.ordinal), r.path),
  }));
}

/** Paths of the files of an import that were settled, without the members of containers. */
export async function listSettled(archive: Archive, sql: Sql, importId: string, dossierId: string): Promise<string[]> {
  const rows = await sql.query<{ id: string; name: Uint8Array }>('select id, name from source_file where import_id = $1', [importId]);
  const paths = rows.map((r) =>
    archive.sealer.get({ kind: 'dossier', id: dossierId }, { table: 'source_file', column: 'name', rowId: r.id, version: 1 }, r.name),
  );
  return paths.filter((path) => !/\.zip\//i.test(path));
}

/**
 * The import job: takes what is not settled yet of an import. Run again after a crash it goes on; a file that was received but whose
 * upload is still there is then a duplicate of itself and only cleared away.
 */
export async function importUploads(archive: Archive, importId: string): Promise<void> {
  const row = await archive.db.system('uploads').one<{
    dossier_id: string;
    actor_id: string;
    fonds_id: string;
    unit_id: string;
    category: string;
    level: number;
    arrival: number;
    separated: boolean;
    code: string;
    scheme: string;
  }>(
    `select i.dossier_id, i.actor_id, i.fonds_id, i.unit_id, i.category, i.level, i.separated, d.code, d.scheme,
       coalesce((select max(arrival) from page where dossier_id = i.dossier_id), 0) as arrival
     from import i join dossier d on d.id = i.dossier_id where i.id = $1`,
    [importId],
  );
  const account = row && (await findAccount(archive, row.actor_id));
  if (!row || !account) return;
  const desk = await openDesk(archive, account, 'archive_work');
  const waiting = await listWaiting(archive, desk.sql, importId, row.dossier_id);
  const place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
  const clear = async (uploadId: string) => {
    archive.moments.pass('upload-settled');
    await desk.sql.query('delete from import_upload where upload_id = $1', [uploadId]);
    await removeUpload(archive, uploadId);
  };
  const started = { importId, dossierId: row.dossier_id, place, arrival: row.arrival + 1 };
  if (row.separated) return takeSeparated(archive, desk, { ...row, started, waiting, clear });
  let next = 0;
  await runImport(
    archive,
    desk,
    started,
    waiting.map((w) => incoming(archive, w)),
    {
      onOutcome: async (outcome) => {
        // Members of a container come between; the upload is settled when its own path, or the next file's, is told.
        const at = waiting.findIndex((w, i) => i >= next && w.path === outcome.file);
        if (at < 0) return;
        for (; next <= at; next++) await clear(waiting[next]!.uploadId);
      },
    },
    await listSettled(archive, desk.sql, importId, row.dossier_id),
  );
  for (; next < waiting.length; next++) await clear(waiting[next]!.uploadId);
}

/** A batch with separator sheets, and what is left of it. */
interface SeparatedUploads {
  readonly started: StartedImport;
  readonly code: string;
  readonly scheme: string;
  readonly waiting: readonly (UploadedFile & { readonly ordinal: number; readonly byteCount: number })[];
  clear(uploadId: string): Promise<void>;
}

/**
 * Takes a batch with separator sheets. CRASH: the sheets stay until all is settled, so that what is left of the batch, read again
 * with them, belongs where it belonged; the sheets themselves are then duplicates of themselves.
 */
async function takeSeparated(archive: Archive, desk: Desk, batch: SeparatedUploads): Promise<void> {
  const { started, waiting, clear } = batch;
  const byPath = new Map(waiting.map((w) => [w.path, w.uploadId]));
  const left = new Set(waiting.map((w) => w.uploadId));
  const onOutcome = async ({ file, outcome, code }: FileOutcome) => {
    const uploadId = byPath.get(file);
    // A sheet is kept, a duplicate of one that was kept, or refused by its own code.
    const mayBeSheet = outcome === 'kept' || outcome === 'duplicate' || (code?.startsWith('separator/') ?? false);
    if (uploadId === undefined || mayBeSheet) return;
    left.delete(uploadId);
    await clear(uploadId);
  };
  const home = { dossierId: started.dossierId, code: batch.code, scheme: batch.scheme };
  const files = waiting.map((w) => incoming(archive, w));
  await importSeparated(archive, desk, home, files, { onOutcome }, { started, ranks: waiting.map((w) => w.ordinal) });
  for (const uploadId of left) await clear(uploadId);
}

function incoming(archive: Archive, file: UploadedFile & { byteCount: number }): IncomingFile {
  const upload: Upload = { id: file.uploadId, byteCount: file.byteCount, offset: file.byteCount };
  return {
    path: file.path,
    byteCount: file.byteCount,
    ...(file.photo ? { photo: file.photo } : {}),
    read: () => readUpload(archive, upload),
  };
}
