import {
  type Checkpoint,
  EMPTY_EDGE,
  edgeTiles,
  Frontier,
  formatTilePath,
  growHashes,
  type NoteVerifier,
  TILE_WIDTH,
  type Tile,
  type TreeEdge,
} from '@lantai/log';
import { equalBytes } from '@lantai/values';
import type { Sql } from '../db/index.ts';
import { checkCheckpoint, checkPublished, readCheckpoints } from './check-checkpoints.ts';
import { checkColumns, checkTile, findHashTile, readRows } from './check-entries.ts';
import type { FindingList } from './check-findings.ts';
import { findLastCheckpoint, type StoredCheckpoint } from './checkpoint-rows.ts';
import { hash } from './parts.ts';
import type { TileFolder } from './tile-folder.ts';

/** Entries read at once: whole tiles. */
const STRIDE = 32 * TILE_WIDTH;

/** What a walk needs to know. */
export interface WalkParts {
  /** One snapshot of the database. */
  readonly sql: Sql;
  readonly files: TileFolder;
  readonly origin: string;
  readonly verifiers: readonly NoteVerifier[];
  readonly findings: FindingList;
  readonly onProgress: (checkedCount: number, totalCount: number) => void;
}

/** Goes through a log entry by entry, with the tree growing beside it, and notes whatever does not fit. */
export class LogWalk {
  readonly #parts: WalkParts;
  readonly #checkpoints: AsyncGenerator<StoredCheckpoint>;
  /** The checkpoint that comes next on the way. */
  #next: StoredCheckpoint | null = null;
  #published: Checkpoint | null = null;
  /** Tells roots; null from the first entry on of which nothing is left, for beyond it no root can be computed. */
  #frontier: Frontier | null = new Frontier(hash);
  /** Tells what the tiles above the leaves must hold. */
  #edge: TreeEdge = EMPTY_EDGE;
  checkpointCount = 0;

  constructor(parts: WalkParts) {
    this.#parts = parts;
    this.#checkpoints = readCheckpoints(parts.sql);
  }

  /** @param placedCount entries with a position @param publishedNote the published checkpoint, read before the snapshot was taken */
  async run(placedCount: number, publishedNote: string | null): Promise<void> {
    const { sql, verifiers, findings, onProgress } = this.#parts;
    const last = await findLastCheckpoint(sql);
    const signedSize = last?.size ?? 0;
    this.#published = checkPublished(publishedNote, last, verifiers, findings);
    await this.#takeNext();
    const end = Math.max(placedCount, signedSize);
    for (let from = 0; from < end; from += STRIDE) {
      const to = Math.min(from + STRIDE, end);
      await this.#walk(from, to, signedSize);
      onProgress(to, end);
    }
    if (this.#frontier) for (const tile of edgeTiles(signedSize)) await this.#compareTile(tile, this.#edge.hashes[Number(tile.level)]!);
  }

  async #walk(from: number, to: number, signedSize: number): Promise<void> {
    const { sql, files, findings } = this.#parts;
    const rows = new Map((await readRows(sql, from, to)).map((row) => [row.position, row]));
    for (const row of rows.values()) checkColumns(row, findings);
    for (let position = Math.max(from, signedSize); position < to; position++)
      if (!rows.has(position)) findings.add('error', 'log/entry-missing', { position });
    const stride: (Uint8Array | null)[] = [];
    for (let start = from; start < Math.min(to, signedSize); start += TILE_WIDTH) {
      const leaves = await checkTile(files, start / TILE_WIDTH, Math.min(TILE_WIDTH, signedSize - start), rows, findings);
      for (const [i, leaf] of leaves.entries()) await this.#step(leaf, start + i + 1);
      stride.push(...leaves);
    }
    const known = stride.filter((leaf) => leaf !== null);
    if (this.#frontier && known.length > 0) await this.#growTiles(known);
  }

  /** One leaf further: the tree has now `size` leaves. */
  async #step(leaf: Uint8Array | null, size: number): Promise<void> {
    if (leaf) this.#frontier?.append(leaf);
    else this.#frontier = null;
    const { findings } = this.#parts;
    if (this.#published?.size === size && this.#frontier && !equalBytes(this.#frontier.root(), this.#published.root))
      findings.add('error', 'log/fork', { size, reason: 'published-differs' });
    while (this.#next?.size === size) {
      checkCheckpoint(this.#next, this.#frontier?.root() ?? null, this.#parts, findings);
      this.checkpointCount++;
      await this.#takeNext();
    }
  }

  async #takeNext(): Promise<void> {
    const { value, done } = await this.#checkpoints.next();
    this.#next = done ? null : value;
  }

  async #growTiles(leaves: readonly Uint8Array[]): Promise<void> {
    const grown = growHashes(hash, this.#edge, leaves);
    this.#edge = grown.edge;
    // Level 0 was compared leaf by leaf; a partial tile is kept at the right edge only, which is compared in the end.
    for (const { tile, bytes } of grown.tiles) if (tile.level !== 0 && tile.width === TILE_WIDTH) await this.#compareTile(tile, bytes);
  }

  async #compareTile(tile: Tile, expected: Uint8Array): Promise<void> {
    if (tile.level === 0) return;
    const { files, findings } = this.#parts;
    const bytes = await findHashTile(files, tile, findings);
    if (bytes && !equalBytes(bytes, expected)) findings.add('error', 'log/tile-altered', { path: formatTilePath(tile) });
  }
}
