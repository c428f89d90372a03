import {
  findBundle,
  findInclusionFault,
  findTile,
  formatBundle,
  formatReceipt,
  HASH_BYTES,
  hashLeaf,
  proveConsistency,
  proveInclusion,
  TILE_WIDTH,
} from '@lantai/log';
import { ArchiveError } from '@lantai/values';
import type { FileSystem } from '@lantai/vault';
import type { Sql } from '../db/index.ts';
import { findLastCheckpoint, type StoredCheckpoint } from './checkpoint-rows.ts';
import { hash } from './parts.ts';
import { TileFolder } from './tile-folder.ts';

/** What asking for a receipt gives. `pending`: the entry is durable, the log has not taken it in yet (about a second). */
export type ReceiptOutcome =
  | { readonly kind: 'receipt'; readonly text: string }
  | { readonly kind: 'pending' }
  | { readonly kind: 'unknown' };

/** A proof under the latest checkpoint. */
export interface LogProof {
  /** The signed checkpoint the proof leads to. */
  readonly checkpointNote: string;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
}

/** Rows fetched at once where many receipts are made. */
const RECEIPTS_AT_ONCE = 200;

/** Reads the log: makes proofs and receipts from tables and tiles. Holds nothing but a cache, so any process may have one. */
export class LogReader {
  readonly #tiles: TileFolder;

  constructor(tiles: TileFolder) {
    this.#tiles = tiles;
  }

  /** The latest signed checkpoint; null before the first entry. */
  findCheckpoint(sql: Sql): Promise<StoredCheckpoint | null> {
    return findLastCheckpoint(sql);
  }

  /**
   * The receipt of an entry, under the latest checkpoint or the one given. It is checked before it is given.
   * @throws ArchiveError `log/entry-altered`, `log/tile-missing`, `log/tile-altered` (corruption)
   */
  async makeReceipt(sql: Sql, entryId: string, under?: StoredCheckpoint): Promise<ReceiptOutcome> {
    const [entry] = await sql.queryNamed<{ bytes: Uint8Array; salt: Uint8Array | null; position: number | null }>(
      'log-entry',
      'select bytes, salt, position from entry where id = $1',
      [entryId],
    );
    if (!entry) return { kind: 'unknown' };
    const last = under ?? (await findLastCheckpoint(sql));
    const { bytes: entryBytes, salt, position } = entry;
    if (position === null || !last || position >= last.size) return { kind: 'pending' };
    const proof = await this.#proveEntry(entryBytes, position, last);
    const text = formatReceipt({ entryBytes, ...(salt ? { salt } : {}), position, proof, checkpointNote: last.note });
    return { kind: 'receipt', text };
  }

  /**
   * Receipts of entries under one checkpoint, in the order asked; all must stand in it. Checked before they are given, like {@link makeReceipt}.
   * @param withSalt whether a receipt tells the salt: only to who is given the content too
   * @throws ArchiveError `entry/not-found` (caller), `log/entry-altered`, `log/tile-missing`, `log/tile-altered` (corruption)
   */
  async *makeReceipts(
    sql: Sql,
    checkpoint: StoredCheckpoint,
    entryIds: readonly string[],
    withSalt: (entryId: string) => boolean,
  ): AsyncGenerator<{ readonly entryId: string; readonly text: string }> {
    for (let from = 0; from < entryIds.length; from += RECEIPTS_AT_ONCE) {
      const ids = entryIds.slice(from, from + RECEIPTS_AT_ONCE);
      const rows = await sql.query<{ id: string; bytes: Uint8Array; salt: Uint8Array | null; position: number | null }>(
        'select id, bytes, salt, position from entry where id = any($1::uuid[])',
        [ids],
      );
      const rowOf = new Map(rows.map((row) => [row.id, row]));
      for (const entryId of ids) {
        const row = rowOf.get(entryId);
        if (row?.position == null || row.position >= checkpoint.size) throw new ArchiveError('entry/not-found', 'caller');
        const { bytes: entryBytes, position } = row;
        const salt = withSalt(entryId) ? row.salt : null;
        const proof = await this.#proveEntry(entryBytes, position, checkpoint);
        const text = formatReceipt({ entryBytes, ...(salt ? { salt } : {}), position, proof, checkpointNote: checkpoint.note });
        yield { entryId, text };
      }
    }
  }

  /** INVARIANT: a digest that differs is an alarm, never a receipt. */
  async #proveEntry(entryBytes: Uint8Array, position: number, { size, root }: StoredCheckpoint): Promise<Uint8Array[]> {
    const proof = await proveInclusion(hash, this.#tiles.source, position, size);
    const fault = findInclusionFault(hash, { position, size, leafHash: hashLeaf(hash, entryBytes), proof, root });
    if (fault) throw new ArchiveError('log/entry-altered', 'corruption', { position, reason: fault });
    return proof;
  }

  /** The proof that the entry at `position` stands in the latest checkpoint; null when it does not stand there yet. */
  async proveInclusion(sql: Sql, position: number): Promise<LogProof | null> {
    const last = await findLastCheckpoint(sql);
    if (!last || position >= last.size) return null;
    const proof = await proveInclusion(hash, this.#tiles.source, position, last.size);
    return { checkpointNote: last.note, size: last.size, proof };
  }

  /**
   * The proof that the latest checkpoint continues one of `fromSize` entries that somebody remembers; null when the log is shorter than
   * that, which the one who remembers must take as an alarm. @throws ArchiveError `log/size-impossible` (caller) when fromSize < 1
   */
  async proveConsistency(sql: Sql, fromSize: number): Promise<LogProof | null> {
    if (!Number.isSafeInteger(fromSize) || fromSize < 1) throw new ArchiveError('log/size-impossible', 'caller');
    const last = await findLastCheckpoint(sql);
    if (!last || fromSize > last.size) return null;
    const proof = await proveConsistency(hash, this.#tiles.source, fromSize, last.size);
    return { checkpointNote: last.note, size: last.size, proof };
  }

  /** The proof between two sizes of this log; null when it is not that long. @throws ArchiveError `log/size-impossible` (caller) */
  async proveConsistencyBetween(sql: Sql, fromSize: number, toSize: number): Promise<readonly Uint8Array[] | null> {
    if (!Number.isSafeInteger(fromSize) || !Number.isSafeInteger(toSize) || fromSize < 1 || toSize < fromSize)
      throw new ArchiveError('log/size-impossible', 'caller');
    const last = await findLastCheckpoint(sql);
    if (!last || toSize > last.size) return null;
    return proveConsistency(hash, this.#tiles.source, fromSize, toSize);
  }

  /** The published changes of the log's keys, a line each (`findKeyChanges` of lib/log); empty while it has its first ones. */
  findKeyChanges(): Promise<string> {
    return this.#tiles.findKeyChanges();
  }

  /** The bytes of a tile or entry bundle by its path (`tile/0/x001/067`); null when the log has none there. For serving C2SP tlog-tiles. */
  async findTileBytes(path: string): Promise<Uint8Array | null> {
    const tile = findTile(path);
    if (!tile) return null;
    const exact = await this.#tiles.findTileBytes(tile);
    if (exact || tile.width === TILE_WIDTH) return exact;
    const full = await this.#tiles.findTileBytes({ ...tile, width: TILE_WIDTH });
    if (!full) return null;
    if (tile.level !== 'entries') return full.subarray(0, tile.width * HASH_BYTES);
    const entries = findBundle(full);
    return entries && formatBundle(entries.slice(0, tile.width));
  }
}

/** Opens the log in a folder for reading. @param folder `<data>/log` */
export function openLogReader(folder: string, fs?: FileSystem): LogReader {
  return new LogReader(new TileFolder(folder, fs));
}
