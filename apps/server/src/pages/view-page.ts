import { createHash, randomBytes } from 'node:crypto';
import { ArchiveError } from '@lantai/values';
import { type Archive, type ObjectRow, openStoredObject } from '../archive/index.ts';
import { type Actor, type Desk, type DeskTx, inScope, openDesk, type Purpose, type Scope, scopeSql } from '../desk/index.ts';
import { ensureOptimised } from './optimised-image.ts';

/** Leave to fetch the tiles and the text of one page, or the thumbnails of a dossier, for a while. */
export interface ViewLeave {
  readonly token: string;
  readonly expiresAtMs: number;
  readonly entryId: string;
}

/** Which image of a page is shown: the scan as received, or what was made of it. */
export type ImageKind = 'raw' | 'optimised';

/** A page as it is looked at. Sizes of the image turned upright. */
export interface PageView extends ViewLeave {
  readonly image: ImageKind;
  readonly imageVersion?: number;
  readonly pageId: string;
  readonly dossierId: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly turned: 0 | 90 | 180 | 270;
  readonly hasReading: boolean;
}

/** A look lasts as long as somebody sits at a page; a forgotten tab is no open door. */
export const VIEW_MS = 15 * 60_000;
const TOKEN_BYTES = 24;

const digest = (token: string) => createHash('sha256').update(token).digest();

interface PageRow {
  id: string;
  dossier_id: string;
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  width_px: number;
  height_px: number;
  turned: 0 | 90 | 180 | 270;
  read_state: string;
}

async function findPageRow(tx: DeskTx, scope: Scope, pageId: string): Promise<PageRow> {
  const where = scopeSql(scope, 'p', 2);
  const row = await tx.one<PageRow>(
    `select p.id, p.dossier_id, p.fonds_id, p.unit_id, p.category, p.level, p.width_px, p.height_px, p.turned, p.read_state from page p where p.id = $1 and ${where.sql}`,
    [pageId, ...where.params],
  );
  // What may not be seen is not found: the answer does not tell that it exists.
  if (!row) throw new ArchiveError('page/not-found', 'caller');
  return row;
}

/**
 * Looks at a page: one entry, and a token bound to session and page on which its tiles and text ride.
 * The optimised image is made when it is first asked for.
 * @throws ArchiveError `page/not-found`, `desk/not-allowed`, `optimised/not-read-yet` (caller)
 */
export async function viewPage(
  archive: Archive,
  desk: Desk,
  pageId: string,
  sessionDigest: Uint8Array | null,
  image: ImageKind = 'raw',
): Promise<PageView> {
  // Nothing is made for whom the page is not there.
  if (image === 'optimised') {
    await desk.act('page.view', (tx, scope) => findPageRow(tx, scope, pageId));
    await ensureOptimised(archive, pageId);
  }
  return desk.act('page.view', async (tx, scope) => {
    const page = await findPageRow(tx, scope, pageId);
    const optimised = image === 'optimised' ? await findOptimisedSize(tx, pageId) : null;
    const place = { fondsId: page.fonds_id, unitId: page.unit_id, category: page.category, level: page.level };
    const entryId = await tx.log({ kind: 'page.viewed', place, dossierId: page.dossier_id, objectId: pageId });
    const at = { kind: 'page', image, pageId, dossierId: page.dossier_id, place, entryId, sessionDigest } as const;
    const leave = await insertToken(tx, archive, desk, at);
    return {
      ...leave,
      entryId,
      image,
      pageId,
      dossierId: page.dossier_id,
      ...(optimised ? { turned: 0 as const, ...optimised } : { turned: page.turned, ...uprightSize(page) }),
      hasReading: page.read_state === 'read',
    };
  });
}

/** Opens the thumbnails of a dossier: one entry for all of them. @throws ArchiveError `dossier/not-found` (caller) */
export function openThumbnails(archive: Archive, desk: Desk, dossierId: string, sessionDigest: Uint8Array | null): Promise<ViewLeave> {
  return desk.act('page.view', async (tx, scope) => {
    const where = scopeSql(scope, 'd', 2);
    const row = await tx.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
      `select d.fonds_id, d.unit_id, d.category, d.level from dossier d where d.id = $1 and ${where.sql}`,
      [dossierId, ...where.params],
    );
    if (!row) throw new ArchiveError('dossier/not-found', 'caller');
    const place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
    const entryId = await tx.log({ kind: 'thumbnails.viewed', place, dossierId });
    return {
      ...(await insertToken(tx, archive, desk, {
        kind: 'thumbnails',
        image: 'raw',
        pageId: null,
        dossierId,
        place,
        entryId,
        sessionDigest,
      })),
      entryId,
    };
  });
}

/** @throws ArchiveError `page/not-found` (caller): it went between being made and being looked at */
async function findOptimisedSize(tx: DeskTx, pageId: string): Promise<Pick<ShownPage, 'imageVersion' | 'widthPx' | 'heightPx'>> {
  const row = await tx.one<{ version: number; width_px: number; height_px: number }>(
    'select version, width_px, height_px from optimised_image where page_id = $1',
    [pageId],
  );
  if (!row) throw new ArchiveError('page/not-found', 'caller');
  return { imageVersion: row.version, widthPx: row.width_px, heightPx: row.height_px };
}

interface TokenInput {
  kind: 'page' | 'thumbnails';
  image: ImageKind;
  pageId: string | null;
  dossierId: string;
  place: { fondsId: string; unitId: string; category: string; level: number };
  entryId: string;
  sessionDigest: Uint8Array | null;
}

async function insertToken(tx: DeskTx, archive: Archive, desk: Desk, t: TokenInput): Promise<Omit<ViewLeave, 'entryId'>> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const expiresAtMs = archive.clock.nowMs() + VIEW_MS;
  await tx.query(
    `insert into view_token (token_digest, account_id, session_digest, purpose, kind, fonds_id, unit_id, category, level, dossier_id, page_id, entry_id, expires_at_ms, image)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      digest(token),
      desk.actor.accountId,
      t.sessionDigest,
      desk.purpose,
      t.kind,
      t.place.fondsId,
      t.place.unitId,
      t.place.category,
      t.place.level,
      t.dossierId,
      t.pageId,
      t.entryId,
      expiresAtMs,
      t.image,
    ],
  );
  return { token, expiresAtMs };
}

/** A page as a look shows it. */
export interface ShownPage {
  readonly pageId: string;
  readonly image: ImageKind;
  /** Version of the optimised image, for which tiles are kept; 0 of the raw one. */
  readonly imageVersion: number;
  /** Clockwise turn the scan suffered, as it is known now; none of an optimised image. */
  readonly turned: 0 | 90 | 180 | 270;
  /** Size of the image turned upright. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/** What a token opens. */
export interface OpenedView {
  readonly kind: 'page' | 'thumbnails';
  readonly dossierId: string;
  /** The page it is for; null when it is for no single one. */
  readonly page: ShownPage | null;
  /** Entry of the look, which the marks on its images name. */
  readonly entryId: string;
  /** The archive's clock, by which marks tell the time. */
  readonly utcOffsetMinutes: number;
}

interface TokenRow {
  kind: 'page' | 'thumbnails';
  purpose: Purpose;
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  dossier_id: string;
  page_id: string | null;
  entry_id: string;
  expires_at_ms: number;
  turned: ShownPage['turned'] | null;
  width_px: number | null;
  height_px: number | null;
  image: ImageKind;
  optimised_version: number | null;
  optimised_width_px: number | null;
  optimised_height_px: number | null;
}

/**
 * Redeems a token for the session it was given to; anybody else's is not found.
 * INVARIANT: what was revoked since the look is revoked for its tiles too: the policy decides again at each.
 */
export async function redeemView(archive: Archive, token: string, actor: Actor, sessionDigest: Uint8Array | null): Promise<OpenedView> {
  const [row] = await archive.db.system('view-token').queryNamed<TokenRow>(
    'redeem-view',
    `select v.kind, v.purpose, v.fonds_id, v.unit_id, v.category, v.level, v.dossier_id, v.page_id, v.entry_id, v.expires_at_ms,
       p.turned, p.width_px, p.height_px, v.image, i.version as optimised_version, i.width_px as optimised_width_px, i.height_px as optimised_height_px
     from view_token v left join page p on p.id = v.page_id left join optimised_image i on i.page_id = v.page_id and v.image = 'optimised'
     where v.token_digest = $1 and v.account_id = $2 and v.session_digest is not distinct from $3`,
    [digest(token), actor.accountId, sessionDigest],
  );
  if (!row) throw new ArchiveError('view/not-found', 'caller');
  if (row.expires_at_ms < archive.clock.nowMs()) throw new ArchiveError('view/expired', 'caller');
  const desk = await openDesk(archive, actor, row.purpose);
  const place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level, dossierId: row.dossier_id };
  if (!desk.may('page.view') || !inScope(desk.scope('page.view'), place)) throw new ArchiveError('view/not-found', 'caller');
  const { utcOffsetMinutes } = desk;
  return { kind: row.kind, dossierId: row.dossier_id, page: shownPage(row), entryId: row.entry_id, utcOffsetMinutes };
}

function shownPage(row: TokenRow): ShownPage | null {
  const { page_id: pageId, turned, width_px, height_px, image } = row;
  if (pageId === null || turned === null || width_px === null || height_px === null) return null;
  if (image === 'optimised') {
    const { optimised_version: imageVersion, optimised_width_px: widthPx, optimised_height_px: heightPx } = row;
    if (imageVersion === null || widthPx === null || heightPx === null) return null;
    return { pageId, image, imageVersion, turned: 0, widthPx, heightPx };
  }
  return { pageId, image, imageVersion: 0, turned, ...uprightSize({ turned, width_px, height_px }) };
}

/** The size of a page's image once it is turned upright. */
function uprightSize(row: { turned: ShownPage['turned']; width_px: number; height_px: number }): { widthPx: number; heightPx: number } {
  const sideways = row.turned === 90 || row.turned === 270;
  return sideways ? { widthPx: row.height_px, heightPx: row.width_px } : { widthPx: row.width_px, heightPx: row.height_px };
}

/** The image bytes of a page inside a redeemed view, as received or as optimised; for the decoder. @throws ArchiveError `page/not-found`, `blob/…`, `object/…` */
export async function openPageBytes(
  archive: Archive,
  dossierId: string,
  pageId: string,
  image: ImageKind = 'raw',
): Promise<{ bytes: Uint8Array; turned: 0 | 90 | 180 | 270; mediaType: string }> {
  const row = await archive.db.system('view-token').one<ObjectRow & { turned: 0 | 90 | 180 | 270; media_type: string }>(
    image === 'raw'
      ? `select o.address, o.dossier_id, o.object_id, o.suite, o.wrapped_key, p.turned, p.media_type from page p join stored_object o on o.address = p.object_address
     where p.id = $1 and p.dossier_id = $2`
      : `select o.address, o.dossier_id, o.object_id, o.suite, o.wrapped_key, 0 as turned, 'image/jpeg' as media_type
     from optimised_image i join stored_object o on o.address = i.object_address where i.page_id = $1 and i.dossier_id = $2`,
    [pageId, dossierId],
  );
  if (!row) throw new ArchiveError('page/not-found', 'caller');
  return { bytes: await openStoredObject(archive, row), turned: row.turned, mediaType: row.media_type };
}

/** The file as received that a page came from; an entry of the log. @throws ArchiveError `page/not-found` (caller) */
export async function downloadOriginal(
  archive: Archive,
  desk: Desk,
  pageId: string,
): Promise<{ bytes: Uint8Array; mediaType: string | null; name: string; entryId: string }> {
  const found = await desk.act('page.download', async (tx, scope) => {
    const where = scopeSql(scope, 'p', 2);
    const row = await tx.one<
      ObjectRow & {
        fonds_id: string;
        unit_id: string;
        category: string;
        level: number;
        file_id: string;
        name: Uint8Array;
        media_type: string | null;
      }
    >(
      `select o.address, o.dossier_id, o.object_id, o.suite, o.wrapped_key, p.fonds_id, p.unit_id, p.category, p.level, f.id as file_id, f.name, f.media_type
       from page p join source_file f on f.id = p.source_file_id join stored_object o on o.address = f.object_address where p.id = $1 and ${where.sql}`,
      [pageId, ...where.params],
    );
    if (!row) throw new ArchiveError('page/not-found', 'caller');
    const place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
    const entryId = await tx.log({ kind: 'page.downloaded', place, dossierId: row.dossier_id, objectId: pageId });
    return { row, entryId };
  });
  const { row, entryId } = found;
  const name = archive.sealer.get(
    { kind: 'dossier', id: row.dossier_id },
    { table: 'source_file', column: 'name', rowId: row.file_id, version: 1 },
    row.name,
  );
  return { bytes: await openStoredObject(archive, row), mediaType: row.media_type, name, entryId };
}
