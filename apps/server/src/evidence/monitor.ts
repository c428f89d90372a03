import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Checkpoint, type Cosigner, type NoteVerifier, openCheckpoint } from '@lantai/log';
import { ArchiveError, equalBytes } from '@lantai/values';
import { writeDurably } from '../archive/index.ts';
import { followPublishedKeys, keyIdsIn, verifiersOf } from './follow-keys.ts';
import { findLogAlarm } from './follow-log.ts';
import { openPublishedLog } from './published-source.ts';

/** What a monitor remembers between visits, as JSON in a file of its own. Nothing secret. */
interface Memory {
  readonly format: 1;
  /** The verifier keys that sign now, as far as it knows. */
  readonly keys: readonly string[];
  /** Keys that were believed and were replaced. */
  readonly former?: readonly string[];
  /** The last checkpoint that held, signed. */
  readonly note: string | null;
  readonly seenAtMs: number;
}

export interface MonitorInput {
  /** URL prefix or folder of the published log. */
  readonly place: string;
  /** Where the monitor remembers. */
  readonly memoryFile: string;
  /** Verifier keys; needed at the first visit, and compared with those remembered afterwards. */
  readonly logKeys: readonly string[];
  readonly nowMs: number;
  /** API token of an account that may read the log: then entries are read too, not their hashes alone. */
  readonly token?: string;
  /** Cosigns each checkpoint that was proved; the note is kept in `<memoryFile>.cosigned`, for the witness to publish. */
  readonly witness?: Cosigner;
}

/** What a visit gave. `alarm`: code and detail as the messages know them; the contradicting note is kept in `evidenceFile` beside the memory. */
export type MonitorOutcome =
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'proved';
      readonly size: number;
      readonly fromSize: number;
      readonly signedBy: readonly string[];
      /** What was gone through: the entries themselves, or their hashes. */
      readonly over: 'entries' | 'hashes';
      /** Present when the log announced other keys since the last visit: those that sign now. */
      readonly newKeys?: readonly string[];
    }
  | {
      readonly kind: 'alarm';
      readonly code: string;
      readonly detail: Readonly<Record<string, string | number>>;
      readonly evidenceFile: string | null;
    };

/**
 * Visits a published log once: the signature by the keys first met, or by those that the log has announced since, each signed by the one before
 * (`followPublishedKeys`); and that it continues what was seen at the last visit, entry by entry (`findLogAlarm`). What holds is remembered; an alarm leaves the memory as it was, so it stays until the log is whole again.
 * @throws ArchiveError `monitor/unreachable` (environment), `monitor/key-needed`, `log/key-malformed` (caller), `monitor/memory-malformed` (corruption)
 */
export async function visitLog(input: MonitorInput): Promise<MonitorOutcome> {
  const memory = findMemory(input.memoryFile);
  const keys = memory?.keys ?? input.logKeys;
  if (keys.length === 0) throw new ArchiveError('monitor/key-needed', 'caller');
  const verifiers = verifiersOf(keys);
  if (verifiers.length < keys.length) throw new ArchiveError('log/key-malformed', 'caller');
  const everBelieved = [...keys, ...(memory?.former ?? [])];
  if (input.logKeys.some((key) => !everBelieved.includes(key))) return alarm('monitor/key-differs', {});
  const known = memory?.note ? knownOf(memory.note, verifiers) : null;
  const log = openPublishedLog(input.place, input.token ?? null);
  const bytes = await log.find('checkpoint');
  if (!bytes) return known ? alarm('monitor/shorter', { fromSize: known.size, size: 0 }) : { kind: 'empty' };
  const note = new TextDecoder().decode(bytes);
  const followed = await followPublishedKeys(log, { origin: verifiers[0]!.name, believed: keys, note });
  if (followed.kind === 'alarm') return alarm(followed.code, followed.detail, keepEvidence(input, note));
  const opened = openCheckpoint(note, verifiersOf(followed.keys));
  if (opened.kind === 'refused') {
    const strange = opened.fault === 'unsigned' ? keyIdsIn(note, verifiers[0]!.name) : '';
    return strange
      ? alarm('monitor/key-unannounced', { key: strange }, keepEvidence(input, note))
      : alarm('monitor/signature', { reason: opened.fault });
  }
  const { checkpoint: fresh } = opened;
  const found = findContradiction(known, fresh) ?? (await findLogAlarm(log, known, fresh));
  if (found) return alarm(found.code, found.detail, keepEvidence(input, note));
  const former = everBelieved.filter((key) => !followed.keys.includes(key));
  remember(input.memoryFile, { format: 1, keys: followed.keys, former, note, seenAtMs: input.nowMs });
  // INVARIANT: a witness cosigns only what it durably remembers, so that after a crash it never cosigns two histories.
  if (input.witness) writeDurably(`${input.memoryFile}.cosigned`, input.witness.cosign(note, Math.floor(input.nowMs / 1000)), 0o644);
  return {
    kind: 'proved',
    size: fresh.size,
    fromSize: known?.size ?? 0,
    signedBy: opened.signedBy.map((v) => v.algorithm),
    over: log.givesEntries ? 'entries' : 'hashes',
    ...(followed.keys.every((key) => keys.includes(key)) ? {} : { newKeys: followed.keys }),
  };
}

function alarm(code: string, detail: Readonly<Record<string, string | number>>, evidenceFile: string | null = null): MonitorOutcome {
  return { kind: 'alarm', code, detail, evidenceFile };
}

/** What two signed checkpoints say against each other without a look at any tile. */
function findContradiction(known: Checkpoint | null, fresh: Checkpoint) {
  if (!known) return null;
  const detail = { fromSize: known.size, size: fresh.size };
  if (known.origin !== fresh.origin || (known.size === fresh.size && !equalBytes(known.root, fresh.root)))
    return { code: 'monitor/fork', detail };
  return fresh.size < known.size ? { code: 'monitor/shorter', detail } : null;
}

function knownOf(note: string, verifiers: readonly NoteVerifier[]): Checkpoint {
  const opened = openCheckpoint(note, verifiers);
  if (opened.kind === 'refused') throw new ArchiveError('monitor/memory-malformed', 'corruption');
  return opened.checkpoint;
}

function findMemory(file: string): Memory | null {
  if (!existsSync(file)) return null;
  try {
    const memory = JSON.parse(readFileSync(file, 'utf8')) as Memory;
    const isWhole = memory.format === 1 && Array.isArray(memory.keys) && (memory.note === null || typeof memory.note === 'string');
    if (isWhole) return memory;
  } catch (cause) {
    throw new ArchiveError('monitor/memory-malformed', 'corruption', {}, cause);
  }
  throw new ArchiveError('monitor/memory-malformed', 'corruption');
}

function remember(file: string, memory: Memory): void {
  mkdirSync(dirname(file), { recursive: true });
  writeDurably(file, `${JSON.stringify(memory, null, 2)}\n`, 0o644);
}

/** Two notes signed by one key that contradict each other prove a fork to anybody: the new one is kept beside the one remembered. */
function keepEvidence(input: MonitorInput, note: string): string {
  const file = `${input.memoryFile}.alarm-${input.nowMs}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, note, { mode: 0o644 });
  return file;
}
