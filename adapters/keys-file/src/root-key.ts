import { makeFolderDurably, nodeFileSystem } from '@lantai/disk';
import { ArchiveError, utf8 } from '@lantai/values';
import { type FileSystem, findFileErrorCode, type KeyStore, type Primitives, SoftRootKey } from '@lantai/vault';
import { translateFailure } from './key-file-errors.ts';
import { checkPrivate } from './key-places.ts';
import { findRootFile, formatRootFile, type RootFile } from './root-file.ts';

const KEY_LENGTH = 32;

const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || '/';

async function writeKeyFile(fs: FileSystem, path: string, text: string): Promise<void> {
  const folder = folderOf(path);
  await makeFolderDurably(fs, folder);
  const file = await fs.open(path, 'create-new', 0o600);
  try {
    try {
      await file.write(utf8(text));
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.syncFolder(folder);
  } catch (error) {
    // A root key of which the caller never heard must not stay in its place; the first failure is what the caller hears.
    await Promise.allSettled([fs.remove(path)]);
    throw error;
  }
}

/**
 * Makes a root key and its file (three lines of text, mode 0600, its folder 0700), durable when this resolves, and gives the key.
 * @param path absolute, outside the data folder. @param key given when it comes out of a recovery kit; else 32 random bytes.
 * @throws ArchiveError `key/root-exists` (caller): a root key is never overwritten; `key/store-failed` (environment).
 */
export async function createRootKey(path: string, p: Primitives, options: { key?: Uint8Array; fs?: FileSystem } = {}): Promise<Uint8Array> {
  const fs = options.fs ?? nodeFileSystem;
  const key = options.key?.slice() ?? p.random(KEY_LENGTH);
  try {
    await writeKeyFile(fs, path, formatRootFile(p, { form: 'plain', key }));
  } catch (error) {
    if (findFileErrorCode(error) === 'EEXIST') throw new ArchiveError('key/root-exists', 'caller');
    return await translateFailure(() => Promise.reject(error));
  }
  return key;
}

/**
 * Reads the file of a root key, whatever its form.
 * @throws ArchiveError `key/root-missing`, `key/mode-too-wide`, `key/store-failed` (environment), `key/root-malformed` (corruption).
 */
export async function readRootFile(path: string, p: Primitives, fs: FileSystem = nodeFileSystem): Promise<RootFile> {
  return await translateFailure(async () => {
    if (!(await fs.findStatus(path))) throw new ArchiveError('key/root-missing', 'environment');
    await checkPrivate(fs, path, 'root-key');
    const file = findRootFile(p, new TextDecoder().decode(await fs.read(path)));
    if (!file) throw new ArchiveError('key/root-malformed', 'corruption');
    return file;
  });
}

/**
 * Reads a root key that lies in its file as it is.
 * @throws ArchiveError as {@link readRootFile}, and `key/root-protected` (caller) when it is behind a passphrase or split.
 */
export async function readRootKey(path: string, p: Primitives, fs: FileSystem = nodeFileSystem): Promise<Uint8Array> {
  const file = await readRootFile(path, p, fs);
  if (file.form !== 'plain') throw new ArchiveError('key/root-protected', 'caller', { form: file.form });
  return file.key;
}

/**
 * Gives a root key another form: the new file lies whole beside the old one, flushed, before it takes its name.
 * CRASH: before the rename the old form counts, after it the new one; both hold the same key.
 */
export async function replaceRootFile(path: string, p: Primitives, file: RootFile, fs: FileSystem = nodeFileSystem): Promise<void> {
  await translateFailure(async () => {
    const beside = `${path}.form`;
    if (await fs.findStatus(beside)) await fs.remove(beside);
    await writeKeyFile(fs, beside, formatRootFile(p, file));
    await fs.rename(beside, path);
    await fs.syncFolder(folderOf(path));
  });
}

const nextPath = (path: string): string => `${path}.next`;

/**
 * Gives a key store a new root key, and its file the new key; goes on with a replacement that was interrupted.
 * CRASH: the new key lies in `<path>.next` before anything is wrapped under it; {@link readRootKeys} gives both, and one of them opens the store.
 */
export async function replaceRootKey(store: KeyStore, path: string, p: Primitives, fs: FileSystem = nodeFileSystem): Promise<Uint8Array> {
  const isBegun = (await fs.findStatus(nextPath(path))) !== null;
  const key = isBegun ? await readRootKey(nextPath(path), p, fs) : await createRootKey(nextPath(path), p, { fs });
  await store.renew({ root: new SoftRootKey(p, key) });
  await translateFailure(() => fs.rename(nextPath(path), path));
  await translateFailure(() => fs.syncFolder(folderOf(path)));
  return key;
}

/** The root keys that may open a store: the current one, and the next one when replacing it was interrupted. Try them in this order. */
export async function readRootKeys(path: string, p: Primitives, fs: FileSystem = nodeFileSystem): Promise<Uint8Array[]> {
  const keys = [await readRootKey(path, p, fs)];
  if (await fs.findStatus(nextPath(path))) keys.push(await readRootKey(nextPath(path), p, fs));
  return keys;
}

/** Like {@link readRootKeys}, at once, for a store whose root key another process replaced; empty when none lies there as it is. */
export function findRootKeysSync(path: string, p: Primitives, fs: FileSystem = nodeFileSystem): Uint8Array[] {
  return [path, nextPath(path)].flatMap((each) => {
    const status = fs.findStatusSync(each);
    const file = status && findRootFile(p, new TextDecoder().decode(fs.readRangeSync(each, 0, status.lengthBytes)));
    return file?.form === 'plain' ? [file.key] : [];
  });
}
