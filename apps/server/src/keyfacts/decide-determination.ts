import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { readFiledDossier } from '../catalogue/index.ts';
import type { Desk } from '../desk/index.ts';
import { findDetermination, getDossierOf, sealDetermination } from './determination-rows.ts';
import { refuseOwnDossier } from './propose-determination.ts';

/**
 * Confirms what somebody else proposed (认定复审). From now on it is the value of the fact; what was determined before stays and is shown.
 * @throws ArchiveError `determination/not-found`, `determination/decided`, `determination/own`, `determination/own-dossier` (caller)
 */
export const confirmDetermination = (archive: Archive, desk: Desk, id: string, { words }: { readonly words: string }): Promise<void> =>
  decide(archive, desk, id, 'confirmed', words);

/** Refuses it, and says why. @throws ArchiveError as {@link confirmDetermination} */
export const refuseDetermination = (archive: Archive, desk: Desk, id: string, { reason }: { readonly reason: string }): Promise<void> =>
  decide(archive, desk, id, 'refused', reason);

/** INVARIANT: who proposed it never decides, under another account neither. */
function decide(archive: Archive, desk: Desk, id: string, state: 'confirmed' | 'refused', words: string): Promise<void> {
  const { accountId } = desk.actor;
  return desk.act('material.change', async (tx, scope) => {
    // The dossier's row is locked before the determination's, as everywhere.
    const dossier = await readFiledDossier(tx, archive, scope, await getDossierOf(tx, scope, id), true);
    const row = await findDetermination(tx, id, accountId);
    if (!row) throw new ArchiveError('determination/not-found', 'caller');
    if (row.state !== 'proposed') throw new ArchiveError('determination/decided', 'caller');
    if (row.is_own) throw new ArchiveError('determination/own', 'caller');
    await refuseOwnDossier(tx, desk, dossier.subjectId);
    const [entryId, dossierId] = [desk.clock.newId(), row.dossier_id];
    const changed = [await tx.watch('determination', [id])];
    await tx.query(
      'update determination set state = $2, review = $3, decided_by = $4, decided_at_ms = $5, decision_entry_id = $6 where id = $1',
      [id, state, sealDetermination(desk.sealer, 'review', { id, dossierId }, words), accountId, desk.clock.nowMs(), entryId],
    );
    const params = { fact: row.fact, proposer: row.made_by };
    await tx.log({ id: entryId, kind: `determination.${state}`, place: dossier.place, dossierId, objectId: id, params, changed });
  });
}
