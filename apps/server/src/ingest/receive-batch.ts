import { ArchiveError, type Finding } from '@lantai/values';
import { type Archive, insertObjects, type Place, type PutObject, prepareObject, putObjects } from '../archive/index.ts';
import { type LayoutLookup, placeLaidPages } from '../catalogue/index.ts';
import type { Desk, DeskTx } from '../desk/index.ts';
import { discardObjects } from './arriving-objects.ts';
import { insertBornDigitalReading } from './born-digital.ts';
import type { Decoded, DecodedPage } from './decode.ts';
import { insertFindings } from './findings.ts';
import { sealFlatRecipe } from './flat-recipe.ts';
import type { FileOutcome } from './outcome.ts';
import { sealSignatures } from './signatures.ts';

/** One file, taken apart, on its way to its rows. */
export interface ReceivedFile {
  readonly path: string;
  readonly byteCount: number;
  /** The file whole: in memory, or, a member of a container, sealed and on disk already. */
  readonly body: Uint8Array | PutObject;
  readonly sha256: Uint8Array;
  readonly contentKey: Uint8Array;
  readonly decoded: Decoded | { readonly kind: 'duplicate' };
  /** Place of the file's first page in the dossier as received. */
  readonly arrival: number;
}

/** Where files are received into. */
export interface Destination {
  readonly importId: string;
  readonly dossierId: string;
  readonly place: Place;
  /** What the folders say of class and material; left out or null where they say nothing. */
  readonly layout?: LayoutLookup | null;
}

interface Row {
  readonly file: ReceivedFile;
  readonly fileId: string;
  readonly outcome: FileOutcome['outcome'];
  readonly code: string | null;
  /** What the words of the code need. */
  readonly detail: FileOutcome['detail'];
  /** The file as received, where a page is not the file itself. */
  readonly source: PutObject | null;
  readonly pages: readonly {
    readonly page: DecodedPage;
    readonly pageId: string;
    readonly object: PutObject;
    readonly contentKey: Uint8Array;
    readonly sha256: Uint8Array;
  }[];
  entryId: string;
}

const DUPLICATE = { code: 'import/duplicate', detail: {} } as const;

/** Pages read first are those a person waits for; an import stands behind them. */
const READ_PRIORITY = 0;

/**
 * The receive step of the pipeline, for a handful of files at once: seal, put under their addresses, then rows, entries and next jobs
 * in one transaction. A file is acknowledged when this resolves.
 * CRASH: before the commit there are sealed bytes without rows, swept by fsck; the files are received again when the import is run again.
 */
export async function receiveBatch(archive: Archive, desk: Desk, to: Destination, files: readonly ReceivedFile[]): Promise<FileOutcome[]> {
  const put = await putBytes(archive, to, files);
  archive.moments.pass('bytes-put');
  let rows: readonly Row[] = [];
  await desk.act('page.import', async (tx, scope) => {
    rows = await settleRaces(tx, to, put);
    await insertRows(tx, archive, to, rows);
    if (to.layout) {
      const pages = rows.flatMap((r) => r.pages.map(({ pageId }) => ({ pageId, path: r.file.path })));
      await placeLaidPages(tx, archive, scope, to.dossierId, to.layout, pages);
    }
    archive.moments.pass('rows-written');
  });
  archive.moments.pass('committed');
  archive.queue.wake();
  // Duplicates that showed themselves only now, members that gave nothing.
  const named = new Set(rows.flatMap(objectsOf).map((o) => o.objectId));
  const unnamed = [...put.flatMap(objectsOf), ...files.map((f) => f.body).filter(isPut)].filter((o) => !named.has(o.objectId));
  await discardObjects(archive, unnamed);
  return rows.map((r) => ({
    file: r.file.path,
    outcome: r.outcome,
    pages: r.pages.length,
    code: r.code,
    detail: r.detail,
  }));
}

const isPut = (body: Uint8Array | PutObject): body is PutObject => !(body instanceof Uint8Array);

const objectsOf = (r: Row): PutObject[] => [...(r.source ? [r.source] : []), ...r.pages.map((q) => q.object)];

async function putBytes(archive: Archive, to: Destination, files: readonly ReceivedFile[]): Promise<Row[]> {
  const kinds = files.map(kindOf);
  const prepared = files.map(({ body }, i) => (isPut(body) || !kinds[i] ? null : prepareObject(archive, to.dossierId, kinds[i], body)));
  const put = await putObjects(
    archive,
    prepared.filter((o) => o !== null),
  );
  return files.map((file, i) => {
    const { decoded, body } = file;
    const kind = kinds[i] ?? null;
    const whole = kind && (isPut(body) ? { ...body, kind } : put.find((o) => o.objectId === prepared[i]?.objectId)!);
    const pages = decoded.kind === 'pages' ? decoded.pages : [];
    return {
      file,
      fileId: archive.clock.newId(),
      outcome: decoded.kind === 'members' ? 'kept' : decoded.kind,
      ...reasonOf(decoded),
      source: kind === 'source' ? whole : null,
      pages: pages.map((page) => {
        const sha256 = page.part?.sha256 ?? file.sha256;
        return {
          page,
          sha256,
          pageId: archive.clock.newId(),
          contentKey: archive.sealer.contentKey(to.place.fondsId, sha256),
          object: page.part?.object() ?? whole!,
        };
      }),
      entryId: '',
    };
  });
}

/** What the whole file is kept as: a page, the source of pages made of it, or (null) not at all. */
function kindOf({ decoded }: ReceivedFile): 'raw' | 'source' | null {
  if (decoded.kind === 'pages') return decoded.pages.every((page) => page.origin === 'as_received') ? 'raw' : 'source';
  // A file that only wants its password is kept sealed, so that giving it is all that is left to do.
  const isLocked = decoded.kind === 'refused' && decoded.code.endsWith('/password-needed');
  return isLocked || decoded.kind === 'kept' || decoded.kind === 'needs_person' ? 'source' : null;
}

/** Why a file became what it became; no code when all is well. */
function reasonOf(decoded: ReceivedFile['decoded']): Pick<FileOutcome, 'code' | 'detail'> {
  if (decoded.kind === 'duplicate') return DUPLICATE;
  if (decoded.kind === 'refused') return { code: decoded.code, detail: decoded.detail };
  if (decoded.kind === 'needs_person') return { code: decoded.code, detail: {} };
  const finding = findingsOf(decoded).find((f) => f.severity !== 'info');
  return { code: finding?.code ?? null, detail: finding?.params ?? {} };
}

const findingsOf = (decoded: ReceivedFile['decoded']): readonly Finding[] =>
  decoded.kind === 'pages' || decoded.kind === 'kept' || decoded.kind === 'members' ? decoded.findings : [];

/** A file that another import of the same dossier received meanwhile is a duplicate too. The dossier's row is the lock. */
async function settleRaces(tx: DeskTx, to: Destination, rows: readonly Row[]): Promise<Row[]> {
  const locked = await tx.one('select id from dossier where id = $1 for no key update', [to.dossierId]);
  if (!locked) throw new ArchiveError('dossier/not-found', 'caller');
  const taken = new Set(
    (
      await tx.query<{ key: string }>(
        `select encode(content_key, 'hex') as key from source_file where dossier_id = $1 and content_key = any($2::bytea[]) and outcome in ('pages', 'kept')`,
        [to.dossierId, rows.map((r) => r.file.contentKey)],
      )
    ).map((r) => r.key),
  );
  return rows.map((r) => {
    const key = Buffer.from(r.file.contentKey).toString('hex');
    if (r.outcome !== 'pages' && r.outcome !== 'kept') return r;
    if (!taken.has(key)) {
      taken.add(key);
      return r;
    }
    return { ...r, outcome: 'duplicate' as const, ...DUPLICATE, source: null, pages: [] };
  });
}

async function insertRows(tx: DeskTx, archive: Archive, to: Destination, rows: readonly Row[]): Promise<void> {
  const { place, dossierId } = to;
  const entryIds = await tx.logMany([
    ...rows.map((r) => ({
      kind: 'file.received',
      place,
      dossierId,
      objectId: r.fileId,
      contentSha256: r.file.sha256,
      params: { outcome: r.outcome, pages: r.pages.length, ...(r.code ? { code: r.code } : {}) },
    })),
    ...rows.flatMap((r) =>
      r.pages.map((q) => ({
        kind: 'page.received',
        place,
        dossierId,
        objectId: q.pageId,
        contentSha256: q.sha256,
        params: { origin: q.page.origin },
      })),
    ),
  ]);
  rows.forEach((r, i) => {
    r.entryId = entryIds[i]!;
  });
  await insertObjects(
    tx,
    archive,
    place,
    rows.flatMap((r) => [...(r.source ? [r.source] : []), ...r.pages.map((q) => q.object)]),
  );
  await insertSourceFiles(tx, archive, to, rows);
  await insertPages(tx, archive, to, rows, entryIds.slice(rows.length));
  const pageCount = rows.reduce((n, r) => n + r.pages.length, 0);
  if (pageCount)
    await tx.query('update dossier set page_count = page_count + $2, changed_at_ms = $3 where id = $1', [
      dossierId,
      pageCount,
      archive.clock.nowMs(),
    ]);
}

async function insertSourceFiles(tx: DeskTx, archive: Archive, to: Destination, rows: readonly Row[]): Promise<void> {
  const { sealer, clock } = archive;
  const { place } = to;
  const ref = { kind: 'dossier', id: to.dossierId } as const;
  await tx.query(
    `insert into source_file (id, fonds_id, unit_id, category, level, dossier_id, import_id, content_key, name, media_type, byte_count, object_address, outcome, code, page_count, entry_id, created_at_ms, params, signatures)
     select i, $2, $3, $4, $5, $6, $7, k, n, m, b, a, o, c, p, e, $17, d, s from unnest($1::uuid[], $8::bytea[], $9::bytea[], $10::text[], $11::bigint[], $12::bytea[], $13::text[], $14::text[], $15::int[], $16::uuid[], $18::jsonb[], $19::bytea[]) as t(i, k, n, m, b, a, o, c, p, e, d, s)`,
    [
      rows.map((r) => r.fileId),
      place.fondsId,
      place.unitId,
      place.category,
      place.level,
      to.dossierId,
      to.importId,
      rows.map((r) => r.file.contentKey),
      rows.map((r) => sealer.seal(ref, { table: 'source_file', column: 'name', rowId: r.fileId, version: 1 }, r.file.path)),
      rows.map((r) => ('mediaType' in r.file.decoded ? r.file.decoded.mediaType : null)),
      rows.map((r) => r.file.byteCount),
      rows.map((r) => r.source?.address ?? r.pages[0]?.object.address ?? null),
      rows.map((r) => r.outcome),
      rows.map((r) => r.code),
      rows.map((r) => r.pages.length),
      rows.map((r) => r.entryId),
      clock.nowMs(),
      rows.map((r) => JSON.stringify(r.detail)),
      rows.map((r) => sealSignatures(sealer, ref, r.fileId, 'signatures' in r.file.decoded ? r.file.decoded.signatures : undefined)),
    ],
  );
  for (const r of rows)
    await insertFindings(
      tx,
      archive,
      { ...to, sourceFileId: r.fileId, pageId: null, step: 'receive', version: '1' },
      findingsOf(r.file.decoded),
    );
}

async function insertPages(
  tx: DeskTx,
  archive: Archive,
  to: Destination,
  rows: readonly Row[],
  entryIds: readonly string[],
): Promise<void> {
  const pages = rows.flatMap((r) => r.pages.map((q, index) => ({ ...q, index, file: r })));
  if (!pages.length) return;
  const { place } = to;
  const isRead = (q: (typeof pages)[number]) => q.page.text !== null;
  await tx.query(
    `insert into page (id, fonds_id, unit_id, category, level, dossier_id, arrival, source_file_id, source_index, origin, media_type, width_px, height_px, resolution_dpi, content_key, object_address, read_state, entry_id, created_at_ms, flat_recipe)
     select i, $2, $3, $4, $5, $6, r, s, x, o, m, w, h, d, k, a, z, e, $19, f
     from unnest($1::uuid[], $7::bigint[], $8::uuid[], $9::int[], $10::text[], $11::text[], $12::int[], $13::int[], $14::smallint[], $15::bytea[], $16::bytea[], $17::text[], $18::uuid[], $20::bytea[]) as t(i, r, s, x, o, m, w, h, d, k, a, z, e, f)`,
    [
      pages.map((q) => q.pageId),
      place.fondsId,
      place.unitId,
      place.category,
      place.level,
      to.dossierId,
      pages.map((q) => q.file.file.arrival + q.index),
      pages.map((q) => q.file.fileId),
      pages.map((q) => q.index),
      pages.map((q) => q.page.origin),
      pages.map((q) => q.page.mediaType),
      pages.map((q) => q.page.widthPx),
      pages.map((q) => q.page.heightPx),
      pages.map((q) => q.page.resolutionDpi),
      pages.map((q) => q.contentKey),
      pages.map((q) => q.object.address),
      pages.map((q) => (isRead(q) ? 'read' : 'waiting')),
      entryIds,
      archive.clock.nowMs(),
      pages.map((q) => sealFlatRecipe(archive, to.dossierId, q.pageId, q.page.flatRecipe, q.file.file.sha256, q.sha256)),
    ],
  );
  for (const q of pages) {
    await insertFindings(tx, archive, { ...to, sourceFileId: null, pageId: q.pageId, step: 'receive', version: '1' }, q.page.findings);
    if (isRead(q)) await insertBornDigitalReading(tx, archive, to, q.pageId, q.page);
  }
  const waiting = pages.filter((q) => !isRead(q));
  await archive.queue.send(
    tx,
    'read',
    waiting.map((q) => ({ data: { pageId: q.pageId, dossierId: to.dossierId }, priority: READ_PRIORITY })),
  );
}
