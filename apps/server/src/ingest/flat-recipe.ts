import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { FlatRecipe } from '@lantai/images';
import { formatHex } from '@lantai/values';
import type { Archive } from '../archive/index.ts';

/** What is written down of a page laid flat, sealed: its recipe and the SHA-256 of the photograph and of itself, hexadecimal. */
export interface KeptFlatRecipe extends FlatRecipe {
  readonly inputSha256: string;
  readonly outputSha256: string;
}

const recipePlace = (pageId: string) => ({ table: 'page', column: 'flat_recipe', rowId: pageId, version: 1 });

/** The sealed recipe of a page; null for one that is no photograph's. */
export function sealFlatRecipe(
  archive: Pick<Archive, 'sealer'>,
  dossierId: string,
  pageId: string,
  recipe: FlatRecipe | undefined,
  inputSha256: Uint8Array,
  outputSha256: Uint8Array,
): Uint8Array | null {
  if (!recipe) return null;
  const kept: KeptFlatRecipe = { ...recipe, inputSha256: formatHex(inputSha256), outputSha256: formatHex(outputSha256) };
  const packed = new Uint8Array(deflateRawSync(Buffer.from(JSON.stringify(kept))));
  return archive.sealer.sealBytes({ kind: 'dossier', id: dossierId }, recipePlace(pageId), packed);
}

/** How a page was laid flat out of its photograph; null for any other page. @throws ArchiveError `column/…` (corruption) */
export async function findFlatRecipe(archive: Archive, pageId: string): Promise<KeptFlatRecipe | null> {
  const row = await archive.db
    .system('fsck')
    .one<{ dossier_id: string; flat_recipe: Uint8Array | null }>('select dossier_id, flat_recipe from page where id = $1', [pageId]);
  if (!row?.flat_recipe) return null;
  const packed = archive.sealer.openBytes({ kind: 'dossier', id: row.dossier_id }, recipePlace(pageId), row.flat_recipe);
  return JSON.parse(inflateRawSync(packed).toString()) as KeptFlatRecipe;
}
