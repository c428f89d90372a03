import type { Sealer } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';

/** Where an exception report stands: docs/spec/counting.md. */
export type ExceptionState = 'open' | 'explained' | 'settled' | 'superseded';

/** An exception report (异常情况登记) as kept. */
export interface ExceptionRow {
  readonly id: string;
  readonly dossier_id: string;
  readonly slip_id: string;
  readonly kind: 'gap' | 'surplus';
  readonly images: number;
  readonly blank_images: number;
  readonly difference: number;
  readonly sheets_missing: number;
  readonly state: ExceptionState;
  readonly words: Uint8Array | null;
  readonly made_by: string;
  readonly created_at_ms: number;
  readonly closed_by: string | null;
  readonly closed_at_ms: number | null;
}

const COLUMNS = `id, dossier_id, slip_id, kind, images, blank_images, difference, sheets_missing, state, words, made_by, created_at_ms, closed_by,
  closed_at_ms`;

/** All reports of a dossier, the newest first. The caller has looked at the scope. */
export const readExceptions = (sql: Pick<Sql, 'query'>, dossierId: string): Promise<ExceptionRow[]> =>
  sql.query<ExceptionRow>(`select ${COLUMNS} from count_exception where dossier_id = $1 order by id desc`, [dossierId]);

/** One of them, locked; null when there is none. */
export const findException = (sql: Pick<Sql, 'one'>, id: string): Promise<ExceptionRow | null> =>
  sql.one<ExceptionRow>(`select ${COLUMNS} from count_exception where id = $1 for no key update`, [id]);

const place = (rowId: string) => ({ table: 'count_exception', column: 'words', rowId, version: 1 });

/** Seals the wording of who closes a report under its dossier's key. */
export const sealWords = (sealer: Sealer, row: { id: string; dossierId: string }, words: string): Uint8Array =>
  sealer.seal({ kind: 'dossier', id: row.dossierId }, place(row.id), words) as Uint8Array;

/** Opens it; empty when nobody closed it with words. @throws ArchiveError `column/corrupt` (corruption) */
export const openWords = (sealer: Sealer, row: ExceptionRow): string =>
  sealer.open({ kind: 'dossier', id: row.dossier_id }, place(row.id), row.words) ?? '';
