import { mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArchiveError } from '@lantai/values';
import { type Archive, type ObjectRow, openStoredObject } from '../archive/index.ts';
import { showDossier } from '../catalogue/index.ts';
import { type Desk, logFailure, scopeSql } from '../desk/index.ts';
import { addLeaving, countLeaving, NOTHING_LEAVES, needsLeave } from '../masking/index.ts';

/** What an export wrote. */
export interface ExportResult {
  readonly dossiers: number;
  readonly files: number;
  readonly bytes: number;
}

interface FileRow extends ObjectRow {
  file_id: string;
  name: Uint8Array;
  media_type: string | null;
}

/** How an export is asked for. */
export interface ExportOptions {
  /** Archival codes; null: every dossier in scope, which is a right of its own. */
  readonly codes: readonly string[] | null;
  /** Why what is sensitive may leave; null: it may not. */
  readonly leave: { readonly reason: string } | null;
  readonly onDossier?: (done: number, total: number) => void;
}

/**
 * Writes every file as received and the catalogue in plain, documented form (docs/spec/export.md) into a new folder, dossier by dossier.
 * What is to leave is counted by kind before: when there is anything sensitive, or a page nobody has read, somebody must have said why it may.
 * What leaves is clear: the folder is the archivist's to guard. Each dossier is an entry of the log.
 * @throws ArchiveError `export/sensitive` with the counts, `export/folder-exists`, `dossier/not-found`, `desk/not-allowed` (caller)
 */
export function exportPlain(archive: Archive, desk: Desk, folder: string, options: ExportOptions): Promise<ExportResult> {
  const failed = { kind: 'export.failed', objectId: archive.identity.archiveId };
  return logFailure(archive, desk.actor.accountId, failed, () => writeExport(archive, desk, folder, options));
}

async function writeExport(archive: Archive, desk: Desk, folder: string, options: ExportOptions): Promise<ExportResult> {
  const { codes, leave, onDossier } = options;
  const dossiers = await chosen(desk, codes);
  await askLeave(archive, desk, dossiers, leave);
  await mkdir(folder, { mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => {
    throw new ArchiveError(cause.code === 'EEXIST' ? 'export/folder-exists' : 'export/folder', 'caller', {}, cause);
  });
  const total = { dossiers: 0, files: 0, bytes: 0 };
  for (const dossier of dossiers) {
    const written = await exportDossier(archive, desk, join(folder, safeName(dossier.code)), dossier.id);
    total.dossiers++;
    total.files += written.files;
    total.bytes += written.bytes;
    onDossier?.(total.dossiers, dossiers.length);
  }
  return total;
}

interface Chosen {
  readonly id: string;
  readonly code: string;
}

function chosen(desk: Desk, codes: readonly string[] | null): Promise<Chosen[]> {
  // Taking everything is asked for by a right of its own beside that to each dossier.
  if (codes === null) desk.scope('archive.export');
  return desk.act('dossier.export', async (tx, scope) => {
    const where = scopeSql(scope, 'd', 2);
    const rows = await tx.query<Chosen>(
      `select d.id, d.code from dossier d where ($1::text[] is null or d.code = any($1)) and ${where.sql} order by d.code`,
      [codes, ...where.params],
    );
    if (codes && rows.length < new Set(codes).size) throw new ArchiveError('dossier/not-found', 'caller');
    return rows;
  });
}

/** Counts what is to leave and writes the entry of the export, or of its being withheld. */
async function askLeave(archive: Archive, desk: Desk, dossiers: readonly Chosen[], leave: ExportOptions['leave']): Promise<void> {
  let counts = NOTHING_LEAVES;
  for (const { id } of dossiers) counts = addLeaving(counts, await desk.act('dossier.export', (tx) => countLeaving(tx, archive, id)));
  const isWithheld = needsLeave(counts) && leave === null;
  await desk.act('dossier.export', (tx) =>
    tx.log({
      kind: isWithheld ? 'export.withheld' : 'archive.exported',
      objectId: archive.identity.archiveId,
      params: { dossiers: dossiers.length, ...counts },
      ...(leave ? { detail: leave.reason } : {}),
    }),
  );
  if (isWithheld) throw new ArchiveError('export/sensitive', 'caller', { ...counts });
}

async function exportDossier(archive: Archive, desk: Desk, folder: string, dossierId: string): Promise<{ files: number; bytes: number }> {
  const shown = await showDossier(archive, desk, dossierId, true);
  const rows = await desk.sql.query<FileRow>(
    `select f.id as file_id, f.name, f.media_type, o.address, o.dossier_id, o.object_id, o.suite, o.wrapped_key
     from source_file f join stored_object o on o.address = f.object_address where f.dossier_id = $1 and f.outcome <> 'duplicate' order by f.id`,
    [dossierId],
  );
  const taken = new Set<string>();
  const files: { path: string; received: string; mediaType: string | null; sha256: string }[] = [];
  let bytes = 0;
  for (const row of rows) {
    const ref = { kind: 'dossier', id: dossierId } as const;
    const received = archive.sealer.get(ref, { table: 'source_file', column: 'name', rowId: row.file_id, version: 1 }, row.name);
    const plain = await openStoredObject(archive, row);
    const path = freePath(taken, received);
    await writeFile(join(folder, 'files', ...path.split('/')), plain);
    files.push({
      path: `files/${path}`,
      received,
      mediaType: row.media_type,
      sha256: Buffer.from(archive.sealer.primitives.hash('sha256', plain)).toString('hex'),
    });
    bytes += plain.length;
  }
  const catalogue = { format: 'lantai-export-1', ...shown, pages: shown.pages.map(({ text: _text, ...page }) => page), files };
  await writeFile(join(folder, 'catalogue.json'), Buffer.from(`${JSON.stringify(catalogue, null, 2)}\n`));
  const text = shown.pages.map((p) => `# ${p.file}\n${p.text ?? ''}\n`).join('\n');
  await writeFile(join(folder, 'reading.txt'), Buffer.from(text));
  return { files: files.length, bytes };
}

/** One part of a path that every file system takes and that leads nowhere else. */
function safeName(part: string): string {
  const plain = part
    .replace(/[\p{Cc}<>:"\\|?*/]/gu, '_')
    .replace(/^\.+/, '_')
    .slice(0, 120);
  return plain || '_';
}

/** The path a file was received under, made safe and unlike those before it. */
function freePath(taken: Set<string>, received: string): string {
  const parts = received.split('/').map(safeName);
  const name = parts.pop() ?? '_';
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let n = 1; ; n++) {
    const path = [...parts, n === 1 ? name : `${stem}-${n}${ending}`].join('/');
    if (taken.has(path.toLowerCase())) continue;
    taken.add(path.toLowerCase());
    return path;
  }
}

async function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(`${path}.new`, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
