import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { makeFolderDurably, nodeFileSystem } from '@lantai/disk';
import {
  formatKeyChanges,
  formatTilePath,
  HASH_BYTES,
  HashTile,
  type LoggedKeyChange,
  TILE_WIDTH,
  type Tile,
  type TileContent,
  type TileSource,
} from '@lantai/log';
import { ArchiveError } from '@lantai/values';
import { type FileSystem, findFileErrorCode } from '@lantai/vault';
import { hash } from './parts.ts';

/** Hash tiles kept in memory: 8 KiB each, 16 with their inner hashes, so at most 64 MiB; a million entries have 3,924. */
const CACHE_TILES = 4096;
/** Files written side by side; the thread pool of Node has four threads. */
const WRITERS = 8;
const TEMP = 'tmp';
const CHECKPOINT = 'checkpoint';
/** Changes of the log's keys, for whoever may not read entries. */
export const KEY_CHANGES = 'key-changes';

/**
 * The log as files, laid out as C2SP tlog-tiles serves it: `tile/…` and `checkpoint` below the folder. Any static web server can publish
 * it but for `tile/entries`, which is for auditors (log.md, section 2); `tmp/` holds what is being written. Only the sequencer writes here.
 */
export class TileFolder {
  readonly folder: string;
  readonly #fs: FileSystem;
  /** The widest seen of each hash tile, most recently used last. A narrower tile is the beginning of a wider one. */
  readonly #cache = new Map<string, HashTile>();
  readonly #sureFolders = new Set<string>();
  readonly #tempPrefix = `${process.pid}-${randomBytes(4).toString('hex')}`;
  #tempCount = 0;

  constructor(folder: string, fs: FileSystem = nodeFileSystem) {
    this.folder = folder;
    this.#fs = fs;
  }

  /** Makes the folders and removes what a dead writer left in `tmp/`. For the writer only, under the sequencer's lock. */
  async prepare(): Promise<void> {
    await this.#disk(async () => {
      await makeFolderDurably(this.#fs, this.folder);
      await makeFolderDurably(this.#fs, `${this.folder}/${TEMP}`);
      for (const { name } of await this.#fs.list(`${this.folder}/${TEMP}`)) await this.#fs.remove(`${this.folder}/${TEMP}/${name}`);
    });
  }

  /** Writes tiles; bytes and names are on disk when this resolves. Writing a tile again replaces it by the same bytes, whole. */
  async write(contents: readonly TileContent[]): Promise<void> {
    await this.#writeAll(contents.map(({ tile, bytes }) => ({ path: formatTilePath(tile), bytes })));
    for (const { tile, bytes } of contents) if (tile.level !== 'entries') this.#remember(tile, new HashTile(hash, bytes));
  }

  /** Puts the signed checkpoint where readers look for it. */
  async publish(note: string): Promise<void> {
    await this.#writeAll([{ path: CHECKPOINT, bytes: new TextEncoder().encode(note) }]);
  }

  /** Puts the changes of the log's keys beside the checkpoint. */
  async publishKeyChanges(changes: readonly LoggedKeyChange[]): Promise<void> {
    await this.#writeAll([{ path: KEY_CHANGES, bytes: new TextEncoder().encode(formatKeyChanges(changes)) }]);
  }

  /** The published changes of the log's keys; empty while it has its first ones. */
  async findKeyChanges(): Promise<string> {
    const bytes = await this.#find(KEY_CHANGES);
    return bytes ? new TextDecoder().decode(bytes) : '';
  }

  /** The published checkpoint; null before the first. */
  async findPublished(): Promise<string | null> {
    const bytes = await this.#find(CHECKPOINT);
    return bytes && new TextDecoder().decode(bytes);
  }

  /** Hash tiles for proofs, from memory when they were met before. @throws ArchiveError `log/tile-missing`, `log/tile-altered` */
  readonly source: TileSource = (tiles) => Promise.all(tiles.map((tile) => this.#findRemembered(tile) ?? this.#readAndRemember(tile)));

  /** Hash tiles as they lie on disk now. */
  readonly sourceOnDisk: TileSource = (tiles) => Promise.all(tiles.map((tile) => this.#readHashTile(tile)));

  /** Bytes of a tile or bundle on disk, of exactly this width; null when it is not there, and no wider one to cut it from. */
  findTileBytes(tile: Tile): Promise<Uint8Array | null> {
    return this.#find(formatTilePath(tile));
  }

  /** Removes the partial tiles that a full tile has made needless. Allowed by C2SP tlog-tiles, "Partial Tiles". */
  async removePartials(full: readonly Tile[]): Promise<void> {
    await this.#disk(async () => {
      for (const tile of full) {
        const folder = `${this.folder}/${formatTilePath(tile)}.p`;
        if (!(await this.#fs.findStatus(folder))) continue;
        for (const { name } of await this.#fs.list(folder)) await this.#fs.remove(`${folder}/${name}`);
        await this.#fs.removeFolder(folder);
        this.#sureFolders.delete(folder);
      }
    });
  }

  /** Paths of all files below the folder, relative to it. A folder that the writer removes meanwhile holds nothing. */
  async *listFiles(below = ''): AsyncGenerator<string> {
    for (const { name, isFolder } of await this.#list(below)) {
      if (isFolder) yield* this.listFiles(`${below}${name}/`);
      else yield `${below}${name}`;
    }
  }

  #list(below: string): Promise<{ name: string; isFolder: boolean }[]> {
    return this.#disk(async () => {
      try {
        return await this.#fs.list(`${this.folder}/${below}`);
      } catch (error) {
        // Asked once and not first for its status: partial tiles go the moment their full one is written.
        if (isAbsence(error)) return [];
        throw error;
      }
    });
  }

  async #writeAll(files: readonly { path: string; bytes: Uint8Array }[]): Promise<void> {
    const folders = [...new Set(files.map(({ path }) => dirname(`${this.folder}/${path}`)))];
    await this.#disk(async () => {
      // Only a whole success leaves folders known as sure: after a failure nothing is taken for granted.
      const sure = new Set(this.#sureFolders);
      this.#sureFolders.clear();
      for (const folder of folders) {
        if (!sure.has(folder)) await makeFolderDurably(this.#fs, folder);
        sure.add(folder);
      }
      const queue = [...files];
      const writer = async () => {
        for (let file = queue.shift(); file; file = queue.shift()) await this.#writeFile(`${this.folder}/${file.path}`, file.bytes);
      };
      const ends = await Promise.allSettled(Array.from({ length: WRITERS }, writer));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
      for (const folder of folders) await this.#fs.syncFolder(folder);
      for (const folder of sure) this.#sureFolders.add(folder);
    });
  }

  async #writeFile(path: string, bytes: Uint8Array): Promise<void> {
    const temp = `${this.folder}/${TEMP}/${this.#tempPrefix}-${this.#tempCount++}`;
    const file = await this.#fs.open(temp, 'create-new', 0o644);
    try {
      await file.write(bytes);
      // CRASH: up to the rename a temporary file is left over, which the next writer removes; the name holds the old bytes or none.
      await file.sync();
    } finally {
      await file.close();
    }
    await this.#fs.rename(temp, path);
  }

  async #readHashTile(tile: Tile): Promise<HashTile> {
    // A reader's checkpoint may be a moment old, its partial tile already replaced by the full one.
    const bytes = (await this.findTileBytes(tile)) ?? (await this.findTileBytes({ ...tile, width: TILE_WIDTH }));
    const path = formatTilePath(tile);
    if (!bytes) throw new ArchiveError('log/tile-missing', 'corruption', { path });
    if (bytes.length !== tile.width * HASH_BYTES && bytes.length !== TILE_WIDTH * HASH_BYTES)
      throw new ArchiveError('log/tile-altered', 'corruption', { path });
    return new HashTile(hash, bytes);
  }

  async #readAndRemember(tile: Tile): Promise<HashTile> {
    const read = await this.#readHashTile(tile);
    this.#remember(tile, read);
    return read;
  }

  #findRemembered(tile: Tile): HashTile | null {
    const key = `${tile.level}/${tile.index}`;
    const known = this.#cache.get(key);
    if (!known || known.width < tile.width) return null;
    this.#cache.delete(key);
    this.#cache.set(key, known);
    return known;
  }

  #remember(tile: Tile, read: HashTile): void {
    const key = `${tile.level}/${tile.index}`;
    const known = this.#cache.get(key);
    this.#cache.delete(key);
    this.#cache.set(key, known && known.width > read.width ? known : read);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > CACHE_TILES && oldest !== undefined) this.#cache.delete(oldest);
  }

  #find(path: string): Promise<Uint8Array | null> {
    return this.#disk(async () => {
      try {
        return await this.#fs.read(`${this.folder}/${path}`);
      } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
      }
    });
  }

  /** A failure of the disk in Lantai's words: `log/disk-full`, `log/disk-failed` (environment). A bug stays what it is. */
  async #disk<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const reason = findFileErrorCode(error);
      if (reason === null || error instanceof ArchiveError) throw error;
      const isFull = reason === 'ENOSPC' || reason === 'EDQUOT';
      throw new ArchiveError(isFull ? 'log/disk-full' : 'log/disk-failed', 'environment', { reason }, error);
    }
  }
}

const isAbsence = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(findFileErrorCode(error) ?? '');
