import { createHash } from 'node:crypto';
import type { Evaluation, Example } from '@lantai/proposals/learning';
import { EXAMPLES_MIN } from '@lantai/proposals/learning';
import type { Archive } from '../archive/index.ts';
import { deskTx, RESTRICTED_DOSSIERS } from '../desk/index.ts';
import { type ExampleRow, type OpenedExample, openExample } from './examples.ts';
import { type LearningPlace, modelPlace } from './models.ts';
import { type OpenExample, type TrainAnswer, train } from './train.ts';

/** Of more, the last are learned by: what an archive did years ago says less of what it does now. */
const EXAMPLES_MAX = 20_000;
/** Of so many materials that wait is counted what would be proposed otherwise. */
const RECENT_MAX = 1000;
/** Earlier models kept beside the one in force. */
const KEPT_MAX = 5;

/** What a training came to. */
export interface Learned {
  readonly number: number | null;
  readonly examples: number;
  readonly corrected: number;
  readonly verdict: Evaluation['verdict'];
}

/**
 * Trains the model of a fonds and scheme anew on all that persons settled, and puts it in force when it is better on examples it had not seen; one
 * entry. With fewer than ten examples nothing is written.
 * CRASH: nothing is written before the one transaction at the end; the job trains again.
 * @throws ArchiveError `learning/failed`, `learning/timeout` (environment)
 */
export async function learn(archive: Archive, place: LearningPlace): Promise<Learned> {
  const settled = await readExamples(archive, place, true);
  const corrected = settled.filter((e) => e.corrected).length;
  const few: Learned = { number: null, examples: settled.length, corrected, verdict: 'too-few' };
  if (settled.length < EXAMPLES_MIN) return few;
  const waiting = await readExamples(archive, place, false);
  const before = await readInForce(archive, place);
  const answer = await train(archive.config, {
    examples: toExamples(settled),
    recent: waiting.map(({ trace: { features, signature, ruled } }): OpenExample => ({ features, signature, ruled })),
    before: before?.text ?? null,
  });
  const number = await store(archive, place, { answer, settled, corrected, beforeId: before?.id ?? null });
  return { ...few, number, verdict: answer.evaluation.verdict };
}

/** Settled ones in the order in which they were, or those that wait. Nothing of a dossier whose processing is restricted. */
async function readExamples(archive: Archive, { fondsId, schemeId }: LearningPlace, isSettled: boolean): Promise<OpenedExample[]> {
  const time = isSettled ? 'settled_at_ms' : 'laid_at_ms';
  const rows = await archive.db.system('learning').query<ExampleRow>(
    `select e.material_id, e.dossier_id, e.body, e.stood, e.corrected, e.settled_at_ms, e.laid_at_ms
     from learning_example e join dossier d on d.id = e.dossier_id
     where d.fonds_id = $1 and d.scheme = $2 and (e.settled_at_ms is not null) = $3
       and not exists (select 1 from (${RESTRICTED_DOSSIERS}) h where h.id = d.id) order by e.${time} desc, e.material_id limit $4`,
    [fondsId, schemeId, isSettled, isSettled ? EXAMPLES_MAX : RECENT_MAX],
  );
  return rows.reverse().map((row) => openExample(archive, row));
}

/** Examples as they are trained on: dossiers by number, without their ids. */
function toExamples(opened: readonly OpenedExample[]): Example[] {
  const numbers = new Map<string, number>();
  return opened.flatMap(({ dossierId, trace, stood, atMs }) => {
    const dossier = numbers.get(dossierId) ?? numbers.size;
    numbers.set(dossierId, dossier);
    const { features, signature, ruled } = trace;
    return stood ? [{ features, signature, ruled, stood, dossier, atMs }] : [];
  });
}

async function readInForce({ db, sealer }: Archive, { fondsId, schemeId }: LearningPlace): Promise<{ id: string; text: string } | null> {
  const row = await db
    .system('learning')
    .one<{ id: string; body: Uint8Array }>(
      `select id, body from learning_model where fonds_id = $1 and scheme = $2 and state = 'in_force'`,
      [fondsId, schemeId],
    );
  return row && { id: row.id, text: sealer.get({ kind: 'fonds', id: fondsId }, modelPlace(row.id), row.body) };
}

interface Outcome {
  readonly answer: TrainAnswer;
  readonly settled: readonly OpenedExample[];
  readonly corrected: number;
  readonly beforeId: string | null;
}

/** One transaction: the model's row, whether it takes the other's place, what it was trained on, and the entry. Null: the model in force changed. */
async function store(archive: Archive, place: LearningPlace, outcome: Outcome): Promise<number | null> {
  const { fondsId, schemeId } = place;
  const { answer, settled, corrected, beforeId } = outcome;
  const { verdict } = answer.evaluation;
  const text = verdict === 'better' ? answer.model : null;
  return archive.db.system('learning').tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'archive_work');
    // One at a time for a fonds: numbers follow one another, and a dossier is not destroyed between reading and keeping.
    await tx.query('select 1 from fonds where id = $1 for no key update', [fondsId]);
    const ids = settled.map((e) => e.materialId);
    const still = await tx.one<{ n: number }>('select count(*)::int as n from learning_example where material_id = any($1::uuid[])', [ids]);
    const inForce = await tx.one<{ id: string }>(
      `select id from learning_model where fonds_id = $1 and scheme = $2 and state = 'in_force'`,
      [fondsId, schemeId],
    );
    // What was learned by meanwhile is gone, or another model took its place: the next training starts from there.
    if (still?.n !== ids.length || (inForce?.id ?? null) !== beforeId) return null;
    const [row] = await tx.query<{ next: number }>(
      'select coalesce(max(number), 0) + 1 as next from learning_model where fonds_id = $1 and scheme = $2',
      [fondsId, schemeId],
    );
    const number = row!.next;
    const id = archive.clock.newId();
    const entryId = archive.clock.newId();
    const digest = answer.model === null ? null : createHash('sha256').update(answer.model).digest('hex');
    if (text !== null) await tx.query(`update learning_model set state = 'kept' where id = $1`, [beforeId]);
    await tx.query(
      `insert into learning_model (id, fonds_id, scheme, number, state, body, digest, examples, corrected, evaluation, changes, made_at_ms, entry_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        id,
        fondsId,
        schemeId,
        number,
        text === null ? 'refused' : 'in_force',
        archive.sealer.seal({ kind: 'fonds', id: fondsId }, modelPlace(id), text),
        digest,
        settled.length,
        corrected,
        { ...answer.evaluation },
        { ...answer.changes },
        archive.clock.nowMs(),
        entryId,
      ],
    );
    await tx.query('update learning_example set trained = true where material_id = any($1::uuid[]) and not trained', [ids]);
    await tx.query(`delete from learning_model where fonds_id = $1 and scheme = $2 and state <> 'in_force' and number <= $3`, [
      fondsId,
      schemeId,
      number - 1 - KEPT_MAX,
    ]);
    await tx.log({
      id: entryId,
      kind: 'learning.trained',
      objectId: id,
      params: { number, scheme: schemeId, examples: settled.length, corrected, verdict, ...(digest ? { digest } : {}) },
    });
    return number;
  });
}
