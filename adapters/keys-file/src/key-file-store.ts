import { ArchiveError, type Finding } from '@lantai/values';
import {
  deriveKey,
  type FileSystem,
  type KeyKind,
  type KeyName,
  type KeyRecord,
  type KeyStore,
  type NewKey,
  type Primitives,
  type SuiteId,
  WRAP_LABEL,
} from '@lantai/vault';
import { ClearKeys } from './clear-keys.ts';
import type { KeyFileCopies, Settled } from './key-file-copies.ts';
import { translateFailure } from './key-file-errors.ts';
import { deriveMacKey, encodeFrame, type KeyFileHeader } from './key-file-format.ts';
import { KeyFileImage } from './key-file-image.ts';
import { type KeyChange, KeyPlan, rewriteImage } from './key-file-writing.ts';
import { RewriteSchedule } from './rewrite-schedule.ts';
import { type Waiting, WriteQueue } from './write-queue.ts';
import type { LockOwner, WriterLock } from './writer-lock.ts';

/** Where a key store lies and under what. */
export interface KeyFileStoreOptions {
  /** Folder of the first copy, mode 0700, outside the data folder. */
  readonly folder: string;
  /** Folder of the second copy, on another disk if there is one. Must be another folder. */
  readonly copyFolder: string;
  /** 32 bytes. Kept in memory while the store is open. */
  readonly rootKey: Uint8Array;
  readonly p: Primitives;
  /** The disk; a simulated one in tests. */
  readonly fs?: FileSystem;
  /** Clock, in milliseconds since 1970 UTC. */
  readonly nowMs?: () => number;
  /** How long after a destruction the files are written anew without the key's wrapped bytes, in milliseconds; default one minute, so that many destructions share one. */
  readonly eraseDelayMs?: number;
  /** Who holds the writer's lock; tests give one that died. */
  readonly lockOwner?: LockOwner;
}

const ERASE_DELAY_MS = 60_000;
/** How old what a reader knows of other processes' changes may be. A key not known is always looked up anew. */
const LOOK_INTERVAL_MS = 200;

/** A {@link KeyStore} in an append-only file, twice (docs/spec/key-store.md). Made by {@link createKeyFileStore} and {@link openKeyFileStore}. */
export class KeyFileStore implements KeyStore {
  readonly #p: Primitives;
  readonly #copies: KeyFileCopies;
  readonly #lock: WriterLock;
  readonly #nowMs: () => number;
  #rootKey: Uint8Array;
  #image: KeyFileImage;
  /** True when a write failed half-way: the files are settled before the next one. */
  #isUnsettled = false;
  readonly #queue: WriteQueue<KeyChange>;
  readonly #schedule: RewriteSchedule;
  readonly #clear: ClearKeys;
  /** True while this process itself changes the files: then a change in them is no news. */
  #isWriting = false;
  #lookedAtMs = 0;
  #isClosed = false;
  readonly #findings: Finding[];
  /** @internal use {@link createKeyFileStore} or {@link openKeyFileStore} */
  constructor(options: KeyFileStoreOptions, copies: KeyFileCopies, lock: WriterLock, { image, findings }: Settled) {
    this.#p = options.p;
    this.#copies = copies;
    this.#lock = lock;
    this.#nowMs = options.nowMs ?? Date.now;
    this.#rootKey = options.rootKey.slice();
    this.#image = image;
    this.#findings = findings;
    this.#clear = new ClearKeys(options.p, () => ({ image: this.#image, rootKey: this.#rootKey }));
    this.#queue = new WriteQueue(
      (group) => this.#locked(() => this.#carryOut(group)),
      () => this.#schedule.consider(),
    );
    this.#schedule = new RewriteSchedule({
      nowMs: this.#nowMs,
      delayMs: options.eraseDelayMs ?? ERASE_DELAY_MS,
      image: () => this.#image,
      isBusy: () => this.#queue.isBusy,
      rewrite: () => this.compact(),
      failed: (reason) => this.#noteFailedRewrite(reason),
    });
    this.#schedule.consider();
  }

  /** The cipher suite the store was made with. */
  get suite(): SuiteId {
    return this.#image.header.suite;
  }

  /** What had to be mended in the two copies, and a rewrite that failed, since the store was opened. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  async create(kind: KeyKind, id: string, parent: KeyName | null): Promise<void> {
    await this.createMany([{ kind, id, parent }]);
  }

  async createMany(keys: readonly NewKey[]): Promise<void> {
    if (keys.length > 0) await this.#change({ kind: 'make', keys });
  }

  async destroy(kind: KeyKind, id: string): Promise<void> {
    await this.destroyMany([{ kind, id }]);
  }

  async destroyMany(keys: readonly KeyName[]): Promise<void> {
    if (keys.length > 0) await this.#change({ kind: 'destroy', keys });
  }

  find(kind: KeyKind, id: string): Uint8Array | null {
    this.#look(false);
    const found = this.#clear.find({ kind, id });
    if (found) return found.slice();
    if (this.#image.table.findRecord({ kind, id }) === null && this.#look(true)) return this.#clear.find({ kind, id })?.slice() ?? null;
    return null;
  }

  get(kind: KeyKind, id: string): Uint8Array {
    const key = this.find(kind, id);
    if (key) return key;
    if (this.isDestroyed(kind, id)) throw new ArchiveError('key/destroyed', 'caller', { kind, id });
    throw new ArchiveError('key/missing', 'corruption', { kind, id });
  }

  isDestroyed(kind: KeyKind, id: string): boolean {
    this.#look(false);
    const { table } = this.#image;
    const record = table.findRecord({ kind, id });
    return record !== null && table.isDestroyed(record);
  }

  *list(): Iterable<KeyRecord> {
    this.#look(true);
    const { table } = this.#image;
    const { count } = table;
    for (let record = 0; record < count; record++) yield table.describe(record);
  }

  /** Number of keys, the destroyed ones included. */
  get count(): number {
    this.#look(true);
    return this.#image.table.count;
  }

  /** Writes both copies anew without the wrapped bytes of destroyed keys and without history. Runs by itself when it is due. */
  async compact(): Promise<void> {
    await this.#alone(() => this.#rewrite(this.#rootKey));
  }

  async rewrapRoot(newRootKey: Uint8Array): Promise<void> {
    await this.#alone(() => this.#rewrite(newRootKey));
  }

  /** Reads both copies whole, mends the one that needs it from the other, and says what was wrong. @throws ArchiveError `key/store-corrupt`. */
  async verifyCopies(): Promise<Finding[]> {
    return await this.#alone(() => this.#settle(true));
  }

  /** The key file as it is now: sealed under the root key, for a backup of keys. Put it back with `restoreKeyFile`. */
  async snapshot(): Promise<Uint8Array> {
    return await this.#alone(async () => this.#image.bytes.slice());
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#schedule.stop();
    try {
      await this.#queue.drained();
      // INVARIANT: no process ends its use of the store with a destroyed key's wrapped bytes still in the files, unless it is killed.
      if (this.#image.table.unerasedCount > 0) await this.compact();
    } finally {
      this.#isClosed = true;
      this.#clear.forget();
      this.#rootKey.fill(0);
    }
  }

  async #change(change: KeyChange): Promise<void> {
    this.#assertOpen();
    await this.#queue.commit(change);
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    this.#assertOpen();
    return await this.#queue.alone(() => this.#locked(work));
  }

  /** A rewrite that runs by itself has nobody to throw at: who asks for findings hears of it, once. */
  #noteFailedRewrite(reason: unknown): void {
    if (this.#findings.some(({ code }) => code === 'key/rewrite-failed')) return;
    const code = reason instanceof ArchiveError ? reason.code : 'unknown';
    this.#findings.push({ code: 'key/rewrite-failed', severity: 'error', params: { reason: code } });
  }

  /** Appends the changes of a group; those that are refused are told alone. */
  async #carryOut(group: readonly Waiting<KeyChange>[]): Promise<void> {
    const image = this.#image;
    const findKey = (name: KeyName) => this.#clear.find(name);
    const plan = new KeyPlan({ p: this.#p, image, nowMs: this.#nowMs(), findKey, rootKey: this.#rootKey });
    const accepted: Waiting<KeyChange>[] = [];
    for (const waiting of group) {
      try {
        plan.add(waiting.change);
        accepted.push(waiting);
      } catch (error) {
        waiting.reject(error);
      }
    }
    const { suite, macKey } = image.header;
    for (const payload of plan.takePayloads()) {
      const frame = encodeFrame(this.#p, suite, macKey, image.lastMac, payload);
      await this.#writing(() => this.#copies.append(frame));
      image.extend(frame);
    }
    if (accepted.some(({ change }) => change.kind === 'destroy')) this.#clear.forget();
    for (const { resolve } of accepted) resolve();
  }

  /** Holds the writer's lock around `work`, with the image of the files as they are. */
  async #locked<T>(work: () => Promise<T>): Promise<T> {
    return await translateFailure(() =>
      this.#lock.hold(async (isTakenOver) => {
        if (isTakenOver || this.#isUnsettled || !(await this.#copies.follow(this.#image))) {
          await this.#settle(false);
        }
        return await work();
      }),
    );
  }

  async #settle(isThorough: boolean): Promise<Finding[]> {
    const { image, findings } = await this.#writing(() => this.#copies.settle(this.#rootKey, isThorough));
    this.#take(image);
    this.#findings.push(...findings);
    return findings;
  }

  /** Changes the files; until it is done without a failure they count as unsettled. */
  async #writing<T>(change: () => Promise<T>): Promise<T> {
    this.#isWriting = true;
    this.#isUnsettled = true;
    try {
      const result = await change();
      this.#isUnsettled = false;
      return result;
    } finally {
      this.#isWriting = false;
    }
  }

  async #rewrite(newRootKey: Uint8Array): Promise<void> {
    const { header } = this.#image;
    const { suite, storeId, generation } = header;
    const [oldKek, newKek] = [this.#rootKey, newRootKey].map((key) => deriveKey(this.#p, key, WRAP_LABEL, suite)) as [
      Uint8Array,
      Uint8Array,
    ];
    const rewrap = (wrapped: Uint8Array) => {
      const key = this.#p.unwrapKey(suite, oldKek, wrapped);
      if (!key) throw new ArchiveError('key/store-corrupt', 'corruption', { reason: 'wrapped-key' });
      return this.#p.wrapKey(suite, newKek, key);
    };
    const newHeader: KeyFileHeader = { suite, storeId, generation: generation + 1, writtenAtMs: this.#nowMs() };
    const isSameRoot = Buffer.compare(newRootKey, this.#rootKey) === 0;
    const macKey = deriveMacKey(this.#p, newRootKey, suite);
    const bytes = await rewriteImage(this.#p, this.#image, { header: newHeader, macKey, ...(isSameRoot ? {} : { rewrap }) });
    const proved = KeyFileImage.prove(this.#p, newRootKey, bytes);
    if (!proved.image || proved.tail !== 'clean') throw new ArchiveError('key/store-corrupt', 'corruption', { reason: 'rewrite' });
    await this.#writing(() => this.#copies.replace(bytes));
    this.#rootKey = newRootKey.slice();
    this.#take(proved.image);
  }

  #take(image: KeyFileImage): void {
    this.#image = image;
    this.#clear.forget();
  }

  /** Takes in what other processes wrote, at most each 200 ms unless `isUrgent`. True when something was new. */
  #look(isUrgent: boolean): boolean {
    this.#assertOpen();
    const now = performance.now();
    if (!isUrgent && now - this.#lookedAtMs < LOOK_INTERVAL_MS) return false;
    this.#lookedAtMs = now;
    if (this.#isWriting) return false;
    const change = this.#copies.findChangeSync();
    if (!change) return false;
    if (!change.isReplaced) {
      const before = this.#image.end;
      this.#image.extend(this.#copies.readSync(before, change.lengthBytes - before));
      this.#clear.forget();
      return this.#image.end > before;
    }
    const proved = KeyFileImage.prove(this.#p, this.#rootKey, this.#copies.readSync(0, change.lengthBytes));
    if (!proved.image) throw new ArchiveError(proved.problem === 'unproved' ? 'key/root-mismatch' : 'key/store-corrupt', 'corruption', {});
    this.#take(proved.image);
    return true;
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new ArchiveError('key/store-closed', 'caller');
  }
}
