import { randomInt } from 'node:crypto';
import { ArchiveError } from '@lantai/values';
import { hash, verify } from '@node-rs/argon2';

/** argon2id with OWASP's first choice: 19 MiB, two passes, one lane. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const LENGTH_MIN = 10;
const LENGTH_MAX = 256;

/** Letters and digits that are not mistaken for each other on paper. */
const PRINTED = 'abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY346789';

/** A password for a slip of paper: four groups of four, 91 bits. */
export function makePassword(): string {
  return Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => PRINTED[randomInt(PRINTED.length)]).join('')).join('-');
}

/** @throws ArchiveError `password/too-short`, `password/too-long`, `password/too-plain` (caller) */
export async function hashPassword(password: string): Promise<string> {
  const folded = password.normalize('NFKC');
  if ([...folded].length < LENGTH_MIN) throw new ArchiveError('password/too-short', 'caller', { min: LENGTH_MIN });
  if (folded.length > LENGTH_MAX) throw new ArchiveError('password/too-long', 'caller', { max: LENGTH_MAX });
  if (new Set(folded).size < 5) throw new ArchiveError('password/too-plain', 'caller');
  return hash(folded, ARGON2ID);
}

/** Whether the password is the account's. Takes as long for an account that does not exist (give `null`). */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  const folded = password.normalize('NFKC').slice(0, LENGTH_MAX);
  if (stored === null) {
    await hash(folded, ARGON2ID);
    return false;
  }
  return verify(stored, folded);
}
