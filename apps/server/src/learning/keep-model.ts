import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import type { Desk, Scope } from '../desk/index.ts';
import type { LearningPlace } from './models.ts';
import { sendLearning } from './queue-learning.ts';

/** Whether a scope takes in a fonds whole: learning changes what is proposed in all of it. */
async function takesInFonds(sql: Sql, { clauses }: Scope, fondsId: string): Promise<boolean> {
  const root = await sql.one<{ id: string }>('select id from unit where fonds_id = $1 and parent_id is null', [fondsId]);
  return clauses.some(
    ({ dossierIds, units, fondsIds }) =>
      dossierIds === 'all' &&
      (fondsIds === 'all' || fondsIds.includes(fondsId)) &&
      (units === 'all' || (root !== null && units.ids.includes(root.id))),
  );
}

/**
 * Asks for a training now, as a job; one entry.
 * @throws ArchiveError `fonds/not-found` (caller) when the post does not take in the whole fonds, `desk/not-allowed`
 */
export async function askLearning(archive: Archive, desk: Desk, place: LearningPlace): Promise<void> {
  await desk.act('jobs.manage', async (tx, scope) => {
    if (!(await takesInFonds(tx, scope, place.fondsId))) throw new ArchiveError('fonds/not-found', 'caller');
    await sendLearning(archive, tx, place);
    await tx.log({ kind: 'learning.asked', objectId: place.fondsId, params: { scheme: place.schemeId } });
  });
  archive.queue.wake();
}

/**
 * Puts a kept model in force, or, with `isUsed` false, takes the one in force out, so that the rules propose alone; one entry. What is so already
 * changes nothing.
 * @throws ArchiveError `learning/not-found` (caller) when it is none that is kept, or of a fonds that the post does not take in whole
 */
export async function useModel(desk: Desk, modelId: string, isUsed: boolean): Promise<void> {
  await desk.act('jobs.manage', async (tx, scope) => {
    const model = await tx.one<{ fonds_id: string; scheme: string; number: number; state: string }>(
      `select fonds_id, scheme, number, state from learning_model where id = $1 and state in ('in_force', 'kept') for no key update`,
      [modelId],
    );
    if (!model || !(await takesInFonds(tx, scope, model.fonds_id))) throw new ArchiveError('learning/not-found', 'caller');
    if ((model.state === 'in_force') !== isUsed) {
      await tx.query(`update learning_model set state = 'kept' where fonds_id = $1 and scheme = $2 and state = 'in_force'`, [
        model.fonds_id,
        model.scheme,
      ]);
      if (isUsed) await tx.query(`update learning_model set state = 'in_force' where id = $1`, [modelId]);
    }
    await tx.log({
      kind: isUsed ? 'learning.used' : 'learning.rested',
      objectId: modelId,
      params: { number: model.number, scheme: model.scheme },
    });
  });
}

/** What was learned for one fonds and scheme, as its screen shows it: counts and codes alone. */
export interface LearningView extends LearningPlace {
  readonly fondsCode: string;
  /** Settled proposals, how many of them were corrected, and how many corrections no model was trained on yet. */
  readonly settled: number;
  readonly corrected: number;
  readonly fresh: number;
  readonly isTraining: boolean;
  readonly models: readonly ModelView[];
}

/** One model, the newest first. */
export interface ModelView {
  readonly id: string;
  readonly number: number;
  readonly state: 'in_force' | 'kept' | 'refused' | 'forgotten';
  readonly digest: string | null;
  readonly examples: number;
  readonly corrected: number;
  readonly evaluation: unknown;
  readonly changes: unknown;
  readonly madeAtMs: number;
}

interface PlaceRow {
  fonds_id: string;
  code: string;
  scheme: string;
  settled: number;
  corrected: number;
  fresh: number;
  training: boolean;
}
interface ModelRow {
  id: string;
  fonds_id: string;
  scheme: string;
  number: number;
  state: ModelView['state'];
  digest: string | null;
  examples: number;
  corrected: number;
  evaluation: unknown;
  changes: unknown;
  made_at_ms: number;
}

/** What was learned, for each fonds that the post takes in whole. Numbers and codes without a place: no entry, like the queues. */
export async function listLearning(archive: Archive, desk: Desk): Promise<LearningView[]> {
  const scope = desk.scope('jobs.read');
  const system = archive.db.system('learning');
  const rows = await system.query<PlaceRow>(
    `select f.id as fonds_id, f.code, p.scheme, p.settled, p.corrected, p.fresh,
       exists (select 1 from pgboss.job j where j.name = 'learn' and j.state <= 'active' and j.data->>'fondsId' = f.id::text and j.data->>'schemeId' = p.scheme) as training
     from (select d.fonds_id, d.scheme, count(e.settled_at_ms)::int as settled, count(*) filter (where e.corrected)::int as corrected,
         count(*) filter (where e.corrected and not e.trained)::int as fresh
       from learning_example e join dossier d on d.id = e.dossier_id group by 1, 2
       union select m.fonds_id, m.scheme, 0, 0, 0 from learning_model m
         where not exists (select 1 from learning_example e join dossier d on d.id = e.dossier_id where d.fonds_id = m.fonds_id and d.scheme = m.scheme)) p
     join fonds f on f.id = p.fonds_id order by f.code, p.scheme`,
  );
  const models = await system.query<ModelRow>(
    'select id, fonds_id, scheme, number, state, digest, examples, corrected, evaluation, changes, made_at_ms from learning_model order by number desc',
  );
  const shown: LearningView[] = [];
  for (const row of rows) {
    if (!(await takesInFonds(system, scope, row.fonds_id))) continue;
    shown.push({
      fondsId: row.fonds_id,
      schemeId: row.scheme,
      fondsCode: row.code,
      settled: row.settled,
      corrected: row.corrected,
      fresh: row.fresh,
      isTraining: row.training,
      models: models
        .filter((m) => m.fonds_id === row.fonds_id && m.scheme === row.scheme)
        .map(({ made_at_ms: madeAtMs, fonds_id: _fonds, scheme: _scheme, ...m }) => ({ ...m, madeAtMs })),
    });
  }
  return shown;
}
