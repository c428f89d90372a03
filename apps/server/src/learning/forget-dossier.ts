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
