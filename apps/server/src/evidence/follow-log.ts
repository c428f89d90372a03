import {
  type Checkpoint,
  EMPTY_EDGE,
  edgeFromTiles,
  edgeTiles,
  findBundle,
  findInclusionFault,
  formatTilePath,
  growEdge,
  growHashes,
  HASH_BYTES,
  HashTile,
  hashLeaf,
  type LoggedKeyChange,
  proveInclusion,
  proveRoot,
  rootOfEdge,
  TILE_WIDTH,
  type Tile,
  type TileContent,
  type TreeEdge,
  treeHash,
} from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { equalBytes } from '@lantai/values';
import { findPublishedTile, type PublishedLog } from './published-source.ts';

const hash = treeHash(nodePrimitives);
/** Bundles fetched and hashed at once: 8,192 entries, a few MB. */
const BATCH_BUNDLES = 32;

/** What is wrong with a published log: a code keyed `monitor/…` in the messages, and where. */
export interface LogAlarm {
  readonly code:
    | 'monitor/fork'
    | 'monitor/tile-altered'
    | 'monitor/tile-missing'
    | 'monitor/bundle-altered'
    | 'monitor/root-differs'
    | 'monitor/key-change-wrong';
  readonly detail: Readonly<Record<string, string | number>>;
}

/**
 * Proves that `fresh` continues `known` by doing the log's work again: from the edge of the known tree it appends every newer entry out of
 * the bundles, and compares each hash tile on the way and the root in the end. So nothing the server says of itself is believed.
 * Where `log` does not give the entries (they are for auditors) it appends their hashes out of the lowest tiles: as good a proof that nothing was
 * altered, and none of what was logged.
 * @param known the checkpoint seen last; null: from the first entry on
 * @returns null when it holds. @throws ArchiveError `monitor/unreachable` (environment)
 */
export async function findLogAlarm(log: PublishedLog, known: Checkpoint | null, fresh: Checkpoint): Promise<LogAlarm | null> {
  try {
    const edge = await loadEdge(log, known?.size ?? 0);
    const isKnownHere = !known || known.size === 0 || equalBytes(rootOfEdge(hash, edge), known.root);
    const grown = await grow(log, edge, fresh.size);
    const isWhole = equalBytes(rootOfEdge(hash, grown.edge), fresh.root);
    if (isKnownHere && isWhole && !grown.altered) return null;
    return await judge(log, { known, fresh, isKnownHere, isWhole, altered: grown.altered });
  } catch (error) {
    if (error instanceof Missing) return { code: error.code, detail: { path: formatTilePath(error.tile) } };
    throw error;
  }
}

/** A tile or bundle that is not to be had, or is not of its form. */
class Missing extends Error {
  constructor(
    readonly tile: Tile,
    readonly code: 'monitor/tile-missing' | 'monitor/bundle-altered' = 'monitor/tile-missing',
  ) {
    super(code);
  }
}

async function getTile(log: PublishedLog, tile: Tile): Promise<Uint8Array> {
  const bytes = await findPublishedTile(log, tile);
  if (!bytes) throw new Missing(tile);
  return bytes;
}

/** The right edge of the tree of `size` leaves, out of its tiles. */
async function loadEdge(log: PublishedLog, size: number): Promise<TreeEdge> {
  if (size === 0) return EMPTY_EDGE;
  const byPath = new Map<string, Uint8Array>();
  for (const tile of edgeTiles(size)) byPath.set(formatTilePath(tile), await getTile(log, tile));
  const width = size % TILE_WIDTH;
  const bundle =
    width && log.givesEntries ? await getTile(log, { level: 'entries', index: Math.floor(size / TILE_WIDTH), width }) : new Uint8Array(0);
  return edgeFromTiles(size, (tile) => byPath.get(formatTilePath(tile))!, bundle);
}

/** Appends what is there up to `size`. @returns the edge, and the first hash tile that is not what it gives */
async function grow(log: PublishedLog, from: TreeEdge, size: number): Promise<{ edge: TreeEdge; altered: Tile | null }> {
  let edge = from;
  let altered: Tile | null = null;
  while (edge.size < size) {
    const first = Math.floor(edge.size / TILE_WIDTH);
    const end = Math.min(size, (first + BATCH_BUNDLES) * TILE_WIDTH);
    const added: Uint8Array[] = [];
    for (let index = first; index * TILE_WIDTH < end; index++) {
      const width = Math.min(TILE_WIDTH, end - index * TILE_WIDTH);
      const leaves = log.givesEntries ? await entriesOf(log, index, width) : await leafHashesOf(log, index, width);
      added.push(...leaves.slice(Math.max(0, edge.size - index * TILE_WIDTH)));
    }
    const grown = (log.givesEntries ? growEdge : growHashes)(hash, edge, added);
    altered ??= await findAlteredTile(log, grown.tiles, end === size);
    edge = grown.edge;
  }
  return { edge, altered };
}

async function entriesOf(log: PublishedLog, index: number, width: number): Promise<Uint8Array[]> {
  const tile = { level: 'entries', index, width } as const;
  const bundle = findBundle(await getTile(log, tile));
  if (!bundle) throw new Missing(tile, 'monitor/bundle-altered');
  return bundle;
}

async function leafHashesOf(log: PublishedLog, index: number, width: number): Promise<Uint8Array[]> {
  const bytes = await getTile(log, { level: 0, index, width });
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}

/** The change of keys that does not stand where the log says; null when each does. @throws ArchiveError `monitor/unreachable` (environment) */
export async function findMisplacedChange(
  log: PublishedLog,
  { size, root }: Checkpoint,
  changes: readonly LoggedKeyChange[],
): Promise<LogAlarm | null> {
  try {
    for (const { position, entryBytes } of changes) {
      const proof = await proveInclusion(hash, tileSource(log), position, size);
      if (findInclusionFault(hash, { position, size, leafHash: hashLeaf(hash, entryBytes), proof, root }))
        return { code: 'monitor/key-change-wrong', detail: { position } };
    }
    return null;
  } catch (error) {
    if (error instanceof Missing) return { code: error.code, detail: { path: formatTilePath(error.tile) } };
    throw error;
  }
}

const tileSource = (log: PublishedLog) => (tiles: readonly Tile[]) =>
  Promise.all(tiles.map(async (tile) => new HashTile(hash, await getTile(log, tile))));

async function findAlteredTile(log: PublishedLog, tiles: readonly TileContent[], isLast: boolean): Promise<Tile | null> {
  for (const { tile, bytes } of tiles) {
    // A partial tile is published for a checkpoint's size only.
    if (tile.level === 'entries' || (tile.width < TILE_WIDTH && !isLast)) continue;
    if (!equalBytes(await getTile(log, tile), bytes)) return tile;
  }
  return null;
}

/** Who lies: the entries, the tiles, or the signed checkpoint. The signed roots judge. */
async function judge(
  log: PublishedLog,
  found: { known: Checkpoint | null; fresh: Checkpoint; isKnownHere: boolean; isWhole: boolean; altered: Tile | null },
): Promise<LogAlarm> {
  const { known, fresh, isKnownHere, isWhole, altered } = found;
  const areTilesSigned = equalBytes(await proveRoot(hash, tileSource(log), fresh.size), fresh.root);
  // The new checkpoint's own tree says another thing of the past than was signed before: two histories, both signed.
  if (!isKnownHere && areTilesSigned && known) return { code: 'monitor/fork', detail: { fromSize: known.size, size: fresh.size } };
  if (altered && isWhole) return { code: 'monitor/tile-altered', detail: { path: formatTilePath(altered) } };
  // The tiles give the signed root and the entries do not: the bundle under the first tile that differs was altered.
  if (altered?.level === 0 && areTilesSigned)
    return { code: 'monitor/bundle-altered', detail: { path: formatTilePath({ ...altered, level: 'entries' }) } };
  return { code: 'monitor/root-differs', detail: { size: fresh.size } };
}
