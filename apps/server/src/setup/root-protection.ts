import {
  formatShare,
  lockRootKey,
  PASSPHRASE_CHARACTERS_MIN,
  type RootFile,
  readRootFile,
  replaceRootFile,
  shareWords,
} from '@lantai/keys-file';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { ArchiveError } from '@lantai/values';
import { rootKeyName, type Share, type ShareSet, splitSecret } from '@lantai/vault';
import { type Archive, openByShares, readOwnRootKey, readShares, rootKeyPath, stretchPassphrase } from '../archive/index.ts';
import type { Config } from '../config.ts';
import { deskTx } from '../desk/index.ts';

/** How the root key is kept, without the key. */
export interface RootProtection {
  readonly form: RootFile['form'];
  /** Its public name, as on the recovery kit. */
  readonly name: string;
  /** Of a key that was split: how many shares there are, and how many open it. */
  readonly needed: number | null;
  readonly count: number | null;
}

/** Looks how the root key is kept. Asks nobody. @throws ArchiveError `key/root-…` as `readRootFile` says */
export async function findRootProtection(config: Config): Promise<RootProtection> {
  const file = await readRootFile(rootKeyPath(config), p);
  const name = file.form === 'plain' ? rootKeyName(p, file.key) : file.name;
  const set = file.form === 'shares' ? file.set : null;
  return { form: file.form, name, needed: set?.needed ?? null, count: set?.count ?? null };
}

/**
 * Puts the root key behind a passphrase, whatever form it had.
 * @throws ArchiveError `key/passphrase-short` (caller), and what opening the root key throws
 */
export async function protectByPassphrase(archive: Archive, passphrase: string): Promise<void> {
  if ([...passphrase.normalize('NFC')].length < PASSPHRASE_CHARACTERS_MIN) {
    throw new ArchiveError('key/passphrase-short', 'caller', { min: PASSPHRASE_CHARACTERS_MIN });
  }
  const key = await readOwnRootKey(archive.config, p);
  await changeForm(archive, await lockRootKey(p, key, passphrase, stretchPassphrase), { form: 'passphrase' });
}

/** Lays the root key open in its file again: what an archive is made with. Whoever reads the file has the archive. */
export async function unprotectRoot(archive: Archive): Promise<void> {
  await changeForm(archive, { form: 'plain', key: await readOwnRootKey(archive.config, p) }, { form: 'plain' });
}

/** One share as its sheet shows it. */
export interface ShareSheet {
  readonly number: number;
  readonly needed: number;
  readonly count: number;
  /** Public name of the root key. */
  readonly rootName: string;
  /** Eight hexadecimal digits that the shares made together have in common. */
  readonly set: string;
  readonly lines: readonly string[];
  readonly words: { readonly zh: readonly string[]; readonly en: readonly string[] };
}

/** Shares that were made and are not in force: the root key keeps its form until they were given back. */
export interface SplitRoot {
  readonly sheets: readonly ShareSheet[];
  readonly shares: readonly Share[];
  readonly set: ShareSet;
}

/** Splits the root key. Nothing is written. @throws ArchiveError `share/counts-impossible` (caller) */
export async function splitRoot(config: Config, counts: { needed: number; count: number }): Promise<SplitRoot> {
  const key = await readOwnRootKey(config, p);
  const { shares, set } = splitSecret(p, key, counts);
  const sheets = shares.map((share) => ({
    number: share.number,
    needed: share.needed,
    count: share.count,
    rootName: rootKeyName(p, key),
    set: Buffer.from(share.set).toString('hex'),
    lines: formatShare(share),
    words: { zh: shareWords(p, share, 'zh'), en: shareWords(p, share, 'en') },
  }));
  return { sheets, shares, set };
}

/**
 * Puts a split into force, once all its shares were typed back: from then on the root key lies in no file, and `needed` shares open it at each start.
 * INVARIANT: the whole key leaves the disk only after every share on paper was proved to be right.
 * @param typed all shares as typed back @throws ArchiveError `key/share-line-wrong`, `key/shares-wrong`, `key/shares-too-few` (caller)
 */
export async function confirmSplit(archive: Archive, split: SplitRoot, typed: string): Promise<void> {
  const given = readShares(typed);
  const key = openByShares(p, given, split.set);
  const missing = split.shares.find((share) => !given.some((one) => one.number === share.number));
  if (missing) throw new ArchiveError('key/share-not-given-back', 'caller', { number: missing.number });
  const { set } = split;
  const file = { form: 'shares', name: rootKeyName(p, key), set } as const;
  await changeForm(archive, file, { form: 'shares', needed: set.needed, count: set.count });
}

/** CRASH: between the entry and the file the old form still holds and opens as before; `lantai keys status` says which. */
async function changeForm(archive: Archive, file: RootFile, params: Record<string, string | number>): Promise<void> {
  await archive.db.tx((tx) =>
    deskTx(tx, archive, null, 'administration').log({ kind: 'root-key.protected', objectId: archive.identity.archiveId, params }),
  );
  await replaceRootFile(rootKeyPath(archive.config), p, file);
}
