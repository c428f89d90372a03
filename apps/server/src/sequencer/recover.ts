import {
  type Checkpoint,
  EMPTY_EDGE,
  edgeFromTiles,
  edgeTiles,
  findConsistencyFault,
  formatBundle,
  formatTilePath,
  growEdge,
  HASH_BYTES,
  hashLeaf,
  openCheckpoint,
  proveConsistency,
  rootOfEdge,
  TILE_WIDTH,
  type TileContent,
  type TreeEdge,
} from '@lantai/log';
import { ArchiveError, concatBytes, equalBytes } from '@lantai/values';
import { findLastCheckpoint, previousSize, type StoredCheckpoint } from './checkpoint-rows.ts';
import { readKeyChanges, readPlaced } from './entry-rows.ts';
import { hash, type LogState, type SequencerParts } from './parts.ts';
import { forkAt, tilesFilled } from './round.ts';

/** Entries read at once while rebuilding: whole tiles. */
const REBUILD_ROWS = 32 * TILE_WIDTH;

/**
 * Takes up the log where whoever held the lock before left it, alive or dead: finds the last checkpoint stored, the right edge of its
 * tree, and does again the two steps that may have been missed after it (publish, remove partial tiles).
 * @throws ArchiveError `log/behind-published`, `log/fork` (corruption), `log/key-differs` (caller)
 */
export async function recoverLog(parts: SequencerParts): Promise<LogState> {
  await parts.tiles.prepare();
  const last = await findLastCheckpoint(parts.session);
  if (last) checkStored(parts, last);
  const edge = last ? await loadEdge(parts, last) : EMPTY_EDGE;
  await checkPublished(parts, last);
  const changes = await readKeyChanges(parts.session, last?.size ?? 0);
  if (changes.length > 0) await parts.tiles.publishKeyChanges(changes);
  if (last) {
    if ((await parts.tiles.findPublished()) !== last.note) await parts.tiles.publish(last.note);
    await parts.tiles.removePartials(tilesFilled(await previousSize(parts.session, last.size), last.size));
  }
  return { edge, last, keyChanges: changes.length };
}

/** The stored note must be signed by this log's key and say what its row says. */
function checkStored(parts: SequencerParts, last: StoredCheckpoint): void {
  const opened = openCheckpoint(last.note, parts.keys.verifiers());
  if (opened.kind === 'refused') {
    const isForeign = opened.fault === 'unsigned' || opened.fault === 'foreign';
    if (isForeign) throw new ArchiveError('log/key-differs', 'caller', { size: last.size });
    throw new ArchiveError('log/checkpoint-altered', 'corruption', { size: last.size, reason: opened.fault });
  }
  const { origin, size, root } = opened.checkpoint;
  if (origin !== parts.origin || size !== last.size || !equalBytes(root, last.root))
    throw new ArchiveError('log/checkpoint-altered', 'corruption', { size: last.size, reason: 'row-differs' });
}

/**
 * Compares with the checkpoint that the world has seen.
 * A published one beyond the table means that the database went back in time (a restore): going on would give old positions to new
 * entries, so the log stops; `restoreEntries` (restore-entries.ts) or a newer backup of the database is the way on.
 */
async function checkPublished(parts: SequencerParts, last: StoredCheckpoint | null): Promise<void> {
  const note = await parts.tiles.findPublished();
  if (note === null || note === last?.note) return;
  const opened = openCheckpoint(note, parts.keys.verifiers());
  if (opened.kind === 'refused') {
    // Bytes nobody signed say nothing of the log; they are replaced, and the finding stays.
    parts.onFinding(new ArchiveError('log/published-altered', 'corruption', { reason: opened.fault }));
    return;
  }
  const published: Checkpoint = opened.checkpoint;
  const storedSize = last?.size ?? 0;
  if (published.size > storedSize)
    throw new ArchiveError('log/behind-published', 'corruption', { publishedSize: published.size, storedSize });
  if (!last || published.size === 0) return;
  const fault = findConsistencyFault(hash, {
    fromSize: published.size,
    toSize: last.size,
    fromRoot: published.root,
    toRoot: last.root,
    proof: await proveConsistency(hash, parts.tiles.sourceOnDisk, published.size, last.size),
  });
  if (fault) throw forkAt(published.size, `published-${fault}`);
}

/** The right edge of the checkpointed tree: from tiles, or, where these are missing or wrong, from the entries. */
async function loadEdge(parts: SequencerParts, last: StoredCheckpoint): Promise<TreeEdge> {
  const tail = await readTail(parts, last.size);
  const tiles = edgeTiles(last.size);
  try {
    const found = await parts.tiles.sourceOnDisk(tiles);
    const byPath = new Map(tiles.map((tile, i) => [formatTilePath(tile), found[i]!.bytes.subarray(0, tile.width * HASH_BYTES)]));
    const edge = edgeFromTiles(last.size, (tile) => byPath.get(formatTilePath(tile))!, formatBundle(tail));
    const leaves = concatBytes(...tail.map((entry) => hashLeaf(hash, entry)));
    if (equalBytes(rootOfEdge(hash, edge), last.root) && equalBytes(leaves, edge.hashes[0]!)) return edge;
  } catch (error) {
    const isDamage = error instanceof ArchiveError && error.fault === 'corruption';
    if (!isDamage) throw error;
  }
  return rebuildTiles(parts, last);
}

/** Bytes of the entries in the partial bundle of a tree of `size` leaves. */
async function readTail(parts: SequencerParts, size: number): Promise<Uint8Array[]> {
  const count = size % TILE_WIDTH;
  if (count === 0) return [];
  const rows = await readPlaced(parts.session, size - count, count);
  if (rows.length < count) throw new ArchiveError('log/entry-missing', 'corruption', { position: size - count + rows.length });
  return rows.map((row) => row.bytes);
}

/**
 * Writes every tile of a checkpoint's tree again, from the entries in the table. First the entries must give the signed root: altered
 * entries never replace good tiles. @throws ArchiveError `log/fork` (corruption) when they do not
 */
export async function rebuildTiles(parts: Pick<SequencerParts, 'session' | 'tiles'>, last: StoredCheckpoint): Promise<TreeEdge> {
  const edge = await growFromRows(parts, last.size, async () => undefined);
  if (!equalBytes(rootOfEdge(hash, edge), last.root)) throw forkAt(last.size, 'entries-differ');
  // A partial tile is wanted at the right edge of the whole tree only, not at that of each batch.
  const partial = [
    ...edgeTiles(last.size),
    { level: 'entries', index: Math.floor(last.size / TILE_WIDTH), width: last.size % TILE_WIDTH } as const,
  ];
  const wanted = new Set(partial.map(formatTilePath));
  await growFromRows(parts, last.size, (tiles) =>
    parts.tiles.write(tiles.filter(({ tile }) => tile.width === TILE_WIDTH || wanted.has(formatTilePath(tile)))),
  );
  return edge;
}

async function growFromRows(
  parts: Pick<SequencerParts, 'session'>,
  size: number,
  take: (tiles: readonly TileContent[]) => Promise<void>,
): Promise<TreeEdge> {
  let edge = EMPTY_EDGE;
  while (edge.size < size) {
    const rows = await readPlaced(parts.session, edge.size, Math.min(REBUILD_ROWS, size - edge.size));
    if (rows.length === 0) throw new ArchiveError('log/entry-missing', 'corruption', { position: edge.size });
    const grown = growEdge(
      hash,
      edge,
      rows.map((row) => row.bytes),
    );
    await take(grown.tiles);
    edge = grown.edge;
  }
  return edge;
}
