import type { KeyFactCode } from '@lantai/catalogue';
import type { AlterationCode } from '@lantai/reading/alteration';
import { ArchiveError } from '@lantai/values';
import type { Sealer } from '../archive/index.ts';
import { type DeskTx, type Scope, scopeSql } from '../desk/index.ts';

/** What a person answered to a hint; `open`: nobody yet. */
export type HintState = 'open' | 'no_concern' | 'concern';

/** A row of `alteration_hint`. */
export interface HintRow {
  readonly id: string;
  readonly dossier_id: string;
  readonly page_id: string;
  readonly material_id: string;
  readonly fact: KeyFactCode;
  readonly code: AlterationCode;
  readonly box: number[];
  readonly turned: 0 | 90 | 180 | 270;
  readonly measured: number;
  readonly limit_value: number;
  readonly version: string;
  readonly state: HintState;
  readonly reason: Uint8Array | null;
}

const COLUMNS = 'id, dossier_id, page_id, material_id, fact, code, box, turned, measured, limit_value, version, state, reason';

/** The hints of a dossier. The caller has looked at the scope. */
export const readHints = (tx: DeskTx, dossierId: string): Promise<HintRow[]> =>
  tx.query<HintRow>(`select ${COLUMNS} from alteration_hint where dossier_id = $1 order by id`, [dossierId]);

/** The dossier of a hint that the scope holds. @throws ArchiveError `hint/not-found` (caller) */
export async function getDossierOfHint(tx: DeskTx, scope: Scope, id: string): Promise<string> {
  const seen = scopeSql(scope, 'd', 2);
  const row = await tx.one<{ dossier_id: string }>(
    `select h.dossier_id from alteration_hint h join dossier d on d.id = h.dossier_id where h.id = $1 and ${seen.sql}`,
    [id, ...seen.params],
  );
  if (!row) throw new ArchiveError('hint/not-found', 'caller');
  return row.dossier_id;
}

/** One of them, locked. @throws ArchiveError `hint/not-found` (caller): looked at anew since */
export async function lockHint(tx: DeskTx, id: string): Promise<HintRow> {
  const row = await tx.one<HintRow>(`select ${COLUMNS} from alteration_hint where id = $1 for no key update`, [id]);
  if (!row) throw new ArchiveError('hint/not-found', 'caller');
  return row;
}

const placeOf = (rowId: string) => ({ table: 'alteration_hint', column: 'reason', rowId, version: 1 });

/** What a person saw, sealed; null for no words. */
export const sealHintReason = (sealer: Sealer, dossierId: string, id: string, reason: string): Uint8Array | null =>
  sealer.seal({ kind: 'dossier', id: dossierId }, placeOf(id), reason);

/** What a person saw; empty while nobody answered. @throws ArchiveError `column/corrupt` (corruption) */
export const openHintReason = (sealer: Sealer, { id, dossier_id, reason }: HintRow): string =>
  reason ? sealer.get({ kind: 'dossier', id: dossier_id }, placeOf(id), reason) : '';
