import { equalBytes, findHex, formatHex, utf8 } from '@lantai/values';
import { deriveKey, type Primitives, rootKeyName, type ShareSet, WRAP_LABEL } from '@lantai/vault';

// docs/spec/root-key.md: the file of a root key, in its three forms.

/** How hard a passphrase is to guess: memory in KiB, passes over it. One lane. */
export interface PassphraseCost {
  readonly memoryKib: number;
  readonly passes: number;
}

/** Argon2id: 32 bytes out of a passphrase and a salt. Handed in: RFC 9106 is not a matter of this package. */
export type StretchPassphrase = (passphrase: string, salt: Uint8Array, cost: PassphraseCost) => Promise<Uint8Array>;

/** 256 MiB, 4 passes: a second or so once at start. */
export const PASSPHRASE_COST: PassphraseCost = { memoryKib: 262_144, passes: 4 };
/** Less is no protection, more than this machine has stops it: what a file may ask for. */
const COST_LIMITS = { memoryKib: [65_536, 4_194_304], passes: [1, 64] } as const;
/** Characters a passphrase has at least. It is guessed at offline, by whoever has the file. */
export const PASSPHRASE_CHARACTERS_MIN = 12;

/** What the file of a root key holds. */
export type RootFile =
  | { readonly form: 'plain'; readonly key: Uint8Array }
  | {
      readonly form: 'passphrase';
      readonly name: string;
      readonly cost: PassphraseCost;
      readonly salt: Uint8Array;
      readonly wrapped: Uint8Array;
    }
  | { readonly form: 'shares'; readonly name: string; readonly set: ShareSet };

const FIRST_LINE = {
  plain: 'lantai root key v1',
  passphrase: 'lantai root key v1 passphrase',
  shares: 'lantai root key v1 shares',
} as const;
const KEY_LENGTH = 32;
const CHECK_LENGTH = 4;
const SALT_LENGTH = 16;

/** First bytes of a digest, to notice a file that was cut or mistyped. */
const checkOf = (p: Primitives, first: string, body: Uint8Array): string =>
  formatHex(p.hash('sha256', utf8(first), body).subarray(0, CHECK_LENGTH));

/** The text of a root key's file. The last line is a check of all before it. */
export function formatRootFile(p: Primitives, file: RootFile): string {
  const first = FIRST_LINE[file.form];
  if (file.form === 'plain') return `${first}\n${formatHex(file.key)}\n${checkOf(p, first, file.key)}\n`;
  const lines =
    file.form === 'passphrase'
      ? [file.name, `argon2id ${file.cost.memoryKib} ${file.cost.passes}`, formatHex(file.salt), formatHex(file.wrapped)]
      : [file.name, `${formatHex(file.set.set)} ${file.set.needed} ${file.set.count}`, ...file.set.commitments.map(formatHex)];
  return `${[first, ...lines, checkOf(p, first, utf8(lines.join('\n')))].join('\n')}\n`;
}

/** Reads the text of a root key's file; null when it is none, or was altered. */
export function findRootFile(p: Primitives, text: string): RootFile | null {
  const [first, ...rest] = text.trimEnd().split('\n');
  const lines = rest.slice(0, -1);
  const check = rest.at(-1) ?? '';
  if (first === FIRST_LINE.plain) {
    const key = findHex(lines[0] ?? '');
    return key?.length === KEY_LENGTH && lines.length === 1 && check === checkOf(p, first, key) ? { form: 'plain', key } : null;
  }
  if (check !== checkOf(p, first ?? '', utf8(lines.join('\n')))) return null;
  const [name = '', second = '', ...more] = lines;
  if (!/^[0-9a-f]{8}$/.test(name)) return null;
  if (first === FIRST_LINE.passphrase) return readPassphrase(name, second, more);
  if (first === FIRST_LINE.shares) return readShares(name, second, more);
  return null;
}

function readPassphrase(name: string, second: string, more: readonly string[]): RootFile | null {
  const found = /^argon2id (\d{1,9}) (\d{1,3})$/.exec(second);
  const [salt, wrapped] = more.map(findHex);
  if (!found || more.length !== 2 || salt?.length !== SALT_LENGTH || wrapped?.length !== KEY_LENGTH + 8) return null;
  const cost = { memoryKib: Number(found[1]), passes: Number(found[2]) };
  const isIn = (value: number, [least, most]: readonly [number, number]) => value >= least && value <= most;
  if (!isIn(cost.memoryKib, COST_LIMITS.memoryKib) || !isIn(cost.passes, COST_LIMITS.passes)) return null;
  return { form: 'passphrase', name, cost, salt, wrapped };
}

function readShares(name: string, second: string, more: readonly string[]): RootFile | null {
  const found = /^([0-9a-f]{8}) (\d{1,2}) (\d{1,2})$/.exec(second);
  const commitments = more.map(findHex);
  if (!found || commitments.length !== Number(found[3])) return null;
  if (!commitments.every((c): c is Uint8Array => c?.length === 16)) return null;
  const set = { set: findHex(found[1]!)!, needed: Number(found[2]), count: Number(found[3]), commitments };
  return { form: 'shares', name, set };
}

/** Puts a root key behind a passphrase: wrapped under what Argon2id makes of it. */
export async function lockRootKey(
  p: Primitives,
  key: Uint8Array,
  passphrase: string,
  stretch: StretchPassphrase,
  cost: PassphraseCost = PASSPHRASE_COST,
): Promise<RootFile> {
  const salt = p.random(SALT_LENGTH);
  const wrapped = p.wrapKey('intl', await kekOf(p, passphrase, salt, cost, stretch), key);
  return { form: 'passphrase', name: rootKeyName(p, key), cost, salt, wrapped };
}

/** The root key behind a passphrase; null when that is another one. */
export async function unlockRootKey(
  p: Primitives,
  file: Extract<RootFile, { form: 'passphrase' }>,
  passphrase: string,
  stretch: StretchPassphrase,
): Promise<Uint8Array | null> {
  const key = p.unwrapKey('intl', await kekOf(p, passphrase, file.salt, file.cost, stretch), file.wrapped);
  return key && equalBytes(utf8(rootKeyName(p, key)), utf8(file.name)) ? key : null;
}

/** NFC and no line end: the same characters typed on another keyboard, or piped out of a file, are the same passphrase. */
async function kekOf(
  p: Primitives,
  passphrase: string,
  salt: Uint8Array,
  cost: PassphraseCost,
  stretch: StretchPassphrase,
): Promise<Uint8Array> {
  const stretched = await stretch(passphrase.normalize('NFC').replace(/\r?\n$/, ''), salt, cost);
  return deriveKey(p, stretched, WRAP_LABEL);
}
