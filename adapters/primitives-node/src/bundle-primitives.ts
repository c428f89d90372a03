import { createHash } from 'node:crypto';
import type { BundlePrimitives } from '@lantai/bundle';
import { nodePrimitives as p } from './node-primitives.ts';

/** What the check of a bundle needs: the cryptography of receipts, and a SHA-256 that files of any size stream through. */
export const nodeBundlePrimitives: BundlePrimitives = {
  hash: (alg, ...parts) => p.hash(alg, ...parts),
  hmac: (alg, key, ...parts) => p.hmac(alg, key, ...parts),
  verify: (alg, publicKey, message, signature) => p.verify(alg, publicKey, message, signature),
  startSha256: () => {
    const hash = createHash('sha256');
    return { update: (piece) => void hash.update(piece), digest: () => new Uint8Array(hash.digest()) };
  },
};
