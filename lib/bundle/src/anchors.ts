import {
  type AnchorProof,
  type AnchorVerdict,
  type Checkpoint,
  compareCheckpoints,
  findAnchors,
  findBase64,
  formatAnchors,
  formatBase64,
  type HashFunction,
  type NoteVerifier,
  openCheckpoint,
} from '@lantai/log';
import { utf8 } from '@lantai/values';
import { ANCHOR_FOLDER } from './manifest.ts';
import type { NewMember } from './zip-write.ts';

/**
 * What one anchor of a bundle came to. `holds`: an outside provider had the log's first `size` entries at `atMs`, and the bundle's checkpoint
 * continues them. `refused`: it does not. `unknown`: nobody here can judge it, for want of the provider's certificates, of its chain, or of
 * its kind.
 */
export interface AnchorOutcome {
  readonly path: string;
  /** Kind of provider; `unknown` for a member of another form. */
  readonly provider: string;
  readonly outcome: 'holds' | 'refused' | 'unknown';
  /** Entries that were anchored. */
  readonly size?: number;
  /** By the provider's own clock, milliseconds since 1970 UTC. */
  readonly atMs?: number;
  /** Why it is refused: of `signature`, `consistency`, or the reason of the provider's check. */
  readonly reason?: string;
}

/** Judges one anchor's own proof, offline; null when it cannot be judged here. Each kind of provider gives one. Never throws on a bad proof. */
export type AnchorJudge = (anchored: Checkpoint, proof: AnchorProof) => Promise<AnchorVerdict | null>;

/** A checkpoint that outside providers hold, and the proof that the bundle's checkpoint continues it. */
export interface BundleAnchor {
  /** The anchored checkpoint as it was signed. */
  readonly note: string;
  readonly size: number;
  readonly anchors: readonly AnchorProof[];
  /** From the anchored checkpoint to the bundle's; empty when they are the same. */
  readonly consistency: readonly Uint8Array[];
}

/** Largest file below `anchors/` that is read. */
export const ANCHOR_BYTES_MAX = 1024 * 1024;
/** Most files below `anchors/`: each may cost the signatures of a checkpoint. */
export const ANCHORS_MAX = 8;
const HASHES_MAX = 130;

/** The members of anchors: the file of anchors (anchor.md, section 4) of each checkpoint, behind a line with the consistency proof. */
export function anchorMembers(anchors: readonly BundleAnchor[]): NewMember[] {
  return anchors.slice(-ANCHORS_MAX).map(({ note, size, anchors: proofs, consistency }) => ({
    path: `${ANCHOR_FOLDER}${size}.anchors`,
    bytes: utf8(`consistency ${consistency.map(formatBase64).join(' ')}\n${formatAnchors([{ note, anchors: proofs }])}`),
  }));
}

/** Reads a member of anchors; null when it is none. Nothing in it is believed. */
export function findBundleAnchor(text: string): Omit<BundleAnchor, 'size'> | null {
  const end = text.indexOf('\n');
  const head = /^consistency ((?:[A-Za-z0-9+/=]+(?: [A-Za-z0-9+/=]+)*)?)$/.exec(text.slice(0, Math.max(0, end)));
  if (!head) return null;
  const consistency = head[1] ? head[1].split(' ').map(findBase64) : [];
  const all = findAnchors(text.slice(end + 1));
  const [only] = all ?? [];
  if (all?.length !== 1 || !only || consistency.length > HASHES_MAX) return null;
  if (!consistency.every((hash): hash is Uint8Array => hash?.length === 32)) return null;
  return { ...only, consistency };
}

/** What a bundle's check knows when it judges anchors. */
export interface AnchorGround {
  readonly hash: HashFunction;
  readonly verifiers: readonly NoteVerifier[];
  /** The bundle's. */
  readonly checkpoint: Checkpoint;
  readonly judge: AnchorJudge | null;
}

/** Judges the anchors in one member. */
export async function judgeAnchorMember(ground: AnchorGround, path: string, text: string): Promise<AnchorOutcome[]> {
  const found = findBundleAnchor(text);
  if (!found) return [{ path, provider: 'unknown', outcome: 'unknown' }];
  const refusedAll = (reason: string) => found.anchors.map(({ kind }) => ({ path, provider: kind, outcome: 'refused' as const, reason }));
  const opened = openCheckpoint(found.note, ground.verifiers);
  if (opened.kind === 'refused') return refusedAll('signature');
  const { checkpoint: anchored } = opened;
  const succession = compareCheckpoints(ground.hash, anchored, ground.checkpoint, found.consistency);
  if (succession !== 'same' && succession !== 'extended') return refusedAll('consistency');
  const outcomes: AnchorOutcome[] = [];
  for (const proof of found.anchors) {
    const known = { path, provider: proof.kind, size: anchored.size };
    const verdict = (await ground.judge?.(anchored, proof)) ?? null;
    if (!verdict) outcomes.push({ ...known, outcome: 'unknown' });
    else if (verdict.kind === 'holds') outcomes.push({ ...known, outcome: 'holds', atMs: verdict.atMs });
    else outcomes.push({ ...known, outcome: 'refused', reason: verdict.kind === 'wrong' ? verdict.reason : verdict.kind });
  }
  return outcomes;
}
