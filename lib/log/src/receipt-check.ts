import { equalBytes } from '@lantai/values';
import { type Checkpoint, type OpenedCheckpoint, openCheckpoint } from './checkpoint.ts';
import { contentCommitment } from './commitment.ts';
import { type Entry, findEntry } from './entry.ts';
import { hashLeaf } from './merkle.ts';
import { type LogPrimitives, type SignatureAlgorithm, treeHash } from './primitives.ts';
import { findInclusionFault } from './proof-check.ts';
import { parseReceipt, type Receipt } from './receipt.ts';
import { findNoteVerifier, type NoteVerifier } from './signed-note.ts';

/** The checks of a receipt, in the order they are made. */
export type ReceiptCheckName = 'keys' | 'form' | 'checkpoint' | 'entry' | 'inclusion' | 'file';

/** Outcome of one check. `reason` is a stable code when it failed or was not made; messages are keyed `receipt/<reason>`. */
export interface ReceiptCheck {
  readonly name: ReceiptCheckName;
  readonly outcome: 'passed' | 'failed' | 'not-made';
  readonly reason?: string;
}

/** What checking a receipt gives. Never more is to be believed of `entry` and `checkpoint` than `checks` says. */
export interface ReceiptVerdict {
  /** True when the entry is proved to stand in the log, and, if a file was given, that it is the file meant. */
  readonly isValid: boolean;
  /** True only when a file was given and it is the one the entry commits to. */
  readonly isFileProved: boolean;
  readonly checks: readonly ReceiptCheck[];
  readonly position?: number;
  readonly entry?: Entry;
  readonly checkpoint?: Checkpoint;
  /** Names of the log keys whose signatures hold. */
  readonly signedBy?: readonly string[];
  /** Their algorithms, in the same order. */
  readonly algorithms?: readonly SignatureAlgorithm[];
}

/** What a receipt is checked against. */
export interface ReceiptQuestion {
  readonly receiptText: string;
  /** Verifier keys (`name+id+base64`) of the logs that are believed. Any one of a log's keys suffices; a wrong line of any refuses. */
  readonly logKeys: readonly string[];
  /** The file's clear bytes, or its SHA-256 when it was hashed as it streamed by. */
  readonly fileBytes?: Uint8Array;
  readonly fileSha256?: Uint8Array;
}

/**
 * Checks a receipt offline: against nothing but the log's public keys. Never throws on a bad receipt, key or file: every fault is the
 * outcome of a named check, and all checks are always listed. Normative: docs/spec/receipt.md.
 */
export function verifyReceipt(p: LogPrimitives, question: ReceiptQuestion): ReceiptVerdict {
  return createReceiptVerifier(p, question.logKeys)(question);
}

/** The usable ones of verifier keys, and what is wrong with the list: a check's reason. */
export function openLogKeys(p: LogPrimitives, logKeys: readonly string[]): { verifiers: NoteVerifier[]; fault: string | null } {
  const found = logKeys.map((key) => findNoteVerifier(p, key));
  const fault = found.length === 0 ? 'no-key' : found.includes(null) ? 'key-malformed' : null;
  return { verifiers: found.filter((v): v is NoteVerifier => v !== null), fault };
}

/**
 * A verifier for many receipts against the same keys. The checkpoint seen last is remembered by its text: of receipts under one checkpoint
 * only the first costs signatures.
 */
export function createReceiptVerifier(
  p: LogPrimitives,
  logKeys: readonly string[],
): (question: Omit<ReceiptQuestion, 'logKeys'>) => ReceiptVerdict {
  const keys = openLogKeys(p, logKeys);
  let last: { readonly note: string; readonly opened: OpenedCheckpoint } | null = null;
  const open = (note: string) => {
    if (last?.note !== note) last = { note, opened: openCheckpoint(note, keys.verifiers) };
    return last.opened;
  };
  return (question) => judgeReceipt(p, keys.fault, open, question);
}

function judgeReceipt(
  p: LogPrimitives,
  keyFault: string | null,
  open: (note: string) => OpenedCheckpoint,
  question: Omit<ReceiptQuestion, 'logKeys'>,
): ReceiptVerdict {
  const receipt = parseReceipt(question.receiptText);
  const checks: ReceiptCheck[] = [];
  const note = (name: ReceiptCheckName, reason: string | null, isMade = true) => {
    checks.push(reason === null ? { name, outcome: 'passed' } : { name, outcome: isMade ? 'failed' : 'not-made', reason });
    return reason === null;
  };
  note('keys', keyFault);
  note('form', receipt ? null : 'receipt-malformed');
  if (!receipt) {
    for (const name of ['checkpoint', 'entry', 'inclusion', 'file'] as const) note(name, 'receipt-malformed', false);
    return { isValid: false, isFileProved: false, checks };
  }
  const opened = open(receipt.checkpointNote);
  note('checkpoint', opened.kind === 'refused' ? `checkpoint-${opened.fault}` : null);
  const entry = findEntry(receipt.entryBytes);
  note('entry', entry ? null : 'entry-malformed');
  if (opened.kind === 'refused') note('inclusion', 'checkpoint-refused', false);
  else note('inclusion', findReceiptInclusionFault(p, receipt, opened.checkpoint));
  const file = findFileFault(p, question, receipt, entry);
  note('file', file?.reason ?? null, file?.isMade);
  return {
    isValid: checks.every((c) => c.outcome === 'passed' || (c.name === 'file' && c.outcome === 'not-made')),
    isFileProved: checks.every((c) => c.outcome === 'passed'),
    checks,
    position: receipt.position,
    ...(entry ? { entry } : {}),
    ...(opened.kind === 'opened' ? { checkpoint: opened.checkpoint, ...signersOf(opened.signedBy) } : {}),
  };
}

const signersOf = (signedBy: readonly NoteVerifier[]): Pick<ReceiptVerdict, 'signedBy' | 'algorithms'> => ({
  signedBy: signedBy.map((v) => v.name),
  algorithms: signedBy.map((v) => v.algorithm),
});

function findReceiptInclusionFault(p: LogPrimitives, receipt: Receipt, checkpoint: Checkpoint): string | null {
  const hash = treeHash(p);
  const leafHash = hashLeaf(hash, receipt.entryBytes);
  const { position, proof } = receipt;
  return findInclusionFault(hash, { position, size: checkpoint.size, leafHash, proof, root: checkpoint.root });
}

/** Why the file is not proved; null when it is. Not made: no file was given. */
function findFileFault(
  p: LogPrimitives,
  question: Omit<ReceiptQuestion, 'logKeys'>,
  receipt: Receipt,
  entry: Entry | null,
): { reason: string; isMade: boolean } | null {
  const { fileBytes, fileSha256 } = question;
  if (!fileBytes && !fileSha256) return { reason: 'no-file', isMade: false };
  if (!entry) return { reason: 'entry-malformed', isMade: false };
  if (!entry.commit) return { reason: 'no-commitment', isMade: true };
  if (!receipt.salt) return { reason: 'no-salt', isMade: true };
  const digest = fileBytes ? p.hash('sha256', fileBytes) : fileSha256!;
  if (fileSha256 && !equalBytes(digest, fileSha256)) return { reason: 'file-differs', isMade: true };
  const commit = contentCommitment((key, ...parts) => p.hmac('sha256', key, ...parts), receipt.salt, digest);
  return equalBytes(commit, entry.commit) ? null : { reason: 'file-differs', isMade: true };
}
