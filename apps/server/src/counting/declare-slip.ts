import { canBeDeclared, type DeclaredSheets } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import { type Desk, madeObjects } from '../desk/index.ts';
import { getCounted } from './counted-dossier.ts';
import { sealNote } from './slip-rows.ts';

/** What is declared of a dossier whose paper is taken out. */
export interface NewSlip extends DeclaredSheets {
  /** Where the blank faces lie, the state of the paper; empty: nothing. */
  readonly note: string;
}

/**
 * Declares how many sheets and faces a dossier has (填写数字化加工流程单). A further slip supersedes the one before and overwrites nothing.
 * @returns the id of the slip
 * @throws ArchiveError `dossier/not-found`, `slip/impossible` (caller)
 */
export function declareSlip(desk: Desk, dossierId: string, slip: NewSlip): Promise<string> {
  return desk.act('material.change', async (tx, scope) => {
    if (!canBeDeclared(slip)) throw new ArchiveError('slip/impossible', 'caller');
    const { place } = await getCounted(tx, scope, dossierId, true);
    const last = await tx.one<{ revision: number }>('select max(revision) as revision from processing_slip where dossier_id = $1', [
      dossierId,
    ]);
    const [id, entryId, revision] = [desk.clock.newId(), desk.clock.newId(), (last?.revision ?? 0) + 1];
    const { sheets, faces, blankFaces, note } = slip;
    await tx.query(
      `insert into processing_slip (id, dossier_id, revision, sheets, faces, blank_faces, note, made_by, created_at_ms, entry_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        ...[id, dossierId, revision, sheets, faces, blankFaces, sealNote(desk.sealer, { id, dossierId }, note.trim())],
        ...[desk.actor.accountId, desk.clock.nowMs(), entryId],
      ],
    );
    const changed = [madeObjects('processing_slip', [id])];
    const params = { revision, sheets, faces, blankFaces };
    await tx.log({ id: entryId, kind: 'slip.declared', place, dossierId, objectId: id, params, changed });
    return id;
  });
}
