import type { Archive } from '../archive/index.ts';
import type { DeskTx } from '../desk/index.ts';
import { sendLearning } from './queue-learning.ts';

/**
 * Takes what a dossier taught out of everything that learned by it, in the transaction that destroys the dossier: its examples are deleted, every
 * model of its fonds and scheme that was trained since loses its text, and a training without them is sent. Until that has run the rules propose alone.
 */
export async function forgetDossier(tx: DeskTx, archive: Pick<Archive, 'queue'>, dossierId: string): Promise<void> {
  const gone = await tx.query<{ trained: boolean }>('delete from learning_example where dossier_id = $1 returning trained', [dossierId]);
  if (!gone.some((row) => row.trained)) return;
  const dossier = await tx.one<{ fonds_id: string; scheme: string }>('select fonds_id, scheme from dossier where id = $1', [dossierId]);
  if (!dossier) return;
  const { fonds_id: fondsId, scheme: schemeId } = dossier;
  const models = await tx.query<{ id: string }>(
    `update learning_model set state = 'forgotten', body = null, digest = null where fonds_id = $1 and scheme = $2 and body is not null returning id`,
    [fondsId, schemeId],
  );
  if (!models.length) return;
  await tx.logMany(models.map(({ id }) => ({ kind: 'learning.forgotten', objectId: id, params: { scheme: schemeId } })));
  await sendLearning(archive, tx, { fondsId, schemeId });
}

/**
 * Forgets the models that the log says were forgotten and that a restored backup brought back. Learning anew waits for the next corrections: what a
 * backup of that time holds of examples was learned from, or is gone with its dossier.
 */
export async function forgetAgain(tx: DeskTx): Promise<void> {
  const models = await tx.query<{ id: string; scheme: string }>(
    `update learning_model set state = 'forgotten', body = null, digest = null where body is not null and id in (
       select (convert_from(e.bytes, 'UTF8')::jsonb->>'object')::uuid from entry e where e.kind = 'learning.forgotten') returning id, scheme`,
  );
  if (models.length) await tx.logMany(models.map(({ id, scheme }) => ({ kind: 'learning.forgotten', objectId: id, params: { scheme } })));
}
