import {
  type Checkpoint,
  compareCheckpoints,
  findBase64,
  findCheckpoint,
  findKeyChanges,
  findNoteVerifier,
  followKeyChanges,
  type NoteVerifier,
  openCheckpoint,
  treeHash,
} from '@lantai/log';
import { webPrimitives } from '@lantai/primitives-web';
import { type MemoryShelf, recallLog, rememberLog } from './log-memory.ts';

/** What a server tells of its log. */
export interface LogSource {
  verifierKeys(): Promise<readonly string[]>;
  /** Changes of its keys, as `findKeyChanges` reads them. */
  keyChanges(): Promise<string>;
  /** The newest signed checkpoint; null while the log is empty. */
  checkpoint(): Promise<string | null>;
  /** Base64 hashes of the proof that the tree of `to` entries continues that of `from`; null when the server has none. */
  consistency(from: number, to: number): Promise<readonly string[] | null>;
}

/** Why a log may not be believed: its key is another one, its signature is wrong, it is shorter than seen before, or it was rewritten. */
export type AlarmReason = 'key' | 'signature' | 'shorter' | 'fork';

/** What looking at the log gave. */
export type LogState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'first'; readonly checkpoint: Checkpoint; readonly atMs: number }
  | { readonly kind: 'proved'; readonly checkpoint: Checkpoint; readonly sinceMs: number; readonly fromSize: number; readonly atMs: number }
  | { readonly kind: 'alarm'; readonly why: AlarmReason; readonly rememberedSize: number | null };

const hash = treeHash(webPrimitives);

/** The keys among these that are well-formed, of either algorithm. */
export function usableVerifiers(verifierKeys: readonly string[]): NoteVerifier[] {
  return verifierKeys.map((key) => findNoteVerifier(webPrimitives, key)).filter((v): v is NoteVerifier => v !== null);
}

function open(note: string, verifiers: readonly NoteVerifier[]): Checkpoint | null {
  const opened = openCheckpoint(note, verifiers);
  return opened.kind === 'opened' ? opened.checkpoint : null;
}

async function hasProof(source: LogSource, known: Checkpoint, fresh: Checkpoint): Promise<boolean> {
  const hashes = (await source.consistency(known.size, fresh.size))?.map(findBase64);
  if (!hashes || hashes.includes(null)) return false;
  return compareCheckpoints(hash, known, fresh, hashes as Uint8Array[]) === 'extended';
}

/**
 * Whose signature counts under this note: changes of keys since those that are believed, each signed by the one before; null when one does not
 * hold. That a change stands in the log is looked after by monitors, which go through all of it.
 */
async function historyOf(source: LogSource, believed: readonly string[], note: string) {
  const changes = findKeyChanges(await source.keyChanges());
  const checkpoint = findCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
  if (!changes) return null;
  if (!checkpoint) return { present: believed, former: [] };
  const history = followKeyChanges(webPrimitives, checkpoint.origin, believed, { changes, size: checkpoint.size });
  return history.kind === 'known' ? history : null;
}

/**
 * Looks at the log once: the signature by the keys first met, or those it announced since, and that it continues what this browser saw before. What was seen is
 * remembered only when it holds, so an alarm stays until the log is whole again. Rejects when the server cannot be reached.
 */
export async function watchLog(source: LogSource, shelf: MemoryShelf, archiveId: string, nowMs: number): Promise<LogState> {
  const memory = recallLog(shelf, archiveId);
  const offered = await source.verifierKeys();
  const believed = memory?.verifierKeys ?? offered;
  const known = memory?.note ? open(memory.note, usableVerifiers(believed)) : null;
  const alarm = (why: AlarmReason): LogState => ({ kind: 'alarm', why, rememberedSize: known?.size ?? null });
  if (!usableVerifiers(believed).length || !believed.every((key) => offered.includes(key))) return alarm('key');
  const note = await source.checkpoint();
  if (note === null) return known ? alarm('shorter') : { kind: 'empty' };
  const history = await historyOf(source, believed, note);
  if (!history) return alarm('key');
  const fresh = open(note, usableVerifiers(history.present));
  if (!fresh) return alarm('signature');
  // Those that sign now first; receipts of before are checked by the former ones.
  const keys = [...history.present, ...history.former];
  const remember = () => rememberLog(shelf, archiveId, { verifierKeys: keys, note, seenAtMs: nowMs });
  if (!known || !memory) {
    remember();
    return { kind: 'first', checkpoint: fresh, atMs: nowMs };
  }
  const succession = compareCheckpoints(hash, known, fresh, []);
  if (succession === 'earlier') return alarm('shorter');
  if (succession === 'fork') return alarm('fork');
  if (succession !== 'same' && known.size > 0 && !(await hasProof(source, known, fresh))) return alarm('fork');
  remember();
  return { kind: 'proved', checkpoint: fresh, sinceMs: memory.seenAtMs, fromSize: known.size, atMs: nowMs };
}
