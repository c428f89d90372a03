import { findCheckpoint, findKeyChanges, findNoteVerifier, followKeyChanges, type NoteVerifier } from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { findMisplacedChange, type LogAlarm } from './follow-log.ts';
import type { PublishedLog } from './published-source.ts';

/** The keys among these that are well-formed. */
export const verifiersOf = (keys: readonly string[]): NoteVerifier[] =>
  keys.map((key) => findNoteVerifier(nodePrimitives, key)).filter((v) => v !== null);

/** Ids of the keys that signed a note in a log's name, as a person compares them: `1a2b3c4d 5e6f7081`; empty when none did. */
export function keyIdsIn(note: string, origin: string): string {
  const lines = note.slice(note.lastIndexOf('\n\n') + 2).split('\n');
  const own = lines.filter((line) => line.startsWith(`\u2014 ${origin} `)).map((line) => line.slice(origin.length + 3));
  return own.map((signature) => Buffer.from(signature, 'base64').subarray(0, 4).toString('hex')).join(' ');
}

/**
 * The keys by which a published checkpoint must be signed: those believed, or what the log has made of them since. Each change is signed by the
 * key before it and stands in the very tree that the checkpoint is of. The note is not believed here: whoever asks opens it by what comes back.
 * @param from `origin`: name of the log; `believed`: verifier keys; `note`: the checkpoint as published
 * @throws ArchiveError `monitor/unreachable` (environment)
 */
export async function followPublishedKeys(
  log: PublishedLog,
  { origin, believed, note }: { readonly origin: string; readonly believed: readonly string[]; readonly note: string },
): Promise<{ readonly kind: 'keys'; readonly keys: readonly string[] } | ({ readonly kind: 'alarm' } & LogAlarm)> {
  const checkpoint = findCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
  const bytes = await log.find('key-changes');
  if (!checkpoint || !bytes) return { kind: 'keys', keys: believed };
  const changes = findKeyChanges(new TextDecoder().decode(bytes));
  if (!changes) return { kind: 'alarm', code: 'monitor/key-change-wrong', detail: { position: 0 } };
  const history = followKeyChanges(nodePrimitives, origin, believed, { changes, size: checkpoint.size });
  if (history.kind === 'refused') return { kind: 'alarm', code: 'monitor/key-change-wrong', detail: { position: history.position } };
  const misplaced = await findMisplacedChange(log, checkpoint, history.followed);
  return misplaced ? { kind: 'alarm', ...misplaced } : { kind: 'keys', keys: history.present };
}
