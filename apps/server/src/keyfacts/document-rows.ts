import type { DeskTx } from '../desk/index.ts';

/** A row of `determination_document`: what a determination was filed as, and by whom. */
export interface DocumentRow {
  readonly id: string;
  readonly determination_id: string;
  readonly material_id: string;
  readonly way: 'made' | 'attached';
  readonly made_by: string;
  readonly created_at_ms: number;
}

/** The documents of a dossier's determinations in the order in which they were filed; the last of each is in force. */
export const readDocuments = (tx: Pick<DeskTx, 'query'>, dossierId: string): Promise<DocumentRow[]> =>
  tx.query<DocumentRow>(
    'select id, determination_id, material_id, way, made_by, created_at_ms from determination_document where dossier_id = $1 order by id',
    [dossierId],
  );
