import { parentPort, workerData } from 'node:worker_threads';
import { decide, decodeModel, encodeModel, type Model, retrain } from '@lantai/proposals/learning';
import { assert } from '@lantai/values';
import type { Changes, TrainAnswer, TrainRequest } from './train.ts';

/** A thread that trains one model and ends. It holds keyed hashes, no keys and no database. */
const { examples, recent, before } = workerData as TrainRequest;
assert(parentPort, 'runs as a thread');
const last = before === null ? null : decodeModel(before);
const { model, evaluation } = retrain(examples, last);
const answer: TrainAnswer = { model: model && encodeModel(model), evaluation, changes: compare(last, model) };
parentPort.postMessage(answer);

function compare(from: Model | null, to: Model | null): Changes {
  const classes = new Map<string, Changes['classes'][number]>();
  let titles = 0;
  for (const { features, signature, ruled } of recent) {
    const [was, is] = [decide(from, features, signature, ruled), decide(to ?? from, features, signature, ruled)];
    if (was.title.value !== is.title.value) titles++;
    if (was.classCode.value === is.classCode.value) continue;
    const [a, b] = [was.classCode.value, is.classCode.value];
    const key = JSON.stringify([a, b]);
    classes.set(key, { from: a, to: b, count: (classes.get(key)?.count ?? 0) + 1 });
  }
  return { of: recent.length, classes: [...classes.values()].sort((a, b) => b.count - a.count), titles };
}
