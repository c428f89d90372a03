import { createPrivateKey, createPublicKey } from 'node:crypto';
import { createNoteSigner, type NoteSigner } from '@lantai/log';
import { PURPOSE, type Sealer } from './sealer.ts';

/** PKCS #8 around an Ed25519 seed. Source: RFC 8410 section 7. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The signer of the log's checkpoints. Its key hangs on the root key, like every other, and lies in no database. */
export function openLogSigner(sealer: Sealer, origin: string): NoteSigner {
  const seed = sealer.subkey({ kind: 'purpose', id: PURPOSE.logSigner }, 'lantai/log-signer/v1');
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  return createNoteSigner(sealer.primitives, {
    name: origin,
    algorithm: 'ed25519',
    privateKey: seed,
    publicKey: Buffer.from(jwk.x ?? '', 'base64url'),
  });
}
