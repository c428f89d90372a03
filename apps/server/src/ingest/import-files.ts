import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { queueProposals } from '../catalogue/index.ts';
import type { Desk } from '../desk/index.ts';
import { scopeSql } from '../desk/index.ts';
import { decodeFile } from './decode.ts';
import { FILE_BYTES_MAX, type IncomingFile } from './folder-source.ts';
import { type BatchLayout, openImportLayout } from './layout.ts';
import type { FileOutcome } from './outcome.ts';
import { type Destination, type ReceivedFile, receiveBatch } from './receive-batch.ts';
import { unfold } from './unfold.ts';

/** Files acknowledged together: one flush of the log and the folders serves them all. */
const BATCH_FILES_MAX = 48;
const BATCH_BYTES_MAX = 24 * 1024 * 1024;
/** Batches under way at once: while one is being committed the next is taken apart. */
const BATCHES_AT_ONCE = 2;
/** Room between the places of two files, so that the pages of a file stay together. */
const ARRIVAL_STEP = 10_000_000;

/** What an import is told about while it runs. */
export interface ImportWatcher {
  /** One file was settled: acknowledged, refused or a duplicate. Called in the order of the files. */
  onOutcome?(outcome: FileOutcome): void | Promise<void>;
  readonly signal?: AbortSignal;
  /** Whoever imports puts the pages into their materials itself: folders say nothing, all stay loose. */
  readonly isLaidElsewhere?: boolean;
  /** Separator sheets say where pages belong, folders do not. */
  readonly separated?: BatchLayout;
}

/** What an import did. */
export interface ImportResult {
  readonly importId: string;
  readonly files: number;
  readonly pages: number;
  readonly refused: number;
  readonly duplicates: number;
  readonly needsPerson: number;
}

/**
 * Imports files into a dossier. What is acknowledged stays; running it again continues, naming what is there already as duplicates.
 * A file that cannot be taken is refused with its reason and the rest goes on.
 * @throws ArchiveError `dossier/not-found` (caller), `desk/not-allowed`, and environment failures (full disk, database away) that stop the whole import
 */
export async function importFiles(
  archive: Archive,
  desk: Desk,
  dossierId: string,
  files: readonly IncomingFile[],
  watcher: ImportWatcher = {},
): Promise<ImportResult> {
  return runImport(archive, desk, await startImport(archive, desk, dossierId, files.length), files, watcher);
}

/**
 * Takes the files of an import that was started.
 * @param settled paths of files of the same import that were settled before: the layout is read off all of them together
 */
export async function runImport(
  archive: Archive,
  desk: Desk,
  started: StartedImport,
  files: readonly IncomingFile[],
  watcher: ImportWatcher = {},
  settled: readonly string[] = [],
): Promise<ImportResult> {
  const paths = watcher.isLaidElsewhere ? [] : [...settled, ...files.map((f) => f.path)];
  const layout = watcher.separated ?? (await openImportLayout(archive, desk, started, paths));
  const to = { ...started, layout };
  const tally = { files: 0, pages: 0, refused: 0, duplicates: 0, needsPerson: 0 };
  const seen = new Set<string>();
  const running: Promise<FileOutcome[]>[] = [];
  const settle = async () => {
    for (const outcome of (await running.shift()) ?? []) {
      tally.files++;
      tally.pages += outcome.pages;
      if (outcome.outcome === 'refused') tally.refused++;
      if (outcome.outcome === 'duplicate') tally.duplicates++;
      if (outcome.outcome === 'needs_person') tally.needsPerson++;
      await watcher.onOutcome?.(outcome);
    }
  };
  try {
    let arrival = to.arrival;
    for (const batch of batches(files)) {
      if (watcher.signal?.aborted) throw new ArchiveError('import/stopped', 'caller');
      const at = arrival;
      arrival += batch.length * ARRIVAL_STEP;
      const work = takeBatch(archive, desk, to, batch, at, seen);
      // A batch that fails while an earlier one is awaited must not count as unhandled; it is thrown when its turn comes.
      work.catch(() => undefined);
      running.push(work);
      if (running.length >= BATCHES_AT_ONCE) await settle();
    }
    while (running.length) await settle();
  } catch (error) {
    await Promise.allSettled(running);
    // With the disk full or the database away this cannot be written either; the first error is the one to report.
    await endImport(archive, desk, to, 'stopped').catch(() => undefined);
    throw error;
  }
  await endImport(archive, desk, to, 'done');
  return { importId: to.importId, ...tally };
}

/** An import with its destination, and where its first page stands among those received. */
export interface StartedImport extends Destination {
  readonly arrival: number;
}

/** What of an import is known when it begins. */
export interface ImportKind {
  /** Separator sheets among its files say where what follows belongs. */
  readonly separated?: boolean;
  /** The import that a separator sheet led out of. */
  readonly ofImport?: string;
  /** The capture link that its files came by. */
  readonly linkId?: string;
}

/** Begins an import: its row and its entry. @throws ArchiveError `dossier/not-found`, `desk/not-allowed` (caller) */
export async function startImport(
  archive: Archive,
  desk: Desk,
  dossierId: string,
  fileCount: number,
  { separated = false, ofImport, linkId }: ImportKind = {},
): Promise<StartedImport> {
  return desk.act('page.import', async (tx, scope) => {
    const where = scopeSql(scope, 'd', 2);
    const row = await tx.one<{ fonds_id: string; unit_id: string; category: string; level: number; arrival: number }>(
      `select d.fonds_id, d.unit_id, d.category, d.level, coalesce((select max(arrival) from page where dossier_id = d.id), 0) as arrival from dossier d where d.id = $1 and ${where.sql}`,
      [dossierId, ...where.params],
    );
    if (!row) throw new ArchiveError('dossier/not-found', 'caller');
    const place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
    const importId = archive.clock.newId();
    await tx.query(
      `insert into import (id, fonds_id, unit_id, category, level, dossier_id, actor_id, started_at_ms, separated, of_import, link_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        importId,
        place.fondsId,
        place.unitId,
        place.category,
        place.level,
        dossierId,
        desk.actor.accountId,
        archive.clock.nowMs(),
        separated,
        ofImport ?? null,
        linkId ?? null,
      ],
    );
    await tx.log({
      kind: 'import.started',
      place,
      dossierId,
      objectId: importId,
      params: { files: fileCount, ...(linkId ? { link: linkId } : {}) },
    });
    return { importId, dossierId, place, arrival: (Math.floor(row.arrival / ARRIVAL_STEP) + 1) * ARRIVAL_STEP };
  });
}

async function endImport(archive: Archive, desk: Desk, { importId, dossierId }: StartedImport, state: 'done' | 'stopped'): Promise<void> {
  await desk.act('page.import', async (tx) => {
    await tx.query('update import set state = $2, ended_at_ms = $3 where id = $1', [importId, state, archive.clock.nowMs()]);
    await tx.log({ kind: 'import.ended', objectId: importId, params: { state } });
  });
  // The import has ended, whatever becomes of this: what was not asked for now is at the next start.
  await queueProposals(archive, dossierId).catch(() => undefined);
}

function* batches(files: readonly IncomingFile[]): Generator<IncomingFile[]> {
  let batch: IncomingFile[] = [];
  let byteCount = 0;
  for (const file of files) {
    if (batch.length && (batch.length >= BATCH_FILES_MAX || byteCount + file.byteCount > BATCH_BYTES_MAX)) {
      yield batch;
      batch = [];
      byteCount = 0;
    }
    batch.push(file);
    byteCount += file.byteCount;
  }
  if (batch.length) yield batch;
}

async function takeBatch(
  archive: Archive,
  desk: Desk,
  to: Destination & { readonly layout: BatchLayout },
  batch: readonly IncomingFile[],
  arrival: number,
  seen: Set<string>,
): Promise<FileOutcome[]> {
  const p = archive.sealer.primitives;
  const read = await Promise.all(
    batch.map(async (file, i) => {
      if (file.byteCount > FILE_BYTES_MAX) return { file, refusal: 'file/too-large' as const };
      const bytes = await file.read().catch(() => null);
      if (!bytes) return { file, refusal: 'file/unreadable' as const };
      const sha256 = p.hash('sha256', bytes);
      return { file, bytes, sha256, contentKey: archive.sealer.contentKey(to.place.fondsId, sha256), arrival: arrival + i * ARRIVAL_STEP };
    }),
  );
  const held = await findHeld(
    desk,
    to,
    read.flatMap((r) => ('contentKey' in r && r.contentKey ? [r.contentKey] : [])),
  );
  const outcomes = await Promise.all(
    read.map(async (r): Promise<Taken> => {
      if (!('bytes' in r) || !r.bytes) return { settled: refusalOf(r.file, r.refusal ?? 'file/unreadable') };
      const key = Buffer.from(r.contentKey).toString('hex');
      const again = held.has(key) || seen.has(key);
      seen.add(key);
      const { file, bytes, ...rest } = r;
      const own = { path: file.path, byteCount: bytes.length, body: bytes, ...rest };
      if (again) return { received: [{ ...own, decoded: { kind: 'duplicate' } }] };
      const { photo } = file;
      const decoded = await decodeFile(archive, { dossierId: to.dossierId, path: file.path, bytes, ...(photo ? { photo } : {}) });
      if (decoded.kind === 'members') {
        to.layout.addContainer(
          file.path,
          decoded.members.map((m) => m.path),
        );
        return { container: file.path, received: await unfold(archive, to, own, decoded) };
      }
      const sheet = decoded.kind === 'pages' && decoded.pages.length === 1 ? to.layout.findSeparator(file.path) : null;
      // It is kept as what it is, and never a page.
      if (sheet && decoded.kind === 'pages')
        return { received: [{ ...own, decoded: { kind: 'kept', mediaType: decoded.mediaType, findings: [sheet] } }] };
      return { received: [{ ...own, decoded }] };
    }),
  );
  const received = outcomes.flatMap((o) => ('received' in o ? o.received : []));
  const settled = received.length ? await receiveBatch(archive, desk, to, received) : [];
  return outcomes.flatMap((o) => {
    if ('settled' in o) return [o.settled];
    const own = o.received.map(() => settled.shift()!);
    return o.container === undefined ? own : containerOutcomes(o.container, own);
  });
}

/** What became of one file of a batch before its rows are written: settled without any, or received as one file or as a container's members. */
type Taken = { readonly settled: FileOutcome } | { readonly container?: string; readonly received: readonly ReceivedFile[] };

/** A container is one line with all its pages; members that gave none have a line of their own, so nothing is dropped silently. */
function containerOutcomes(container: string, members: readonly FileOutcome[]): FileOutcome[] {
  const pages = members.reduce((n, m) => n + m.pages, 0);
  const allHeld = members.length > 0 && members.every((m) => m.outcome === 'duplicate');
  const own: FileOutcome = allHeld
    ? { file: container, outcome: 'duplicate', pages: 0, code: 'import/duplicate', detail: {} }
    : pages > 0
      ? { file: container, outcome: 'pages', pages, code: null, detail: { members: members.length } }
      : { file: container, outcome: 'refused', pages: 0, code: 'zip/no-pages', detail: { members: members.length } };
  return [own, ...members.filter((m) => m.outcome !== 'pages').map((m) => ({ ...m, pages: 0 }))];
}

const refusalOf = (file: IncomingFile, code: string): FileOutcome => ({ file: file.path, outcome: 'refused', pages: 0, code, detail: {} });

/** Keys of contents that the dossier holds already. */
async function findHeld(desk: Desk, to: Destination, keys: readonly Uint8Array[]): Promise<Set<string>> {
  const rows = await desk.sql.query<{ key: string }>(
    `select encode(content_key, 'hex') as key from source_file where dossier_id = $1 and content_key = any($2::bytea[]) and outcome in ('pages', 'kept')`,
    [to.dossierId, keys],
  );
  return new Set(rows.map((r) => r.key));
}
