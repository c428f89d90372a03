import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  createKeyFileStore,
  createRootKey,
  findPlaceProblems,
  findRootKeysSync,
  formatRecoveryKit,
  KEY_FILE_NAME,
  KeyFileStore,
  openKeyFileStore,
  parseRecoveryKit,
  readRootFile,
  readRootKey,
  readRootKeys,
  restoreKeyFile,
} from '@lantai/keys-file';
import { nodePrimitives } from '@lantai/primitives-node';
import { ArchiveError, type Finding, isArchiveError } from '@lantai/values';
import { type KeyStore, type Primitives, SoftRootKey, type SuiteId } from '@lantai/vault';
import type { Config } from '../config.ts';
import { openRootKey } from './root-secret.ts';

/** Where the keys of an archive lie: the root key, and the store twice. Never inside the data folder. */
const placesOf = (config: Config) => ({
  rootKeyFile: join(config.keyFolder, 'root.key'),
  folder: join(config.keyFolder, 'store'),
  copyFolder: join(config.keyFolder, 'copy'),
});

/** Makes root key and store, or opens those that an earlier set-up, cut off, has made. */
export async function createKeys(config: Config, p: Primitives, suite: SuiteId): Promise<{ keys: KeyStore; recoveryKit: string[] }> {
  const at = placesOf(config);
  mkdirSync(config.keyFolder, { recursive: true, mode: 0o700 });
  // CRASH: a root key without a store is used by the next set-up.
  const rootKey = existsSync(at.rootKeyFile) ? await readRootKey(at.rootKeyFile, p) : await createRootKey(at.rootKeyFile, p);
  const options = { ...at, rootKey, p };
  const keys = existsSync(join(at.folder, KEY_FILE_NAME))
    ? await openKeyFileStore(options)
    : await createKeyFileStore({ ...options, suite });
  return { keys, recoveryKit: formatRecoveryKit(rootKey) };
}

/** Opens the key store of an archive. @throws ArchiveError `key/…` as `openKeyFileStore` and `readRootKeys` say */
export async function openKeys(config: Config, p: Primitives): Promise<KeyStore> {
  const at = placesOf(config);
  const { form } = await readRootFile(at.rootKeyFile, p);
  if (form !== 'plain') return openKeyFileStore({ ...at, rootKey: await openRootKey(config, at.rootKeyFile, p), p });
  const findOtherRoots = () => findRootKeysSync(at.rootKeyFile, p).map((key) => new SoftRootKey(p, key));
  let failure: unknown;
  // Two keys only where replacing the root key was interrupted; one of them opens the store.
  for (const rootKey of await readRootKeys(at.rootKeyFile, p)) {
    try {
      return await openKeyFileStore({ ...at, rootKey, p, findOtherRoots });
    } catch (error) {
      if (!isArchiveError(error, 'key/root-mismatch')) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** Where the file of the root key lies. */
export const rootKeyPath = (config: Config): string => placesOf(config).rootKeyFile;

/** The root key as it lies open in its file. @throws ArchiveError `key/root-protected` (caller) when it does not */
export const readOwnRootFile = (config: Config): Promise<Uint8Array> => readRootKey(rootKeyPath(config), nodePrimitives);

/** The root key itself, for the recovery kit's question and for giving it another form. @throws ArchiveError as `openRootKey` says */
export const readOwnRootKey = (config: Config, p: Primitives): Promise<Uint8Array> => openRootKey(config, rootKeyPath(config), p);

/** What is unwise about where keys and data lie. */
export function findKeyPlaceProblems(config: Config): Promise<Finding[]> {
  const { folder, copyFolder } = placesOf(config);
  return findPlaceProblems({ keyFolder: folder, copyFolder, dataFolder: config.dataFolder });
}

/** What is unwise about where the keys lie, what the store had to mend since it was opened, and what it could not do. */
export async function findKeyProblems(config: Config, keys: KeyStore): Promise<Finding[]> {
  const ofStore = keys instanceof KeyFileStore ? keys.findings : [];
  return [...(await findKeyPlaceProblems(config)), ...ofStore];
}

/**
 * Puts a key backup into an empty key folder, with the root key out of its file or its recovery kit.
 * @throws ArchiveError `key/kit-wrong` (caller), `key/root-exists`, `key/store-exists` (caller), `key/store-corrupt` (corruption)
 */
export async function restoreKeys(
  config: Config,
  snapshot: Uint8Array,
  root: { readonly file: string } | { readonly kit: string },
): Promise<void> {
  const p = nodePrimitives;
  const at = placesOf(config);
  const rootKey = 'file' in root ? await openRootKey(config, root.file, p) : keyOfKit(root.kit);
  mkdirSync(config.keyFolder, { recursive: true, mode: 0o700 });
  await createRootKey(at.rootKeyFile, p, { key: rootKey });
  const store = await restoreKeyFile({ ...at, rootKey, p }, snapshot);
  await store.close();
}

function keyOfKit(typed: string): Uint8Array {
  const read = parseRecoveryKit(typed);
  if (read.kind === 'key') return read.key;
  throw new ArchiveError('key/kit-wrong', 'caller', { line: read.line, symbol: 'symbol' in read ? read.symbol : 0 });
}
