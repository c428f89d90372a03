import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { OptimiseRecipe } from '@lantai/images';
import { OPTIMISER } from '@lantai/reading/optimise';
import { ArchiveError, formatHex } from '@lantai/values';
import type { ColumnPlace } from '@lantai/vault';
import {
  type Archive,
  insertObjects,
  type ObjectRow,
  openStoredObject,
  type Place,
  type PutObject,
  prepareObject,
  putObjects,
} from '../archive/index.ts';
import { type DecoderRequest, type OptimisedReply, retryIfKilled, type Urgency } from '../children/index.ts';
import { deskTx } from '../desk/index.ts';

/** What is written down of an optimised image, sealed: its recipe and the SHA-256 of the scan and of itself, hexadecimal. */
export interface KeptRecipe extends OptimiseRecipe {
  readonly inputSha256: string;
  readonly outputSha256: string;
}

interface PageRow extends ObjectRow {
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  orientation: 0 | 90 | 180 | 270;
  skew_millidegrees: number | null;
  resolution_dpi: number | null;
  was_version: number | null;
  was_address: Uint8Array | null;
  is_current: boolean;
}

const recipePlace = (pageId: string, version: number): ColumnPlace => ({
  table: 'optimised_image',
  column: 'recipe',
  rowId: pageId,
  version,
});

/** A page with how its scan lies, as is known now, and whether its optimised image was made for just that. */
const PAGE = `select o.address, o.dossier_id, o.object_id, o.suite, o.wrapped_key, p.fonds_id, p.unit_id, p.category, p.level,
    p.turned as orientation, r.skew_millidegrees, p.resolution_dpi, i.version as was_version, i.object_address as was_address,
    coalesce(i.orientation = p.turned and i.skew_millidegrees = r.skew_millidegrees and i.recipe_version = $2, false) as is_current
  from page p join stored_object o on o.address = p.object_address left join reading r on r.page_id = p.id and r.current
    left join optimised_image i on i.page_id = p.id
  where p.id = $1`;

/**
 * Sees to it that a page has its optimised image, made for the way its scan is known to lie now: makes it in a child process, seals it beside the raw
 * one and writes down its recipe, with an entry. One made already is left alone. The caller has looked at the scope.
 * @throws ArchiveError `page/not-found`, `optimised/not-read-yet` (caller): how the scan lies is not known; `blob/…`, `object/…`, `child/…`
 */
export async function ensureOptimised(archive: Archive, pageId: string, urgency: Urgency = 'looked-at'): Promise<void> {
  const row = await archive.db.system('optimise').one<PageRow>(PAGE, [pageId, OPTIMISER.version]);
  if (!row) throw new ArchiveError('page/not-found', 'caller');
  if (row.is_current) return;
  if (row.skew_millidegrees === null) throw new ArchiveError('optimised/not-read-yet', 'caller');
  const bytes = await openStoredObject(archive, row);
  const { reply, jpeg } = await makeInChild(archive, row, bytes, urgency);
  const hash = (plain: Uint8Array) => formatHex(archive.sealer.primitives.hash('sha256', plain));
  const recipe: KeptRecipe = { ...reply.recipe, inputSha256: hash(bytes), outputSha256: hash(jpeg) };
  const [object] = await putObjects(archive, [prepareObject(archive, row.dossier_id, 'optimised', jpeg)]);
  const former = object && (await keep(archive, pageId, row, { reply, recipe, object, jpeg }));
  // CRASH: an object that no row names any more is left over; fsck names and sweeps it.
  if (former) await archive.blobs.remove(former);
}

async function makeInChild(
  archive: Archive,
  row: PageRow,
  bytes: Uint8Array,
  urgency: Urgency,
): Promise<{ reply: OptimisedReply; jpeg: Uint8Array }> {
  const { orientation, resolution_dpi: resolutionDpi } = row;
  const request = { kind: 'optimise', orientation, skewDegrees: (row.skew_millidegrees ?? 0) / 1000, resolutionDpi } as const;
  const answer = await retryIfKilled(() => archive.decoders.run<DecoderRequest, OptimisedReply>(request, [bytes], { urgency }));
  const jpeg = answer.bytes[0];
  if (!jpeg) throw new ArchiveError('child/protocol', 'environment');
  return { reply: answer.reply, jpeg };
}

interface Made {
  readonly reply: OptimisedReply;
  readonly recipe: KeptRecipe;
  readonly object: PutObject;
  readonly jpeg: Uint8Array;
}

/** Writes object, row and entry. @returns the address that nobody names any more: that of the one before, or of this one when somebody was first */
async function keep(archive: Archive, pageId: string, seen: PageRow, made: Made): Promise<Uint8Array | null> {
  const { reply, recipe, object } = made;
  return archive.db.system('optimise').tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'archive_work');
    // INVARIANT: dossier, then page, as whoever arranges or reads them locks.
    await tx.query('select 1 from dossier where id = $1 for key share', [seen.dossier_id]);
    await tx.query('select 1 from page where id = $1 for no key update', [pageId]);
    const now = await tx.one<PageRow>(PAGE, [pageId, OPTIMISER.version]);
    if (!now || now.is_current || now.dossier_id !== seen.dossier_id) return object.address;
    const place: Place = { fondsId: now.fonds_id, unitId: now.unit_id, category: now.category, level: now.level };
    await insertObjects(tx, archive, place, [object]);
    const version = (now.was_version ?? 0) + 1;
    const entryId = await tx.log({
      kind: 'page.optimised',
      place,
      dossierId: now.dossier_id,
      objectId: pageId,
      contentSha256: archive.sealer.primitives.hash('sha256', made.jpeg),
      params: { recipe: recipe.name, version: recipe.version },
    });
    const ref = { kind: 'dossier', id: now.dossier_id } as const;
    await tx.query('delete from optimised_image where page_id = $1', [pageId]);
    await tx.query(
      `insert into optimised_image (page_id, fonds_id, unit_id, category, level, dossier_id, object_address, orientation, skew_millidegrees,
         recipe_version, width_px, height_px, recipe, version, entry_id, created_at_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
      [
        pageId,
        place.fondsId,
        place.unitId,
        place.category,
        place.level,
        now.dossier_id,
        object.address,
        recipe.parameters.orientation,
        Math.round(recipe.parameters.skewDegrees * 1000),
        recipe.version,
        reply.widthPx,
        reply.heightPx,
        archive.sealer.sealBytes(ref, recipePlace(pageId, version), deflateRawSync(JSON.stringify(recipe))),
        version,
        entryId,
        archive.clock.nowMs(),
      ],
    );
    if (now.was_address) await tx.query('delete from stored_object where address = $1', [now.was_address]);
    return now.was_address;
  });
}

/** The recipe of a page's optimised image; null when none was made. The caller has looked at the scope. */
export async function findRecipe(archive: Archive, pageId: string): Promise<KeptRecipe | null> {
  const row = await archive.db
    .system('optimise')
    .one<{ dossier_id: string; version: number; recipe: Uint8Array }>(
      'select dossier_id, version, recipe from optimised_image where page_id = $1',
      [pageId],
    );
  if (!row) return null;
  const plain = archive.sealer.openBytes({ kind: 'dossier', id: row.dossier_id }, recipePlace(pageId, row.version), row.recipe);
  return JSON.parse(inflateRawSync(plain).toString('utf8')) as KeptRecipe;
}
