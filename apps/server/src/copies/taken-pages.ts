import { ArchiveError } from '@lantai/values';
import type { Place } from '../archive/index.ts';
import { type DeskTx, type Scope, scopeSql } from '../desk/index.ts';
import type { ShownPageRef } from '../pages/index.ts';

/** A page that is to be taken along. */
export interface TakenPage extends ShownPageRef {
  readonly place: Place;
  readonly dossierCode: string;
  /** Archival code of its material, or class and number there; null for a loose page. */
  readonly material: string | null;
}

interface Row {
  id: string;
  dossier_id: string;
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  turned: ShownPageRef['turned'];
  width_px: number;
  height_px: number;
  dossier_code: string;
  material_code: string | null;
  class_code: string | null;
  sequence: number | null;
}

/**
 * Pages in the order they are asked for, all of one scope.
 * @param dossierId of all of them; null: of any
 * @throws ArchiveError `page/not-found` (caller) when one is not there, lies elsewhere or may not be taken: the answer does not tell which
 */
export async function getTakenPages(tx: DeskTx, scope: Scope, dossierId: string | null, pageIds: readonly string[]): Promise<TakenPage[]> {
  const where = scopeSql(scope, 'p', 3);
  const rows = await tx.query<Row>(
    `select p.id, p.dossier_id, p.fonds_id, p.unit_id, p.category, p.level, p.turned, p.width_px, p.height_px, d.code as dossier_code,
       m.code as material_code, m.class_code, m.sequence
     from page p join dossier d on d.id = p.dossier_id left join material m on m.id = p.material_id
     where p.id = any($1::uuid[]) and ($2::uuid is null or p.dossier_id = $2) and ${where.sql}`,
    [pageIds, dossierId, ...where.params],
  );
  const byId = new Map(rows.map((r) => [r.id, r]));
  return pageIds.map((id) => {
    const row = byId.get(id);
    if (!row) throw new ArchiveError('page/not-found', 'caller');
    return toTakenPage(row);
  });
}

function toTakenPage(r: Row): TakenPage {
  const isSideways = r.turned === 90 || r.turned === 270;
  return {
    pageId: r.id,
    dossierId: r.dossier_id,
    place: { fondsId: r.fonds_id, unitId: r.unit_id, category: r.category, level: r.level },
    turned: r.turned,
    widthPx: isSideways ? r.height_px : r.width_px,
    heightPx: isSideways ? r.width_px : r.height_px,
    dossierCode: r.dossier_code,
    material: r.material_code ?? (r.class_code === null ? null : `${r.class_code}-${r.sequence ?? ''}`),
  };
}
