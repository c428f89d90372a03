import { randomInt } from 'node:crypto';
import { ArchiveError } from '@lantai/values';
import { hash, verify } from '@node-rs/argon2';
import type { ZxcvbnFactory } from '@zxcvbn-ts/core';

/** argon2id with OWASP's first choice: 19 MiB, two passes, one lane. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const LENGTH_MIN = 12;
const LENGTH_MAX = 256;
/** A password that holds the account's name of so many characters is no secret of its own. */
const NAME_MIN = 4;
/** Fewer guesses than this, by somebody who knows what people choose, and the password is refused. */
const GUESSES_MIN = 1e8;
/** Passwords before the present one that are not taken again. */
export const FORMER_PASSWORDS = 5;

/** Stands where an account has no password: a directory made it, and nobody has given it one. No password verifies against it. */
export const NO_PASSWORD = 'none';

/** Letters and digits that are not mistaken for each other on paper. */
const PRINTED = 'abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY346789';

/** What people of this trade put into passwords, beside the 49,000 common ones that the estimator brings along. */
const TRADE_WORDS = [
  ...[
    'lantai',
    '兰台',
    'dangan',
    '档案',
    'danganju',
    '档案局',
    'renshi',
    '人事',
    'admin',
    'guanliyuan',
    '管理员',
    'mima',
    '密码',
    'kouling',
    '口令',
  ],
  ...[
    'woaini',
    '我爱你',
    '5201314',
    '1314520',
    'zhongguo',
    '中国',
    'beijing',
    '北京',
    'shanghai',
    '上海',
    'wodemima',
    'nihao',
    '你好',
    'zuguo',
    '祖国',
  ],
];

/** A password for a slip of paper: four groups of four, 91 bits. */
export function makePassword(): string {
  return Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => PRINTED[randomInt(PRINTED.length)]).join('')).join('-');
}

/** Length in characters; one of the Chinese, Japanese or Korean writing counts as two, as it is chosen among so many more. */
const weightOf = (text: string): number =>
  [...text].reduce((sum, char) => sum + (/[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(char) ? 2 : 1), 0);

let estimator: Promise<ZxcvbnFactory> | undefined;

/** Loaded at the first new password: its lists cost a tenth of a second, which no other start should pay. */
function loadEstimator(): Promise<ZxcvbnFactory> {
  estimator ??= Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')]).then(
    ([{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }]) =>
      // Beyond 64 characters nothing is estimated: the work grows with the square of the length.
      new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: 64 }),
  );
  return estimator;
}

/**
 * Refuses what is too short, too long or easily guessed. No network is asked.
 * @param words what an attacker knows of the account: its name
 * @throws ArchiveError `password/too-short`, `password/too-long`, `password/too-common` (caller)
 */
export async function checkNewPassword(password: string, words: readonly string[]): Promise<void> {
  const folded = password.normalize('NFKC');
  if (weightOf(folded) < LENGTH_MIN) throw new ArchiveError('password/too-short', 'caller', { min: LENGTH_MIN });
  if (folded.length > LENGTH_MAX) throw new ArchiveError('password/too-long', 'caller', { max: LENGTH_MAX });
  if (words.some((word) => word.length >= NAME_MIN && folded.toLowerCase().includes(word.toLowerCase())))
    throw new ArchiveError('password/too-common', 'caller');
  const { guesses } = (await loadEstimator()).check(folded, [...words, ...TRADE_WORDS]);
  if (guesses < GUESSES_MIN) throw new ArchiveError('password/too-common', 'caller');
}

/** The argon2id hash, with its parameters and salt in it. */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), ARGON2ID);

/** Whether the password is the account's. Takes as long for an account that does not exist (give `null`) or has none. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  const folded = password.normalize('NFKC');
  if (folded.length > LENGTH_MAX || stored === null || stored === NO_PASSWORD) {
    await hash(folded.slice(0, LENGTH_MAX), ARGON2ID);
    return false;
  }
  return verify(stored, folded);
}
