import {
  type Checkpoint,
  compareCheckpoints,
  findBase64,
  findNoteVerifier,
  type NoteVerifier,
  openCheckpoint,
  treeHash,
} from '@lantai/log';
import { webPrimitives } from '@lantai/primitives-web';
import { type MemoryShelf, recallLog, rememberLog } from './log-memory.ts';

/** What a server tells of its log. */
export interface LogSource {
  verifierKeys(): Promise<readonly string[]>;
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
 * Looks at the log once: the signature by the keys first met, and that it continues what this browser saw before. What was seen is
 * remembered only when it holds, so an alarm stays until the log is whole again. Rejects when the server cannot be reached.
 */
export async function watchLog(source: LogSource, shelf: MemoryShelf, archiveId: string, nowMs: number): Promise<LogState> {
  const memory = recallLog(shelf, archiveId);
  const offered = await source.verifierKeys();
  const keys = memory?.verifierKeys ?? offered;
  const verifiers = usableVerifiers(keys);
  const known = memory?.note ? open(memory.note, verifiers) : null;
  const alarm = (why: AlarmReason): LogState => ({ kind: 'alarm', why, rememberedSize: known?.size ?? null });
  if (!verifiers.length || !keys.every((key) => offered.includes(key))) return alarm('key');
  const note = await source.checkpoint();
  if (note === null) return known ? alarm('shorter') : { kind: 'empty' };
  const fresh = open(note, verifiers);
  if (!fresh) return alarm('signature');
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
