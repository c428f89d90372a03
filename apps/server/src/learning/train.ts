import type { Example, Retrained } from '@lantai/proposals/learning';
import { runThread, type ThreadKind } from '../children/index.ts';
import type { Config } from '../config.ts';

/** An example whose end is not known yet: of these is counted what the new model would propose otherwise. */
export type OpenExample = Omit<Example, 'stood' | 'dossier' | 'atMs'>;

/** What the thread is asked. */
export interface TrainRequest {
  readonly examples: readonly Example[];
  readonly recent: readonly OpenExample[];
  /** The model in force, as text. */
  readonly before: string | null;
}

/** What would be proposed otherwise of recent materials that wait: counts alone. */
export interface Changes {
  readonly of: number;
  readonly classes: readonly { readonly from: string | null; readonly to: string | null; readonly count: number }[];
  readonly titles: number;
}

/** What the thread answers. */
export interface TrainAnswer {
  /** As text; null: too little to learn by. */
  readonly model: string | null;
  readonly evaluation: Retrained['evaluation'];
  readonly changes: Changes;
}

/** 10,000 examples take some 15 seconds of processor time. */
const TRAIN: ThreadKind = { entry: 'learn-worker.mjs', timeoutMs: 300_000, heapMb: 1024, name: 'learning' };

/**
 * Trains in a thread of its own, which holds hashes and kinds of titles, no keys and no database.
 * @throws ArchiveError `learning/failed`, `learning/timeout` (environment)
 */
export function train({ programFolder }: Pick<Config, 'programFolder'>, request: TrainRequest): Promise<TrainAnswer> {
  return runThread(programFolder, TRAIN, request);
}
