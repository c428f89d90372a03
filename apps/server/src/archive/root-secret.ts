import { readFileSync, statSync } from 'node:fs';
import { parseShare, type RootFile, readRootFile, type StretchPassphrase, splitShareTexts, unlockRootKey } from '@lantai/keys-file';
import { ArchiveError } from '@lantai/values';
import { combineShares, type Primitives, type Share, type ShareSet } from '@lantai/vault';
import { hashRaw } from '@node-rs/argon2';
import type { Config, RootQuestion } from '../config.ts';

const OTHERS = 0o077;
const KEY_BYTES = 32;

/** Argon2id of RFC 9106 (the library's default kind), one lane. */
export const stretchPassphrase: StretchPassphrase = (passphrase, salt, { memoryKib, passes }) =>
  hashRaw(passphrase, {
    memoryCost: memoryKib,
    timeCost: passes,
    parallelism: 1,
    outputLen: KEY_BYTES,
    salt: Buffer.from(salt),
  });

/**
 * The bytes of a root key, whatever form its file has. Passphrase or shares come from where the configuration says, or from whoever sits there.
 * @throws ArchiveError `key/secret-needed` (caller: nobody to ask), `key/passphrase-wrong`, `key/share-…` (caller), and what `readRootFile` says
 */
export async function openRootKey(config: Config, path: string, p: Primitives): Promise<Uint8Array> {
  const file = await readRootFile(path, p);
  switch (file.form) {
    case 'plain':
      return file.key;
    case 'passphrase':
      return openByPassphrase(p, file, await askRootSecret(config, { form: 'passphrase' }));
    case 'shares': {
      const { needed, count } = file.set;
      return openByShares(p, readShares(await askRootSecret(config, { form: 'shares', needed, count })), file.set);
    }
  }
}

async function openByPassphrase(p: Primitives, file: Extract<RootFile, { form: 'passphrase' }>, text: string): Promise<Uint8Array> {
  const key = await unlockRootKey(p, file, text, stretchPassphrase);
  if (!key) throw new ArchiveError('key/passphrase-wrong', 'caller');
  return key;
}

/** Reads shares as typed, one after another. @throws ArchiveError `key/share-line-wrong` (caller) with the place among them, from 1, line and symbol */
export function readShares(text: string): Share[] {
  return splitShareTexts(text).map((one, i) => {
    const read = parseShare(one);
    if (read.kind === 'share') return read.share;
    throw new ArchiveError('key/share-line-wrong', 'caller', {
      place: i + 1,
      line: 'line' in read ? read.line : 0,
      symbol: 'symbol' in read ? read.symbol : 0,
    });
  });
}

/**
 * Puts shares together; a wrong one is named by its number.
 * @throws ArchiveError `key/shares-wrong`, `key/shares-do-not-fit`, `key/shares-too-few` (caller)
 */
export function openByShares(p: Primitives, shares: readonly Share[], set?: ShareSet): Uint8Array {
  const combined = combineShares(p, shares, set);
  switch (combined.kind) {
    case 'secret':
      return combined.secret;
    case 'too-few':
      throw new ArchiveError('key/shares-too-few', 'caller', { needed: combined.needed, given: combined.given });
    case 'wrong-shares':
      throw new ArchiveError('key/shares-wrong', 'caller', { numbers: combined.numbers.join(', ') });
    case 'wrong-somewhere':
      throw new ArchiveError('key/shares-do-not-fit', 'caller', { numbers: combined.numbers.join(', ') });
  }
}

/** What a pipe gave, which cannot be read twice. By the number of its descriptor. */
const readOnce = new Map<number, string>();

async function askRootSecret(config: Config, question: RootQuestion): Promise<string> {
  const { rootSecret } = config;
  if (rootSecret && 'fd' in rootSecret) {
    const text = readOnce.get(rootSecret.fd) ?? readFileSync(rootSecret.fd, 'utf8');
    readOnce.set(rootSecret.fd, text);
    return text;
  }
  if (rootSecret) {
    const mode = statSync(rootSecret.file, { throwIfNoEntry: false })?.mode;
    if (mode === undefined) throw new ArchiveError('key/secret-file-missing', 'environment');
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
      throw new ArchiveError('key/mode-too-wide', 'environment', {
        what: 'root-secret',
        mode: `0${(mode & 0o777).toString(8)}`,
        must: '0600',
      });
    }
    return readFileSync(rootSecret.file, 'utf8');
  }
  if (config.askRootSecret) return config.askRootSecret(question);
  throw new ArchiveError('key/secret-needed', 'caller', { form: question.form });
}
