import type { PropertyMoment } from '@lantai/catalogue/properties';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { findHead } from '../catalogue/index.ts';
import type { Desk } from '../desk/index.ts';
import { loadCheckStandards, nameOfStandard } from '../filing-check/index.ts';

/**
 * Puts a four-property check of a dossier on its way; a job does it (or, not queued, the caller runs it at once).
 * @throws ArchiveError `dossier/not-found`, `properties/running`, `desk/not-allowed` (caller)
 */
export async function startPropertyCheck(
  archive: Archive,
  desk: Desk,
  dossierId: string,
  moment: PropertyMoment,
  { queued = true }: { readonly queued?: boolean } = {},
): Promise<string> {
  const standard = nameOfStandard(loadCheckStandards(archive.config).items);
  const id = await desk.act('dossier.change', async (tx, scope) => {
    const head = await findHead(tx, archive, scope, { id: dossierId });
    if (!head) throw new ArchiveError('dossier/not-found', 'caller');
    // The row is the lock: of two who ask at once one is refused.
    await tx.query('select 1 from dossier where id = $1 for no key update', [dossierId]);
    if (await tx.one(`select 1 as one from property_check where dossier_id = $1 and state = 'running'`, [dossierId]))
      throw new ArchiveError('properties/running', 'caller');
    const [checkId, entryId] = [desk.clock.newId(), desk.clock.newId()];
    await tx.query(
      `insert into property_check (id, dossier_id, moment, standard, state, made_by, created_at_ms, entry_id)
       values ($1, $2, $3, $4, 'running', $5, $6, $7)`,
      [checkId, dossierId, moment, standard, desk.actor.accountId, desk.clock.nowMs(), entryId],
    );
    const params = { moment, standard };
    await tx.log({ id: entryId, kind: 'properties.check-started', place: head.place, dossierId, objectId: checkId, params });
    if (queued) await archive.queue.send(tx, 'properties', [{ data: { checkId, dossierId } }]);
    return checkId;
  });
  if (queued) archive.queue.wake();
  return id;
}
