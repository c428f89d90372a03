import {
  type Checkpoint,
  EMPTY_EDGE,
  edgeFromTiles,
  edgeTiles,
  findBundle,
  formatTilePath,
  growEdge,
  HashTile,
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
  readonly code: 'monitor/fork' | 'monitor/tile-altered' | 'monitor/tile-missing' | 'monitor/bundle-altered' | 'monitor/root-differs';
  readonly detail: Readonly<Record<string, string | number>>;
}

/**
 * Proves that `fresh` continues `known` by doing the log's work again: from the edge of the known tree it appends every newer entry out of
 * the bundles, and compares each hash tile on the way and the root in the end. So nothing the server says of itself is believed.
 * @param known the checkpoint seen last; null: from the first entry on
 * @returns null when it holds. @throws ArchiveError `monitor/unreachable` (environment)
 */
export async function findLogAlarm(log: PublishedLog, known: Checkpoint | null, fresh: Checkpoint): Promise<LogAlarm | null> {
  try {
    const edge = await loadEdge(log, known?.size ?? 0);
    const isKnownHere = !known || known.size === 0 || equalBytes(rootOfEdge(hash, edge), known.root);
    const grown = await growFromBundles(log, edge, fresh.size);
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
  const bundle = width ? await getTile(log, { level: 'entries', index: Math.floor(size / TILE_WIDTH), width }) : new Uint8Array(0);
  return edgeFromTiles(size, (tile) => byPath.get(formatTilePath(tile))!, bundle);
}

/** Appends the entries up to `size`. @returns the edge, and the first hash tile that is not what the entries give */
async function growFromBundles(log: PublishedLog, from: TreeEdge, size: number): Promise<{ edge: TreeEdge; altered: Tile | null }> {
  let edge = from;
  let altered: Tile | null = null;
  while (edge.size < size) {
    const first = Math.floor(edge.size / TILE_WIDTH);
    const end = Math.min(size, (first + BATCH_BUNDLES) * TILE_WIDTH);
    const entries: Uint8Array[] = [];
    for (let index = first; index * TILE_WIDTH < end; index++) {
      const tile = { level: 'entries', index, width: Math.min(TILE_WIDTH, end - index * TILE_WIDTH) } as const;
      const bundle = findBundle(await getTile(log, tile));
      if (!bundle) throw new Missing(tile, 'monitor/bundle-altered');
      entries.push(...bundle.slice(Math.max(0, edge.size - index * TILE_WIDTH)));
    }
    const grown = growEdge(hash, edge, entries);
    altered ??= await findAlteredTile(log, grown.tiles, end === size);
    edge = grown.edge;
  }
  return { edge, altered };
}

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
  const source = (tiles: readonly Tile[]) => Promise.all(tiles.map(async (tile) => new HashTile(hash, await getTile(log, tile))));
  const areTilesSigned = equalBytes(await proveRoot(hash, source, fresh.size), fresh.root);
  // The new checkpoint's own tree says another thing of the past than was signed before: two histories, both signed.
  if (!isKnownHere && areTilesSigned && known) return { code: 'monitor/fork', detail: { fromSize: known.size, size: fresh.size } };
  if (altered && isWhole) return { code: 'monitor/tile-altered', detail: { path: formatTilePath(altered) } };
  // The tiles give the signed root and the entries do not: the bundle under the first tile that differs was altered.
  if (altered?.level === 0 && areTilesSigned)
    return { code: 'monitor/bundle-altered', detail: { path: formatTilePath({ ...altered, level: 'entries' }) } };
  return { code: 'monitor/root-differs', detail: { size: fresh.size } };
}
