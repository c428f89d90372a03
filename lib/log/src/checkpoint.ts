import { equalBytes } from '@lantai/values';
import { findBase64, formatBase64 } from './base64.ts';
import { HASH_BYTES, type HashFunction } from './merkle.ts';
import { findConsistencyFault } from './proof-check.ts';
import { type NoteFault, type NoteSigner, type NoteVerifier, openNote, signNote } from './signed-note.ts';

/** The state of a log: who it is, how many entries, and the root over them all. Source: C2SP tlog-checkpoint. */
export interface Checkpoint {
  readonly origin: string;
  /** Entries; at most 2^53 - 1. */
  readonly size: number;
  readonly root: Uint8Array;
}

/** The note text of a checkpoint: origin, size, root, a line each. Lantai writes no extension lines. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${formatBase64(checkpoint.root)}\n`;
}

/** Parses a note text; extension lines are passed over. Null when it is no checkpoint, or one larger than numbers go here. */
export function findCheckpoint(text: string): Checkpoint | null {
  const m = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/=]+)\n(?:[^\n]+\n)*$/.exec(text);
  const root = m && findBase64(m[3]!);
  if (!m || !root || root.length !== HASH_BYTES || !Number.isSafeInteger(Number(m[2]))) return null;
  return { origin: m[1]!, size: Number(m[2]), root };
}

/** The signed note of a checkpoint. The first signer should be the log's Ed25519 key, named as the origin. */
export function signCheckpoint(checkpoint: Checkpoint, signers: readonly NoteSigner[]): string {
  return signNote(formatCheckpoint(checkpoint), signers);
}

/** What opening a checkpoint gives. `foreign`: no key of this origin signed it, though some known key may have. */
export type OpenedCheckpoint =
  | { readonly kind: 'opened'; readonly checkpoint: Checkpoint; readonly signedBy: readonly NoteVerifier[] }
  | { readonly kind: 'refused'; readonly fault: NoteFault | 'foreign' };

/** Opens a signed checkpoint. A key speaks only for the origin it is named after. Never throws on a bad note. */
export function openCheckpoint(note: string, verifiers: readonly NoteVerifier[]): OpenedCheckpoint {
  const opened = openNote(note, verifiers);
  if (opened.kind === 'refused') return opened;
  const checkpoint = findCheckpoint(opened.text);
  if (!checkpoint) return { kind: 'refused', fault: 'malformed' };
  const signedBy = opened.signedBy.filter((v) => v.name === checkpoint.origin);
  return signedBy.length ? { kind: 'opened', checkpoint, signedBy } : { kind: 'refused', fault: 'foreign' };
}

/**
 * What a newly seen checkpoint is to the last one remembered: `same`; `extended` (later, and proved to continue it); `earlier` (shorter:
 * ask for the proof the other way round); `fork` (they cannot both be of one honest log); `unproved` (the proof given does not fit).
 */
export type Succession = 'same' | 'extended' | 'earlier' | 'fork' | 'unproved';

/**
 * Compares a new checkpoint with the remembered one: what a web page or command does at each visit.
 * @param proof consistency proof from `known.size` to `fresh.size`; empty when the sizes are equal or `known` is empty.
 */
export function compareCheckpoints(hash: HashFunction, known: Checkpoint, fresh: Checkpoint, proof: readonly Uint8Array[]): Succession {
  if (known.origin !== fresh.origin) return 'fork';
  if (known.size === fresh.size && !equalBytes(known.root, fresh.root)) return 'fork';
  // A hash too many proves nothing, and a proof has one spelling.
  if (known.size === fresh.size) return proof.length === 0 ? 'same' : 'unproved';
  if (fresh.size < known.size) return 'earlier';
  if (known.size === 0) return 'extended';
  const fault = findConsistencyFault(hash, {
    fromSize: known.size,
    toSize: fresh.size,
    fromRoot: known.root,
    toRoot: fresh.root,
    proof,
  });
  // A wrong proof may be a fork or a broken line; only two roots of one size prove a fork, so the caller asks again before alarming.
  return fault === null ? 'extended' : 'unproved';
}
