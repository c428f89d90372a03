import type { Checkpoint } from '@lantai/log';

/** What an outside witness of the bundle's checkpoint came to. */
export interface AnchorOutcome {
  /** The member it was read from. */
  readonly path: string;
  /** Kind of witness, such as `rfc3161` or `evm`; a word that messages are keyed by. */
  readonly provider: string;
  /** `holds`: it names this checkpoint and its own proof holds; `refused`: it does not; `unknown`: nobody here can judge it. */
  readonly outcome: 'holds' | 'refused' | 'unknown';
  /** When the witness saw the checkpoint, by its own clock; milliseconds since 1970 UTC. */
  readonly atMs?: number;
  /** Why it does not hold, or what it cannot say offline: a code. */
  readonly reason?: string;
}

/** A file below `anchors/`. */
export interface AnchorMember {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Judges the anchors of a bundle offline; each provider of anchors gives one. Never throws on bad bytes. What it does not know it leaves out,
 * and the bundle's check lists it as `unknown`.
 */
export type AnchorJudge = (
  checkpoint: Checkpoint,
  checkpointNote: string,
  members: readonly AnchorMember[],
) => Promise<readonly AnchorOutcome[]>;

/** Largest file below `anchors/` that is read. */
export const ANCHOR_BYTES_MAX = 1024 * 1024;
/** Most files below `anchors/`. */
export const ANCHORS_MAX = 64;
