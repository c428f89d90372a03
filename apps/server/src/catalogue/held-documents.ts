import { isDeepStrictEqual } from 'node:util';
import type { KeyFactCode } from '@lantai/catalogue';
import { ArchiveError, type MaterialId, type PageId } from '@lantai/values';
import type { DeskTx } from '../desk/index.ts';
import type { CatalogueState } from './catalogue-state.ts';

/** Materials that are the document in force of a determination, with the determination and its fact. */
export async function readHeldDocuments(
  tx: Pick<DeskTx, 'query'>,
  dossierId: string,
): Promise<ReadonlyMap<string, { readonly determinationId: string; readonly fact: KeyFactCode }>> {
  const rows = await tx.query<{ material_id: string; determination_id: string; fact: KeyFactCode }>(
    `select x.material_id, x.determination_id, n.fact from (
       select distinct on (determination_id) determination_id, material_id from determination_document where dossier_id = $1
       order by determination_id, id desc) x join determination n on n.id = x.determination_id`,
    [dossierId],
  );
  return new Map(rows.map((row) => [row.material_id, { determinationId: row.determination_id, fact: row.fact }]));
}

/**
 * INVARIANT: what a determination was filed as says what it said: its class, title, date and pages are corrected by another document alone.
 * A better scan of the same face may take the place of a page.
 * @throws ArchiveError `determination/document-held` (caller)
 */
export async function refuseHeldDocuments(tx: Pick<DeskTx, 'query'>, old: CatalogueState, next: CatalogueState): Promise<void> {
  const held = await readHeldDocuments(tx, old.head.dossierId);
  for (const id of held.keys())
    if (!isDeepStrictEqual(standing(old, old, id), standing(old, next, id)))
      throw new ArchiveError('determination/document-held', 'caller');
}

function standing(old: CatalogueState, { arrangement, superseded }: CatalogueState, id: string): unknown {
  const material = arrangement.materials.find((m) => m.id === (id as MaterialId));
  if (!material) return null;
  const { classCode, title, date, pages } = material;
  const first = (page: PageId): PageId => {
    const former = [...superseded].find(([was, { by }]) => by === page && !old.superseded.has(was));
    return former ? first(former[0]) : page;
  };
  return { classCode, title, date, pages: pages.map(first) };
}
