import type { IndexCipher } from '@lantai/search';
import type { Sealer } from '../archive/index.ts';

const INDEX_LABEL = 'lantai/blind-index/v1';
const SM4_KEY_BYTES = 16;

/** The keyed part of the index of one fonds. Tokens of two fonds have nothing in common; destroying the fonds' key makes its tokens noise. */
export function indexCipher(sealer: Sealer, fondsId: string): IndexCipher {
  const p = sealer.primitives;
  const key = sealer.subkey({ kind: 'fonds', id: fondsId }, INDEX_LABEL);
  return sealer.tokenSuite === 'gm'
    ? {
        encryptBlocks: (blocks) => p.encryptBlocks(key.subarray(0, SM4_KEY_BYTES), blocks, 'sm4'),
        digest: (bytes) => p.hash('sm3', bytes),
      }
    : { encryptBlocks: (blocks) => p.encryptBlocks(key, blocks), digest: (bytes) => p.hash('sha256', bytes) };
}
