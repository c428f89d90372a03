import {
  type Checkpoint,
  edgeTiles,
  findConsistencyFault,
  growEdge,
  openCheckpoint,
  proveConsistency,
  rootOfEdge,
  signCheckpoint,
  TILE_WIDTH,
  type Tile,
} from '@lantai/log';
import { ArchiveError, equalBytes } from '@lantai/values';
import { findLastCheckpoint, insertCheckpoint, type StoredCheckpoint } from './checkpoint-rows.ts';
import { isKeyChange, placeEntries, readKeyChanges, readPlaced } from './entry-rows.ts';
import { hash, type LogState, type SequencerParts } from './parts.ts';

/**
 * One round: place → integrate → sign → publish. Each step is durable before the next begins, and each can be done again: a round that
 * died is finished by the next one, in this process or another, by the same lines.
 * @returns the new state; the same object when there was nothing to do
 * @throws ArchiveError `log/fork`, `log/entry-missing` and others of fault corruption: nothing was signed and nothing may be
 */
export async function runRound(parts: SequencerParts, state: LogState): Promise<LogState> {
  const { session, tiles, onStep } = parts;
  const placedCount = await session.tx((tx) => placeEntries(tx, parts.batchLimit));
  // CRASH: positions are durable, tiles know nothing of them; the next round reads them from the table as if it had just given them.
  if (placedCount > 0) await onStep('entries-placed');

  const entries = await readPlaced(session, state.edge.size, parts.batchLimit);
  if (entries.length === 0) return state;
  const grown = growEdge(
    hash,
    state.edge,
    entries.map((entry) => entry.bytes),
  );
  await tiles.write(grown.tiles);
  // CRASH: tiles of a size that nobody signed. The next round may go further at once; it writes the same bytes again, and full tiles
  // depend on nothing but the positions. A partial tile of the size in between is removed with its fellows when the tile is full.
  await onStep('tiles-written');

  const checkpoint = { origin: parts.origin, size: grown.edge.size, root: rootOfEdge(hash, grown.edge) };
  const added = entries.filter((entry) => isKeyChange(entry.bytes)).length;
  const keyChanges = state.keyChanges + added;
  const note = await signSuccessor(parts, state.last, checkpoint, keyChanges);
  await insertCheckpoint(session, checkpoint, note, parts.nowMs());
  // CRASH: signed and stored, not yet seen by anybody; whoever takes over publishes it first (recover.ts).
  await onStep('checkpoint-stored');

  // Before the checkpoint that is signed by the new keys, so that nobody sees one without the other.
  if (added > 0) await tiles.publishKeyChanges(await readKeyChanges(session, checkpoint.size));
  await tiles.publish(note);
  // CRASH: published; at most needless partial tiles are left, and whoever takes over removes them.
  await onStep('checkpoint-published');

  await tiles.removePartials(tilesFilled(state.edge.size, checkpoint.size));
  await onStep('partials-removed');
  return { edge: grown.edge, last: { size: checkpoint.size, root: checkpoint.root, note }, keyChanges };
}

/**
 * Signs a checkpoint that continues the last one stored.
 *
 * INVARIANT: nothing is signed that contradicts an earlier signature. The proof is made from the tiles as they lie on disk, not from
 * memory, so tiles that readers could not use are found out here too.
 */
async function signSuccessor(
  parts: SequencerParts,
  last: StoredCheckpoint | null,
  checkpoint: Checkpoint,
  keyChanges: number,
): Promise<string> {
  const stored = await findLastCheckpoint(parts.session);
  const isSame = stored === last || (stored && last && stored.size === last.size && equalBytes(stored.root, last.root));
  if (!isSame) throw forkAt(checkpoint.size, 'checkpoint-differs');
  if (stored) {
    const proof = await proveConsistency(hash, parts.tiles.sourceOnDisk, stored.size, checkpoint.size);
    const fault = findConsistencyFault(hash, {
      fromSize: stored.size,
      toSize: checkpoint.size,
      fromRoot: stored.root,
      toRoot: checkpoint.root,
      proof,
    });
    if (fault) throw forkAt(checkpoint.size, fault);
  }
  const note = signCheckpoint(checkpoint, parts.keys.signersAfter(keyChanges));
  // A signature that does not hold (a key and its public half that do not match) must not leave the house.
  if (openCheckpoint(note, parts.keys.verifiers()).kind === 'refused')
    throw new ArchiveError('log/key-differs', 'caller', { size: checkpoint.size });
  return note;
}

/** The alarm that stops the log: going on would sign two histories. */
export function forkAt(size: number, reason: string): ArchiveError {
  return new ArchiveError('log/fork', 'corruption', { size, reason });
}

/** The tiles that were partial at `fromSize` and are full at `size`. */
export function tilesFilled(fromSize: number, size: number): Tile[] {
  const partial: Tile[] = edgeTiles(fromSize);
  if (fromSize % TILE_WIDTH) partial.push({ level: 'entries', index: Math.floor(fromSize / TILE_WIDTH), width: TILE_WIDTH });
  const isFull = ({ level, index }: Tile) => (index + 1) * TILE_WIDTH <= Math.floor(size / (level === 'entries' ? 1 : TILE_WIDTH ** level));
  return partial.filter(isFull).map((tile) => ({ ...tile, width: TILE_WIDTH }));
}
