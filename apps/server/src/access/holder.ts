import { utf8 } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { ACCOUNT_KEY } from './account-rows.ts';

/** Keyed token of the number of the person behind an account: equal for equal numbers, naming nobody. 32 bytes. */
export function holderToken({ sealer }: Pick<Archive, 'sealer'>, number: string): Uint8Array {
  const folded = number.normalize('NFKC').trim().toUpperCase();
  return sealer.primitives.hmac('sha256', sealer.subkey(ACCOUNT_KEY, 'lantai/account-holder/v1'), utf8(folded));
}
