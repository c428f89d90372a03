import { normaliseIdNumber, utf8 } from '@lantai/values';
import type { Sealer } from '../archive/index.ts';

/** Keyed token of a whole ID number inside one fonds: found by exact value only. 32 bytes. */
export function idNumberToken(sealer: Sealer, fondsId: string, idNumber: string): Uint8Array {
  const key = sealer.subkey({ kind: 'fonds', id: fondsId }, 'lantai/id-number/v1');
  return sealer.primitives.hmac('sha256', key, utf8(normaliseIdNumber(idNumber)));
}
