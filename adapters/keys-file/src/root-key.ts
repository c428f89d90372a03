import { makeFolderDurably, nodeFileSystem } from '@lantai/disk';
import { ArchiveError, equalBytes, findHex, formatHex, utf8 } from '@lantai/values';
import { type FileSystem, findFileErrorCode, type KeyStore, type Primitives } from '@lantai/vault';
import { translateFailure } from './key-file-errors.ts';
import { checkPrivate } from './key-places.ts';

const KEY_LENGTH = 32;
const FIRST_LINE = 'lantai root key v1';
const CHECK_LENGTH = 4;

/** First bytes of a digest, to notice a file that was cut or mistyped. */
const checkOf = (p: Primitives, key: Uint8Array): Uint8Array => p.hash('sha256', utf8(FIRST_LINE), key).subarray(0, CHECK_LENGTH);

/** Eight hexadecimal digits that name a root key without telling anything of it: printed on the recovery kit and shown by health. */
export function rootKeyName(p: Primitives, rootKey: Uint8Array): string {
  return formatHex(p.hmac('sha256', rootKey, utf8('lantai/root-key-name/v1')).subarray(0, 4));
}

async function writeKeyFile(fs: FileSystem, path: string, text: string): Promise<void> {
  const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || '/';
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

const formatKeyFile = (p: Primitives, key: Uint8Array): string => `${FIRST_LINE}\n${formatHex(key)}\n${formatHex(checkOf(p, key))}\n`;

/**
 * Makes a root key and its file (three lines of text, mode 0600, its folder 0700), durable when this resolves, and gives the key.
 * @param path absolute, outside the data folder. @param key given when it comes out of a recovery kit; else 32 random bytes.
 * @throws ArchiveError `key/root-exists` (caller): a root key is never overwritten; `key/store-failed` (environment).
 */
export async function createRootKey(path: string, p: Primitives, options: { key?: Uint8Array; fs?: FileSystem } = {}): Promise<Uint8Array> {
  const fs = options.fs ?? nodeFileSystem;
  const key = options.key?.slice() ?? p.random(KEY_LENGTH);
  try {
    await writeKeyFile(fs, path, formatKeyFile(p, key));
  } catch (error) {
    if (findFileErrorCode(error) === 'EEXIST') throw new ArchiveError('key/root-exists', 'caller');
    return await translateFailure(() => Promise.reject(error));
  }
  return key;
}

/**
 * Reads a root key.
 * @throws ArchiveError `key/root-missing`, `key/mode-too-wide`, `key/store-failed` (environment), `key/root-malformed` (corruption).
 */
export async function readRootKey(path: string, p: Primitives, fs: FileSystem = nodeFileSystem): Promise<Uint8Array> {
  return await translateFailure(async () => {
    if (!(await fs.findStatus(path))) throw new ArchiveError('key/root-missing', 'environment');
    await checkPrivate(fs, path, 'root-key');
    const [first, keyText, checkText] = new TextDecoder().decode(await fs.read(path)).split('\n');
    const key = findHex(keyText ?? '');
    const check = findHex(checkText ?? '');
    if (first !== FIRST_LINE || key?.length !== KEY_LENGTH || !check || !equalBytes(check, checkOf(p, key))) {
      throw new ArchiveError('key/root-malformed', 'corruption');
    }
    return key;
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
  await store.rewrapRoot(key);
  await translateFailure(() => fs.rename(nextPath(path), path));
  await translateFailure(() => fs.syncFolder(path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || '/'));
  return key;
}

/** The root keys that may open a store: the current one, and the next one when replacing it was interrupted. Try them in this order. */
export async function readRootKeys(path: string, p: Primitives, fs: FileSystem = nodeFileSystem): Promise<Uint8Array[]> {
  const keys = [await readRootKey(path, p, fs)];
  if (await fs.findStatus(nextPath(path))) keys.push(await readRootKey(nextPath(path), p, fs));
  return keys;
}
