import { createPrivateKey, createPublicKey } from 'node:crypto';
import { createNoteSigner, type NoteSigner } from '@lantai/log';
import { sm2PublicKey } from '@lantai/primitives-node';
import { PURPOSE, type Sealer } from './sealer.ts';

/** PKCS #8 around an Ed25519 seed. Source: RFC 8410 section 7. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const KEY = { kind: 'purpose', id: PURPOSE.logSigner } as const;

/**
 * Who signs the log's checkpoints, a line each: Ed25519 first, then SM2, both named as the origin. Their keys hang on the root key, like
 * every other, and lie in no database.
 */
export function openLogSigners(sealer: Sealer, origin: string): readonly [NoteSigner, NoteSigner] {
  return [openEd25519Signer(sealer, origin), openSm2Signer(sealer, origin)];
}

function openEd25519Signer(sealer: Sealer, origin: string): NoteSigner {
  const seed = sealer.subkey(KEY, 'lantai/log-signer/v1');
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  return createNoteSigner(sealer.primitives, {
    name: origin,
    algorithm: 'ed25519',
    privateKey: seed,
    publicKey: Buffer.from(jwk.x ?? '', 'base64url'),
  });
}

/** The first derived number that lies in 1 … n−2, as GB/T 32918.1 asks; one in 2^32 does not, and the next is taken. */
function openSm2Signer(sealer: Sealer, origin: string): NoteSigner {
  for (let attempt = 1; ; attempt++) {
    const privateKey = sealer.subkey(KEY, `lantai/log-signer-sm2/v1/${attempt}`);
    const publicKey = sm2PublicKey(privateKey);
    if (publicKey) return createNoteSigner(sealer.primitives, { name: origin, algorithm: 'sm2', privateKey, publicKey });
  }
}
