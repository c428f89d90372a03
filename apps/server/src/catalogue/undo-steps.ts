import { ArchiveError } from '@lantai/values';
import type { Archive, Place } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import type { Desk, DeskTx } from '../desk/index.ts';
import type { DeskStep } from './catalogue-draft.ts';

/** A step that can be taken back. */
export interface UndoStep {
  readonly id: string;
  readonly kind: string;
  readonly atMs: number;
}

/** The last step of this actor on a dossier that was not taken back; null when there is none. A bulk edit is undone from the list, by its token. */
export async function findLastStep(sql: Sql, dossierId: string, actorId: string): Promise<UndoStep | null> {
  const row = await sql.one<{ id: string; kind: string; created_at_ms: number }>(
    `select id, kind, created_at_ms from undo where dossier_id = $1 and actor_id = $2 and kind <> 'bulk' and not done order by dossier_version desc, id desc limit 1`,
    [dossierId, actorId],
  );
  return row && { id: row.id, kind: row.kind, atMs: row.created_at_ms };
}

const inversePlace = (stepId: string) => ({ table: 'undo', column: 'inverse', rowId: stepId, version: 1 });

/** Keeps a step so that it can be taken back; sealed under the dossier's key, for it holds titles. */
export async function insertStep(
  tx: DeskTx,
  archive: Archive,
  desk: Desk,
  input: {
    readonly dossierId: string;
    readonly place: Place;
    readonly kind: string;
    readonly step: DeskStep;
    readonly dossierVersion: number;
  },
): Promise<void> {
  const id = archive.clock.newId();
  const { dossierId, place, kind, step, dossierVersion } = input;
  await tx.query(
    `insert into undo (id, fonds_id, unit_id, category, level, dossier_id, actor_id, kind, inverse, dossier_version, created_at_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      id,
      place.fondsId,
      place.unitId,
      place.category,
      place.level,
      dossierId,
      desk.actor.accountId,
      kind,
      archive.sealer.seal({ kind: 'dossier', id: dossierId }, inversePlace(id), JSON.stringify(step)),
      dossierVersion,
      archive.clock.nowMs(),
    ],
  );
}

/** Opens a kept step. @throws ArchiveError `column/…`, `undo/corrupt` (corruption) */
export async function openStep(tx: DeskTx, archive: Archive, dossierId: string, stepId: string): Promise<DeskStep> {
  const row = await tx.one<{ inverse: Uint8Array }>('select inverse from undo where id = $1 and dossier_id = $2', [stepId, dossierId]);
  const text = archive.sealer.get({ kind: 'dossier', id: dossierId }, inversePlace(stepId), row?.inverse ?? null);
  try {
    return JSON.parse(text) as DeskStep;
  } catch (cause) {
    throw new ArchiveError('undo/corrupt', 'corruption', { step: stepId }, cause);
  }
}
