import { equalBytes } from '@lantai/values';
import { findBase64, formatBase64 } from './base64.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { HASH_BYTES, type HashFunction } from './merkle.ts';
import { findConsistencyFault } from './proof-check.ts';
import type { NoteVerifier } from './signed-note.ts';

/** What a log sends to a witness, and how the witness judges it. Source: C2SP tlog-witness, `add-checkpoint`. */

/** The body of a request. */
export interface AddCheckpoint {
  /** Entries of the last checkpoint that the log believes this witness cosigned; 0: none. */
  readonly oldSize: number;
  /** Consistency proof from there; empty when `oldSize` is 0 or the size itself. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint. */
  readonly note: string;
}

/** The standard's most hashes of a proof. */
const PROOF_MAX = 63;

/** The body as text. */
export function formatAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  return `old ${oldSize}\n${proof.map((hash) => `${formatBase64(hash)}\n`).join('')}\n${note}`;
}

/** Parses a body; null when it is malformed. The note in it is not opened yet. */
export function findAddCheckpoint(text: string): AddCheckpoint | null {
  const end = text.indexOf('\n\n');
  const [first, ...lines] = text.slice(0, Math.max(0, end)).split('\n');
  const m = /^old (0|[1-9]\d{0,15})$/.exec(first ?? '');
  if (end < 0 || !m || !Number.isSafeInteger(Number(m[1])) || lines.length > PROOF_MAX) return null;
  const proof = lines.map((line) => findBase64(line));
  if (!proof.every((hash): hash is Uint8Array => hash?.length === HASH_BYTES)) return null;
  return { oldSize: Number(m[1]), proof, note: text.slice(end + 2) };
}

/** What a witness remembers of a log: the last checkpoint that it cosigned. */
export interface WitnessMemory {
  readonly size: number;
  readonly root: Uint8Array;
}

/** The witness's judgement, with the status of the standard. Only after `accepted`, and when it is remembered durably, may it cosign. */
export type WitnessJudgement =
  | { readonly kind: 'accepted'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'conflict'; readonly status: 409; readonly knownSize: number }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 404 | 422 };

/**
 * Judges a request.
 * @param verifiersOf keys of the log of this origin; null when the witness does not know it
 * @param memoryOf what it remembers of that log; null before the first
 */
export function judgeAddCheckpoint(
  hash: HashFunction,
  body: string,
  verifiersOf: (origin: string) => readonly NoteVerifier[] | null,
  memoryOf: (origin: string) => WitnessMemory | null,
): WitnessJudgement {
  const refused = (status: 400 | 403 | 404 | 422) => ({ kind: 'refused', status }) as const;
  const asked = findAddCheckpoint(body);
  if (!asked) return refused(400);
  const verifiers = verifiersOf(asked.note.slice(0, Math.max(0, asked.note.indexOf('\n'))));
  if (!verifiers) return refused(404);
  const opened = openCheckpoint(asked.note, verifiers);
  if (opened.kind === 'refused') return refused(opened.fault === 'malformed' ? 400 : 403);
  const { checkpoint } = opened;
  if (asked.oldSize > checkpoint.size) return refused(400);
  const known = memoryOf(checkpoint.origin);
  const knownSize = known?.size ?? 0;
  if (asked.oldSize !== knownSize) return { kind: 'conflict', status: 409, knownSize };
  if (!known || knownSize === 0) return asked.proof.length ? refused(400) : { kind: 'accepted', checkpoint };
  if (knownSize === checkpoint.size) {
    if (!equalBytes(known.root, checkpoint.root)) return { kind: 'conflict', status: 409, knownSize };
    return asked.proof.length ? refused(422) : { kind: 'accepted', checkpoint };
  }
  const claim = { fromSize: knownSize, toSize: checkpoint.size, fromRoot: known.root, toRoot: checkpoint.root, proof: asked.proof };
  return findConsistencyFault(hash, claim) === null ? { kind: 'accepted', checkpoint } : refused(422);
}
