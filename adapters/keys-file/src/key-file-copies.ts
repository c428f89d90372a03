import { ArchiveError, type Finding } from '@lantai/values';
import { type FileSystem, findFileErrorCode, type Primitives, type RootKey } from '@lantai/vault';
import { FILE_HEADER_LENGTH, MAC_LENGTH } from './key-file-format.ts';
import { chooseCopy, type FoundCopy, KeyFileImage } from './key-file-image.ts';

/** Name of the key file in each of its two folders. */
export const KEY_FILE_NAME = 'keys.lks';
const FILE_MODE = 0o600;

/** Identity and length of a copy, to see cheaply whether someone else changed it. */
interface Sight {
  readonly identity: string;
  readonly lengthBytes: number;
}

/** The files as they are once both copies are equal and durable. */
export interface Settled {
  readonly image: KeyFileImage;
  /** What had to be mended; empty for nothing but flushes. */
  readonly findings: Finding[];
}

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || '/';
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** The two copies of a key file on disk. All changes need the writer's lock, which the caller holds. */
export class KeyFileCopies {
  readonly #fs: FileSystem;
  readonly #p: Primitives;
  readonly #paths: readonly [string, string];
  #sights: readonly [Sight | null, Sight | null] = [null, null];
  /** What a reader saw of the first copy after the last look; null when nothing newer. */
  #readerSight: Sight | null = null;

  constructor(fs: FileSystem, p: Primitives, folders: readonly [string, string]) {
    this.#fs = fs;
    this.#p = p;
    this.#paths = [`${folders[0]}/${KEY_FILE_NAME}`, `${folders[1]}/${KEY_FILE_NAME}`];
  }

  /** True when one of the copies is there. */
  async exists(): Promise<boolean> {
    return (await this.#fs.findStatus(this.#paths[0])) !== null || (await this.#fs.findStatus(this.#paths[1])) !== null;
  }

  /**
   * Reads what is on disk, makes both copies equal and durable, and says what had to be mended.
   * `isThorough` reads the second copy whole too; else its length, header and last MAC are compared, which shows every loss but not rot inside.
   */
  async settle(root: RootKey, isThorough: boolean): Promise<Settled> {
    const first = await this.#find(0, root);
    const isEasy = !isThorough && first.kind === 'proved' && first.tail === 'clean' && (await this.#isCopyOf(1, first.image));
    const found = [first, isEasy ? first : await this.#find(1, root)] as const;
    const chosen = found[chooseCopy(found)];
    if (chosen?.kind !== 'proved') throw new ArchiveError('key/store-corrupt', 'corruption', { reason: 'no-copy' });
    const findings: Finding[] = [];
    for (const at of [0, 1] as const) {
      const reason = await this.#mend(at, found[at], chosen.image);
      if (reason) findings.push({ code: 'key/copy-mended', severity: 'warning', params: { copy: at + 1, reason } });
    }
    await this.#look();
    return { image: chosen.image, findings };
  }

  /**
   * Takes in what other processes added since the last look, under the lock. False when that is not all there is to do: settle then.
   * What is taken in is durable: its writer released the lock only after both flushes.
   */
  async follow(image: KeyFileImage): Promise<boolean> {
    const status = await this.#fs.findStatus(this.#paths[0]);
    const [first] = this.#sights;
    if (!status || status.identity !== first?.identity || status.lengthBytes < image.end) return false;
    if (status.lengthBytes > image.end) {
      const added = await this.#fs.readRange(this.#paths[0], image.end, status.lengthBytes - image.end);
      if (image.extend(added) !== 'clean') return false;
    }
    if (await this.#isUnchanged(image.end)) return true;
    if (!(await this.#isCopyOf(1, image))) return false;
    await this.#look();
    return true;
  }

  async #isUnchanged(lengthBytes: number): Promise<boolean> {
    if (this.#sights[0]?.lengthBytes !== lengthBytes) return false;
    const status = await this.#fs.findStatus(this.#paths[1]);
    const second = this.#sights[1];
    return status !== null && status.identity === second?.identity && status.lengthBytes === second.lengthBytes;
  }

  /** Whether the first copy changed since it was last looked at; for readers, who hold no lock. */
  findChangeSync(): { readonly isReplaced: boolean; readonly lengthBytes: number } | null {
    const status = this.#fs.findStatusSync(this.#paths[0]);
    const seen = this.#readerSight ?? this.#sights[0];
    if (!status || (status.identity === seen?.identity && status.lengthBytes === seen.lengthBytes)) return null;
    this.#readerSight = { identity: status.identity, lengthBytes: status.lengthBytes };
    return { isReplaced: status.identity !== seen?.identity || status.lengthBytes < seen.lengthBytes, lengthBytes: status.lengthBytes };
  }

  /** A part of the first copy, read while the process waits. */
  readSync(offset: number, lengthBytes: number): Uint8Array {
    return this.#fs.readRangeSync(this.#paths[0], offset, lengthBytes);
  }

  /**
   * Adds a frame to both copies.
   * INVARIANT: the second copy is touched only when the first is durable, so a crash never cuts both.
   */
  async append(frame: Uint8Array): Promise<void> {
    for (const path of this.#paths) {
      await this.#write(path, null, frame);
      // CRASH: the frame stands in the first copy alone; settling carries it to the second.
    }
    await this.#look();
  }

  /** Replaces both copies by a new file, one after the other. */
  async replace(bytes: Uint8Array): Promise<void> {
    for (const path of this.#paths) {
      await this.#rewrite(path, bytes);
      // CRASH: the first copy is a generation ahead; settling gives it to the second.
    }
    await this.#look();
  }

  async #find(at: 0 | 1, root: RootKey): Promise<FoundCopy> {
    const path = this.#paths[at];
    if (!(await this.#fs.findStatus(path))) return { kind: 'missing' };
    const bytes = await this.#fs.read(path);
    const proved = KeyFileImage.prove(this.#p, root, bytes);
    if (!proved.image) return { kind: 'unreadable', problem: proved.problem };
    return { kind: 'proved', image: proved.image, tail: proved.tail, lengthBytes: bytes.length };
  }

  async #isCopyOf(at: 0 | 1, image: KeyFileImage): Promise<boolean> {
    const path = this.#paths[at];
    const status = await this.#fs.findStatus(path);
    if (status?.lengthBytes !== image.end) return false;
    const header = await this.#fs.readRange(path, 0, FILE_HEADER_LENGTH);
    const lastMac = await this.#fs.readRange(path, image.end - MAC_LENGTH, MAC_LENGTH);
    return isSame(header, image.bytes.subarray(0, FILE_HEADER_LENGTH)) && isSame(lastMac, image.lastMac);
  }

  /** Makes a copy equal to `image`. Null when only a flush was needed, else why more was. */
  async #mend(at: 0 | 1, found: FoundCopy, image: KeyFileImage): Promise<string | null> {
    const path = this.#paths[at];
    if (found.kind !== 'proved') {
      await this.#rewrite(path, image.bytes);
      return found.kind === 'missing' ? 'missing' : found.problem;
    }
    if (found.tail === 'damaged' || !found.image.isBeginningOf(image)) {
      await this.#rewrite(path, image.bytes);
      return found.tail === 'damaged' ? 'damaged' : 'older';
    }
    const missing = image.bytes.subarray(found.image.end);
    const isCut = found.lengthBytes > found.image.end;
    // Also an unharmed copy is flushed: who wrote its last frame may have been killed before its own flush.
    await this.#write(path, isCut ? found.image.end : null, missing);
    await this.#fs.syncFolder(parentOf(path));
    if (isCut) return 'cut';
    return missing.length > 0 ? 'behind' : null;
  }

  async #write(path: string, truncateTo: number | null, bytes: Uint8Array): Promise<void> {
    const file = await this.#fs.open(path, 'append');
    try {
      if (truncateTo !== null) await file.truncate(truncateTo);
      if (bytes.length > 0) await file.write(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async #rewrite(path: string, bytes: Uint8Array): Promise<void> {
    const temp = `${path}.new`;
    await this.#removeIfThere(temp);
    const file = await this.#fs.open(temp, 'create-new', FILE_MODE);
    try {
      await file.write(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    // CRASH: before the rename the old file counts, after it the new one; both are whole.
    await this.#fs.rename(temp, path);
    await this.#fs.syncFolder(parentOf(path));
  }

  async #removeIfThere(path: string): Promise<void> {
    try {
      await this.#fs.remove(path);
    } catch (error) {
      if (findFileErrorCode(error) !== 'ENOENT') throw error;
    }
  }

  async #look(): Promise<void> {
    const sight = async (at: 0 | 1): Promise<Sight | null> => {
      const status = await this.#fs.findStatus(this.#paths[at]);
      return status && { identity: status.identity, lengthBytes: status.lengthBytes };
    };
    this.#sights = [await sight(0), await sight(1)];
    this.#readerSight = null;
  }
}
