import { makeFolderDurably, nodeFileSystem } from '@lantai/disk';
import { ArchiveError } from '@lantai/values';
import { type Primitives, type RootKey, SoftRootKey, type SuiteId } from '@lantai/vault';
import { KEY_FILE_NAME, KeyFileCopies } from './key-file-copies.ts';
import { translateFailure } from './key-file-errors.ts';
import { encodeHeader } from './key-file-format.ts';
import { KeyFileImage } from './key-file-image.ts';
import { KeyFileStore, type KeyFileStoreOptions } from './key-file-store.ts';
import { checkPrivate } from './key-places.ts';
import { thisProcess, WriterLock } from './writer-lock.ts';

/**
 * Makes an empty key store and opens it. Missing folders are made with mode 0700.
 * @throws ArchiveError `key/store-exists`, `key/copy-in-same-folder` (caller), `key/mode-too-wide`, `key/store-failed` (environment).
 */
export async function createKeyFileStore(options: KeyFileStoreOptions & { readonly suite?: SuiteId }): Promise<KeyFileStore> {
  const { p, folder, copyFolder, rootKey, fs = nodeFileSystem, nowMs = Date.now, suite = 'intl' } = options;
  await placeFirst(options, async () => {
    const header = { suite, generation: 1, storeId: p.random(16), writtenAtMs: nowMs() };
    await new KeyFileCopies(fs, p, [folder, copyFolder]).replace(encodeHeader(p, rootOf(p, rootKey).macKey(suite), header));
  });
  return await openKeyFileStore(options);
}

/** Bytes of a root key are one that lies in this process. */
const rootOf = (p: Primitives, key: Uint8Array | RootKey): RootKey => (key instanceof Uint8Array ? new SoftRootKey(p, key) : key);

/** Writes the first files of a store into folders that hold none. */
async function placeFirst(options: KeyFileStoreOptions, write: () => Promise<void>): Promise<void> {
  const { p, folder, copyFolder, fs = nodeFileSystem, lockOwner = thisProcess() } = options;
  if (folder === copyFolder) throw new ArchiveError('key/copy-in-same-folder', 'caller');
  await translateFailure(async () => {
    for (const each of [folder, copyFolder]) {
      await makeFolderDurably(fs, each);
      await checkPrivate(fs, each, 'key-folder');
    }
    await new WriterLock(fs, `${folder}/keys.lock`, lockOwner).hold(async () => {
      if (await new KeyFileCopies(fs, p, [folder, copyFolder]).exists()) throw new ArchiveError('key/store-exists', 'caller');
      await write();
    });
  });
}

/**
 * Opens a key store, settling what a crash left. See `findings` for what was mended.
 * @throws ArchiveError `key/root-mismatch` (caller: another archive's root key), `key/store-missing`, `key/store-newer`, `key/mode-too-wide`,
 * `key/store-locked`, `key/store-failed` (environment), `key/store-corrupt` (corruption).
 */
export async function openKeyFileStore(options: KeyFileStoreOptions): Promise<KeyFileStore> {
  const { p, folder, copyFolder } = options;
  const fs = options.fs ?? nodeFileSystem;
  const root = rootOf(p, options.rootKey);
  return await translateFailure(async () => {
    for (const each of [folder, copyFolder]) {
      if (!(await fs.findStatus(each))) throw new ArchiveError('key/store-missing', 'environment', { reason: 'folder' });
      await checkPrivate(fs, each, 'key-folder');
      await checkPrivate(fs, `${each}/${KEY_FILE_NAME}`, 'key-file');
    }
    const copies = new KeyFileCopies(fs, p, [folder, copyFolder]);
    const lock = new WriterLock(fs, `${folder}/keys.lock`, options.lockOwner ?? thisProcess());
    const settled = await lock.hold(() => copies.settle(root, false));
    return new KeyFileStore({ ...options, root }, copies, lock, settled);
  });
}

/**
 * Puts a key file back that `KeyFileStore.snapshot` gave, into two folders that hold none, and opens it.
 * Afterwards apply the register of destroyed keys with `destroyMany`, or keys destroyed since the snapshot would live again.
 * @throws ArchiveError as {@link createKeyFileStore} and {@link openKeyFileStore}; `key/store-corrupt` when the snapshot is cut or altered.
 */
export async function restoreKeyFile(options: KeyFileStoreOptions, snapshot: Uint8Array): Promise<KeyFileStore> {
  const { p, folder, copyFolder, rootKey } = options;
  const fs = options.fs ?? nodeFileSystem;
  const proved = KeyFileImage.prove(p, rootOf(p, rootKey), snapshot);
  if (!proved.image && proved.problem === 'unproved') throw new ArchiveError('key/root-mismatch', 'caller');
  if (!proved.image || proved.tail !== 'clean') throw new ArchiveError('key/store-corrupt', 'corruption', { reason: 'snapshot' });
  await placeFirst(options, () => new KeyFileCopies(fs, p, [folder, copyFolder]).replace(snapshot));
  return await openKeyFileStore(options);
}
