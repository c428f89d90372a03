import type { Sealer } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';

/** Where a confirmed material stands: docs/spec/countercheck.md, section 2. */
export type CheckState = 'waiting' | 'passed' | 'returned';

/** A row of `countercheck`; the one in force is of the material as it is catalogued now. */
export interface CheckRow {
  readonly id: string;
  readonly dossier_id: string;
  readonly material_id: string;
  readonly state: CheckState;
  readonly first_by: readonly string[];
  readonly first_unknown: boolean;
  readonly answer: Uint8Array | null;
  readonly created_at_ms: number;
  readonly second_by: string | null;
  readonly decided_at_ms: number | null;
  readonly words: Uint8Array | null;
}

const COLUMNS = `id, dossier_id, material_id, state, first_by, first_unknown, answer, created_at_ms, second_by, decided_at_ms, words`;

/** The rows in force of materials, by material; one that nobody has confirmed in two-person mode has none. The caller has looked at the scope. */
export async function readChecks(sql: Pick<Sql, 'query'>, materialIds: readonly string[], locked = false): Promise<Map<string, CheckRow>> {
  const rows = await sql.query<CheckRow>(
    `select ${COLUMNS} from countercheck where material_id = any($1::uuid[]) and state <> 'overtaken' order by id${locked ? ' for no key update' : ''}`,
    [materialIds],
  );
  return new Map(rows.map((row) => [row.material_id, row]));
}

/** The last rows of materials, in force or overtaken, by material. */
export async function readLastChecks(sql: Pick<Sql, 'query'>, materialIds: readonly string[]): Promise<Map<string, CheckRow>> {
  const rows = await sql.query<CheckRow>(
    `select distinct on (material_id) ${COLUMNS} from countercheck where material_id = any($1::uuid[]) order by material_id, id desc`,
    [materialIds],
  );
  return new Map(rows.map((row) => [row.material_id, row]));
}

/** Whether any of these accounts arranged a dossier: who may have confirmed what nothing is kept of. */
export async function hasArranged(sql: Pick<Sql, 'one'>, dossierId: string, accountIds: readonly string[]): Promise<boolean> {
  const row = await sql.one(
    `select 1 as one from entry where dossier_id = $1 and kind = 'dossier.arranged' and actor_id = any($2::uuid[]) limit 1`,
    [dossierId, accountIds],
  );
  return row !== null;
}

/** What one person, by all the own accounts, has to do with a material that was confirmed. */
export interface OwnPart {
  /** Something in it is one's own, so that another must look at it. */
  readonly isAmong: boolean;
  /** All of it is: there is nothing for one to pass. */
  readonly isSole: boolean;
}

/** Judges the own part. A material without a row was confirmed before the mode was on: who arranged the dossier may have done it. */
export function ownPart(row: CheckRow | undefined, accountIds: readonly string[], arranged: boolean): OwnPart {
  const unknown = row?.first_unknown ?? true;
  const firsts = row?.first_by ?? [];
  const isOwn = (id: string) => accountIds.includes(id);
  return { isAmong: firsts.some(isOwn) || (unknown && arranged), isSole: !unknown && firsts.every(isOwn) };
}

type SealedColumn = 'words' | 'answer';
const place = (column: SealedColumn, rowId: string) => ({ table: 'countercheck', column, rowId, version: 1 });

/** Seals the words of the second person, or the answer of the first, under the dossier's key. */
export const sealCheckWords = (sealer: Sealer, column: SealedColumn, row: { id: string; dossierId: string }, text: string | null) =>
  sealer.seal({ kind: 'dossier', id: row.dossierId }, place(column, row.id), text);

/** Opens them; empty when there are none. @throws ArchiveError `column/corrupt` (corruption) */
export const openCheckWords = (sealer: Sealer, column: SealedColumn, row: Pick<CheckRow, 'id' | 'dossier_id' | SealedColumn>): string =>
  sealer.open({ kind: 'dossier', id: row.dossier_id }, place(column, row.id), row[column]) ?? '';
