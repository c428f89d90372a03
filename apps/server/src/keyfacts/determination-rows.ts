import type { Determined, KeyFactCode } from '@lantai/catalogue';
import { ArchiveError, parsePartialDate } from '@lantai/values';
import type { Sealer } from '../archive/index.ts';
import { type DeskTx, type Scope, scopeSql } from '../desk/index.ts';
import { samePersonSql } from '../organisation/index.ts';

/** Where a determination stands: docs/spec/key-facts.md, section 5. */
export type DeterminationState = 'proposed' | 'confirmed' | 'refused' | 'withdrawn';

/** What is determined (认定), as sealed. */
export interface DeterminationBody {
  /** In its written form: a date to month or day, a text else. */
  readonly value: string;
  /** 文号; empty: the determination has none. */
  readonly documentNo: string;
  /** Who decided (认定机关). */
  readonly organisation: string;
  /** `2026-11-22`. */
  readonly decidedOn: string;
  readonly reasons: string;
  /** Materials that it rests on. */
  readonly materialIds: readonly string[];
}

/** A row of `determination`. */
export interface DeterminationRow {
  readonly id: string;
  readonly dossier_id: string;
  readonly fact: KeyFactCode;
  readonly state: DeterminationState;
  readonly body: Uint8Array;
  readonly review: Uint8Array | null;
  readonly made_by: string;
  readonly created_at_ms: number;
  readonly decided_by: string | null;
  readonly decided_at_ms: number | null;
  /** Whether the account that reads is who proposed it, under whichever account. */
  readonly is_own: boolean;
}

const COLUMNS = `d.id, d.dossier_id, d.fact, d.state, d.body, d.review, d.made_by, d.created_at_ms, d.decided_by, d.decided_at_ms,
  ${samePersonSql('$2::uuid', 'd.made_by')} as is_own`;

/** The determinations of a dossier in the order in which they were proposed. The caller has looked at the scope. */
export const readDeterminations = (tx: DeskTx, dossierId: string, accountId: string): Promise<DeterminationRow[]> =>
  tx.query<DeterminationRow>(`select ${COLUMNS} from determination d where d.dossier_id = $1 order by d.id`, [dossierId, accountId]);

/**
 * The dossier that a determination is of, where the scope reaches it. What one may not see is not found, as what is not there.
 * @throws ArchiveError `determination/not-found` (caller)
 */
export async function getDossierOf(tx: DeskTx, scope: Scope, id: string): Promise<string> {
  const seen = scopeSql(scope, 'd', 2);
  const row = await tx.one<{ dossier_id: string }>(
    `select n.dossier_id from determination n join dossier d on d.id = n.dossier_id where n.id = $1 and ${seen.sql}`,
    [id, ...seen.params],
  );
  if (!row) throw new ArchiveError('determination/not-found', 'caller');
  return row.dossier_id;
}

/** One of them, locked; null when there is none. */
export const findDetermination = (tx: DeskTx, id: string, accountId: string): Promise<DeterminationRow | null> =>
  tx.one<DeterminationRow>(`select ${COLUMNS} from determination d where d.id = $1 for no key update of d`, [id, accountId]);

type SealedColumn = 'body' | 'review';
const place = (column: SealedColumn, rowId: string) => ({ table: 'determination', column, rowId, version: 1 });

/** Seals what is determined, or the words of the review, under the dossier's key. */
export const sealDetermination = (sealer: Sealer, column: SealedColumn, row: { id: string; dossierId: string }, text: string): Uint8Array =>
  sealer.seal({ kind: 'dossier', id: row.dossierId }, place(column, row.id), text) as Uint8Array;

/** Opens what is determined. @throws ArchiveError `column/corrupt` (corruption) */
export const openBody = (sealer: Sealer, row: DeterminationRow): DeterminationBody =>
  JSON.parse(sealer.get({ kind: 'dossier', id: row.dossier_id }, place('body', row.id), row.body)) as DeterminationBody;

/** Opens the words of the second person; empty when there are none. @throws ArchiveError `column/corrupt` (corruption) */
export const openReview = (sealer: Sealer, row: DeterminationRow): string =>
  row.review ? sealer.get({ kind: 'dossier', id: row.dossier_id }, place('review', row.id), row.review) : '';

/** Those that hold, for the rules: confirmed ones, in their order. */
export const determinedOf = (sealer: Sealer, rows: readonly DeterminationRow[]): Determined[] =>
  rows
    .filter((row) => row.state === 'confirmed')
    .map((row) => {
      const { value, decidedOn } = openBody(sealer, row);
      return { fact: row.fact, value, decidedOn: parsePartialDate(decidedOn) };
    });
