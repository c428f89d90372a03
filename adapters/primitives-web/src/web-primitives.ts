import type { LogPrimitives } from '@lantai/log';
import { ed25519 } from '@noble/curves/ed25519.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { isSm2SignatureInBrowser } from './sm2-verify.ts';

/**
 * What a verifier needs, in plain JavaScript: the same answer in every browser, worker and offline page, also where WebCrypto is
 * withheld (pages not served over HTTPS) or has no Ed25519.
 */
export const webPrimitives: LogPrimitives = {
  hash(_, ...parts) {
    const digest = sha256.create();
    for (const part of parts) digest.update(part);
    return digest.digest();
  },
  hmac(_, key, ...parts) {
    const mac = hmac.create(sha256, key);
    for (const part of parts) mac.update(part);
    return mac.digest();
  },
  verify(alg, publicKey, message, signature) {
    if (alg === 'sm2') return isSm2SignatureInBrowser(publicKey, message, signature);
    if (alg !== 'ed25519' || publicKey.length !== 32 || signature.length !== 64) return false;
    try {
      // RFC 8032 to the letter, not ZIP 215, so that browser and server never disagree about a signature.
      return ed25519.verify(signature, message, publicKey, { zip215: false });
    } catch {
      // noble throws for a key that is no point of the curve: an expected outcome for a key from outside.
      return false;
    }
  },
};
