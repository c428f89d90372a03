import { utf8 } from '@lantai/values';
import { findBase64 } from './base64.ts';
import { type Checkpoint, findCheckpoint, formatCheckpoint } from './checkpoint.ts';
import type { LogPrimitives } from './primitives.ts';

/**
 * Anchors: proofs by others, outside the archive's hands, that a checkpoint was there at a time. Format: docs/spec/anchor.md.
 */

/** Who gives an anchor: a time-stamp authority (RFC 3161), or a contract on an EVM chain. */
export const ANCHOR_KINDS = ['rfc3161', 'evm'] as const;
export type AnchorKind = (typeof ANCHOR_KINDS)[number];

/** A time-stamp token over the checkpoint's text. */
export interface TimestampProof {
  readonly kind: 'rfc3161';
  /** ContentInfo in DER, base 64. Source: RFC 3161 section 2.4.2. */
  readonly token: string;
}

/** A line of a chain's log: where the contract said that it keeps the checkpoint's root. Hashes and addresses are `0x` and lower-case digits. */
export interface ChainProof {
  readonly kind: 'evm';
  readonly chainId: number;
  readonly contract: string;
  /** The account that wrote it: a reader believes one account for one log. */
  readonly sender: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly transactionHash: string;
}

export type AnchorProof = TimestampProof | ChainProof;

/**
 * What checking an anchor gives. `holds`: proved, at the time its provider says. `moved`: the chain was reordered and the same line stands
 * in another block, as `proof` says. `gone`: the chain no longer holds it. `wrong`: the proof itself does not hold, and why
 * (words keyed `anchor/wrong.<reason>`).
 */
export type AnchorVerdict =
  | { readonly kind: 'holds'; readonly atMs: number }
  | { readonly kind: 'moved'; readonly atMs: number; readonly proof: AnchorProof }
  | { readonly kind: 'gone' }
  | { readonly kind: 'wrong'; readonly reason: string };

/**
 * One that anchors. Both acts may be done again at any time: submitting a checkpoint that is anchored already finds the anchor again.
 * @throws ArchiveError `anchor/unreachable` (environment, with `reason`) when it cannot be asked, `anchor/answer-wrong` (environment, with
 * `reason`) when what it answers does not hold: nothing was anchored
 */
export interface AnchorProvider {
  readonly kind: AnchorKind;
  /** Anchors a checkpoint and checks what came back. */
  submit(checkpoint: Checkpoint): Promise<{ readonly proof: AnchorProof; readonly atMs: number }>;
  /** Checks an anchor again. */
  check(checkpoint: Checkpoint, proof: AnchorProof): Promise<AnchorVerdict>;
}

/** What is time-stamped: the checkpoint's text (origin, size, root) without any signature. */
export function anchoredText(checkpoint: Checkpoint): Uint8Array {
  return utf8(formatCheckpoint(checkpoint));
}

/** What stands for a log on a chain: SHA-256 of its origin. */
export function anchoredLogId(p: Pick<LogPrimitives, 'hash'>, origin: string): Uint8Array {
  return p.hash('sha256', utf8(origin));
}

const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 6 * 3_600_000;

/** How long to wait after the n-th failure in a row (from 1): doubled each time, up to six hours, and never given up. */
export function anchorRetryMs(failures: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(20, Math.max(0, failures - 1)));
}

/** A checkpoint with the anchors that hold it, as handed out beside receipts and bundles. */
export interface AnchoredCheckpoint {
  /** The signed checkpoint, as published. */
  readonly note: string;
  readonly anchors: readonly AnchorProof[];
}

const FORMAT = 'lantai-anchors-1';
const CHECKPOINTS_MAX = 10_000;
const HEX = /^0x[0-9a-f]+$/;

/** The file of anchors: JSON, one object (docs/spec/anchor.md, section 4). */
export function formatAnchors(checkpoints: readonly AnchoredCheckpoint[]): string {
  return `${JSON.stringify({ format: FORMAT, checkpoints: checkpoints.map(({ note, anchors }) => ({ note, anchors })) }, null, 1)}\n`;
}

/** Parses a file of anchors; null when it is none. Nothing in it is believed: note and proofs are checked by whoever reads it. */
export function findAnchors(text: string): readonly AnchoredCheckpoint[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value) || value.format !== FORMAT || !Array.isArray(value.checkpoints) || value.checkpoints.length > CHECKPOINTS_MAX)
    return null;
  const all = value.checkpoints.map(findAnchored);
  return all.every((one) => one !== null) ? all : null;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function findAnchored(value: unknown): AnchoredCheckpoint | null {
  if (!isRecord(value) || typeof value.note !== 'string' || !Array.isArray(value.anchors)) return null;
  const end = value.note.lastIndexOf('\n\n');
  if (end < 0 || !findCheckpoint(value.note.slice(0, end + 1))) return null;
  const anchors = value.anchors.map(findAnchorProof);
  return anchors.every((one) => one !== null) ? { note: value.note, anchors } : null;
}

/** A proof out of a value read from JSON; null when it is not of the form. */
export function findAnchorProof(value: unknown): AnchorProof | null {
  if (!isRecord(value)) return null;
  if (value.kind === 'rfc3161')
    return typeof value.token === 'string' && findBase64(value.token) ? { kind: 'rfc3161', token: value.token } : null;
  if (value.kind !== 'evm') return null;
  const { chainId, contract, sender, blockNumber, blockHash, transactionHash } = value;
  if (!isCount(chainId) || !isCount(blockNumber) || !isHex(contract, 20) || !isHex(sender, 20)) return null;
  if (!isHex(blockHash, 32) || !isHex(transactionHash, 32)) return null;
  return { kind: 'evm', chainId, contract, sender, blockNumber, blockHash, transactionHash };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isHex = (value: unknown, bytes: number): value is string =>
  typeof value === 'string' && value.length === 2 + 2 * bytes && HEX.test(value);
