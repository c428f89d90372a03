import type { Archive } from '../archive/index.ts';
import type { Tx } from '../db/index.ts';
import { learn } from './learn.ts';
import type { LearningPlace } from './models.ts';

/** So many corrections that no model was trained on ask for a training. */
const CORRECTIONS_NEW = 20;

const isQueued = (tx: Tx, { fondsId, schemeId }: LearningPlace) =>
  tx.one(
    `select 1 from pgboss.job where name = 'learn' and state < 'active' and data->>'fondsId' = $1 and data->>'schemeId' = $2 limit 1`,
    [fondsId, schemeId],
  );

/**
 * Sends a training when persons have corrected enough since the last one; asked after the commit of what they settled.
 * CRASH: what was not asked for is asked for when the next material is settled.
 */
export async function queueLearning(archive: Archive, place: LearningPlace): Promise<void> {
  if (!archive.config.learns) return;
  await archive.db.system('learning').tx(async (tx) => {
    const row = await tx.one<{ n: number }>(
      `select count(*)::int as n from (select 1 from learning_example e join dossier d on d.id = e.dossier_id
         where e.corrected and e.settled_at_ms is not null and not e.trained and d.fonds_id = $1 and d.scheme = $2 limit ${CORRECTIONS_NEW}) x`,
      [place.fondsId, place.schemeId],
    );
    if ((row?.n ?? 0) >= CORRECTIONS_NEW) await sendLearning(archive, tx, place);
  });
  archive.queue.wake();
}

/** Sends a training in the caller's transaction, where none waits. */
export async function sendLearning(archive: Pick<Archive, 'queue'>, tx: Tx, { fondsId, schemeId }: LearningPlace): Promise<void> {
  if (await isQueued(tx, { fondsId, schemeId })) return;
  await archive.queue.send(tx, 'learn', [{ data: { fondsId, schemeId } }]);
}

/** Does one job of the queue `learn`. */
export async function runLearning(archive: Archive, data: Readonly<Record<string, string>>): Promise<void> {
  await learn(archive, { fondsId: data.fondsId ?? '', schemeId: data.schemeId ?? '' });
}
