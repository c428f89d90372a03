import type { DeclaredSheets } from '@lantai/catalogue';
import type { Sealer } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';

/** A processing slip (数字化加工流程单) as kept; the highest revision of a dossier is in force. */
export interface SlipRow {
  readonly id: string;
  readonly dossier_id: string;
  readonly revision: number;
  readonly sheets: number;
  readonly faces: number;
  readonly blank_faces: number;
  readonly note: Uint8Array | null;
  readonly made_by: string;
  readonly created_at_ms: number;
}

const COLUMNS = 'id, dossier_id, revision, sheets, faces, blank_faces, note, made_by, created_at_ms';

/** All slips of a dossier, the newest first. The caller has looked at the scope. */
export const readSlips = (sql: Pick<Sql, 'query'>, dossierId: string): Promise<SlipRow[]> =>
  sql.query<SlipRow>(`select ${COLUMNS} from processing_slip where dossier_id = $1 order by revision desc`, [dossierId]);

/** The slips in force of dossiers, by dossier; one without a slip is not in the answer. */
export async function readSlipsInForce(sql: Pick<Sql, 'query'>, dossierIds: readonly string[]): Promise<Map<string, SlipRow>> {
  const rows = await sql.query<SlipRow>(
    `select distinct on (dossier_id) ${COLUMNS} from processing_slip where dossier_id = any($1::uuid[]) order by dossier_id, revision desc`,
    [dossierIds],
  );
  return new Map(rows.map((r) => [r.dossier_id, r]));
}

/** What a slip declares. */
export const declaredOf = ({ sheets, faces, blank_faces }: SlipRow): DeclaredSheets => ({ sheets, faces, blankFaces: blank_faces });

const place = (rowId: string) => ({ table: 'processing_slip', column: 'note', rowId, version: 1 });

/** Seals the words of a slip under its dossier's key; null when there are none. */
export const sealNote = (sealer: Sealer, slip: { id: string; dossierId: string }, note: string): Uint8Array | null =>
  sealer.seal({ kind: 'dossier', id: slip.dossierId }, place(slip.id), note || null);

/** Opens them; empty when there are none. @throws ArchiveError `column/corrupt` (corruption) */
export const openNote = (sealer: Sealer, slip: SlipRow): string =>
  sealer.open({ kind: 'dossier', id: slip.dossier_id }, place(slip.id), slip.note) ?? '';
