import { ArchiveError, type Finding, isArchiveError } from '@lantai/values';
import {
  type FileSystem,
  findFormerOwner,
  formerKeyName,
  type KeyKind,
  type KeyName,
  type KeyRecord,
  type KeyRenewal,
  type KeyStore,
  type NewKey,
  type Primitives,
  type RootKey,
  type SuiteId,
} from '@lantai/vault';
import { ClearKeys } from './clear-keys.ts';
import type { KeyFileCopies, Settled } from './key-file-copies.ts';
import { translateFailure } from './key-file-errors.ts';
import { encodeFrame } from './key-file-format.ts';
import { KeyFileImage } from './key-file-image.ts';
import { rewriteImage } from './key-file-rewriting.ts';
import { type KeyChange, KeyPlan } from './key-file-writing.ts';
import { RewriteSchedule } from './rewrite-schedule.ts';
import { type Waiting, WriteQueue } from './write-queue.ts';
import type { LockOwner, WriterLock } from './writer-lock.ts';

/** Where a key store lies and under what. */
export interface KeyFileStoreOptions {
  /** Folder of the first copy, mode 0700, outside the data folder. */
  readonly folder: string;
  /** Folder of the second copy, on another disk if there is one. Must be another folder. */
  readonly copyFolder: string;
  /** The root key: a machine's, or 32 bytes, which are kept in memory while the store is open. */
  readonly rootKey: RootKey | Uint8Array;
  /** Root keys to try when another process replaced it while this store was open; left out, that is `key/root-mismatch`. */
  readonly findOtherRoots?: () => readonly RootKey[];
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
  #root: RootKey;
  readonly #findOtherRoots: () => readonly RootKey[];
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
  constructor(
    options: KeyFileStoreOptions & { readonly root: RootKey },
    copies: KeyFileCopies,
    lock: WriterLock,
    { image, findings }: Settled,
  ) {
    this.#p = options.p;
    this.#copies = copies;
    this.#lock = lock;
    this.#nowMs = options.nowMs ?? Date.now;
    this.#root = options.root;
    this.#findOtherRoots = options.findOtherRoots ?? (() => []);
    this.#image = image;
    this.#findings = findings;
    this.#clear = new ClearKeys(options.p, () => ({ image: this.#image, root: this.#root }));
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

  get suite(): SuiteId {
    this.#look(false);
    return this.#image.header.suite;
  }

  get epoch(): number {
    this.#look(false);
    return this.#image.header.generation;
  }

  /** The public name of the root key. */
  get rootName(): string {
    return this.#root.name;
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

  findFormer(kind: KeyKind, id: string): Uint8Array[] {
    this.#look(false);
    const found: Uint8Array[] = [];
    for (let n = 1; ; n++) {
      const key = this.#clear.find(formerKeyName({ kind, id }, n));
      if (!key) return found.reverse();
      found.push(key.slice());
    }
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
    for (let record = 0; record < count; record++) {
      const found = table.describe(record);
      if (!findFormerOwner(found)) yield found;
    }
  }

  /** Number of keys, the destroyed and former ones included. */
  get count(): number {
    this.#look(true);
    return this.#image.table.count;
  }

  /** Writes both copies anew without the wrapped bytes of destroyed keys and without history. Runs by itself when it is due. */
  async compact(): Promise<void> {
    await this.#alone(() => this.#rewrite(null));
  }

  async renew(change: KeyRenewal): Promise<void> {
    await this.#alone(() => this.#rewrite(change));
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
      this.#root.forget();
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
    const plan = new KeyPlan({ p: this.#p, image, nowMs: this.#nowMs(), findKey, root: this.#root });
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
    const { image, findings } = await this.#writing(() => this.#settleUnderAnyRoot(isThorough));
    this.#take(image);
    this.#findings.push(...findings);
    return findings;
  }

  /** CRASH: a process that replaces the root key may die, or end, at any step: the others try the key they have, then those that lie there now. */
  async #settleUnderAnyRoot(isThorough: boolean): Promise<Settled> {
    let failure: unknown;
    for (const root of this.#rootsToTry()) {
      try {
        const settled = await this.#copies.settle(root, isThorough);
        this.#takeRoot(root);
        return settled;
      } catch (error) {
        if (!isArchiveError(error, 'key/root-mismatch')) throw error;
        failure ??= error;
      }
    }
    throw failure;
  }

  /** The present root key; the others are read only once that one failed. */
  *#rootsToTry(): Iterable<RootKey> {
    yield this.#root;
    yield* this.#findOtherRoots();
  }

  #takeRoot(root: RootKey): void {
    if (root === this.#root) return;
    this.#root.forget();
    this.#root = root;
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

  async #rewrite(change: KeyRenewal | null): Promise<void> {
    const { suite, storeId, generation } = this.#image.header;
    const root = change?.root ?? this.#root;
    const nowMs = this.#nowMs();
    const bytes = await rewriteImage(this.#p, this.#image, {
      header: { suite: change?.suite ?? suite, storeId, generation: generation + 1, writtenAtMs: nowMs },
      root,
      ...(change
        ? {
            rewrap: {
              findKey: (name: KeyName) => this.#clear.find(name),
              gets: change.gets ?? (() => false),
              isNewRoot: root !== this.#root,
              nowMs,
            },
          }
        : {}),
    });
    const proved = KeyFileImage.prove(this.#p, root, bytes);
    if (!proved.image || proved.tail !== 'clean') throw new ArchiveError('key/store-corrupt', 'corruption', { reason: 'rewrite' });
    await this.#writing(() => this.#copies.replace(bytes));
    this.#takeRoot(root);
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
    this.#take(this.#proveUnderAnyRoot(this.#copies.readSync(0, change.lengthBytes)));
    return true;
  }

  #proveUnderAnyRoot(bytes: Uint8Array): KeyFileImage {
    let problem = '';
    for (const root of this.#rootsToTry()) {
      const proved = KeyFileImage.prove(this.#p, root, bytes);
      if (proved.image) {
        this.#takeRoot(root);
        return proved.image;
      }
      problem ||= proved.problem;
    }
    throw new ArchiveError(problem === 'unproved' ? 'key/root-mismatch' : 'key/store-corrupt', 'corruption', {});
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new ArchiveError('key/store-closed', 'caller');
  }
}
