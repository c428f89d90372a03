import { type HashFunction, type TreeEdge, treeHash } from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import type { Session } from '../db/index.ts';
import type { StoredCheckpoint } from './checkpoint-rows.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { TileFolder } from './tile-folder.ts';

/** SHA-256, as C2SP tlog-tiles fixes it for the tree. */
export const hash: HashFunction = treeHash(nodePrimitives);

/** The moments of a round after which the process may die; a test dies at each. */
export type SequencerStep = 'entries-placed' | 'tiles-written' | 'checkpoint-stored' | 'checkpoint-published' | 'partials-removed';

/** What a round works with, for as long as the lock is held. */
export interface SequencerParts {
  readonly session: Session;
  readonly tiles: TileFolder;
  readonly origin: string;
  readonly keys: SigningKeys;
  readonly nowMs: () => number;
  /** Most entries of one checkpoint. */
  readonly batchLimit: number;
  /** Told of what is wrong but does not stop the log. */
  readonly onFinding: (error: Error) => void;
  readonly onStep: (step: SequencerStep) => void | Promise<void>;
}

/** What the sequencer remembers between rounds; all of it is found again from tables and tiles. */
export interface LogState {
  readonly edge: TreeEdge;
  /** Null before the first entry. */
  readonly last: StoredCheckpoint | null;
  /** Changes of the log's keys that stand in the tree: which generation signs the next checkpoint. */
  readonly keyChanges: number;
}
