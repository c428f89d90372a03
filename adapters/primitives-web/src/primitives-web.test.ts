import { nodePrimitives } from '@lantai/primitives-node';
import { findHex } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../test/vectors/receipt/receipt-vectors.json' with { type: 'json' };
import { verifyReceiptInBrowser, webPrimitives } from './index.ts';

describe('the browser’s primitives', () => {
  it('give the digests and verdicts of the server’s', () => {
    const { privateKey, publicKey } = nodePrimitives.generateSigner('ed25519');
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), fc.uint8Array({ maxLength: 200 }), fc.nat(), (parts, key, at) => {
        expect(webPrimitives.hash('sha256', ...parts)).toEqual(Uint8Array.from(nodePrimitives.hash('sha256', ...parts)));
        expect(webPrimitives.hmac('sha256', key, ...parts)).toEqual(Uint8Array.from(nodePrimitives.hmac('sha256', key, ...parts)));
        const signature = Uint8Array.from(nodePrimitives.sign('ed25519', privateKey, key));
        expect(webPrimitives.verify('ed25519', publicKey, key, signature)).toBe(true);
        signature[at % 64]! ^= 1 << (at % 8);
        expect(webPrimitives.verify('ed25519', publicKey, key, signature)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it('answer false, never throw, for malformed keys and signatures and for algorithms not at hand', () => {
    const message = new Uint8Array(3);
    for (const key of [new Uint8Array(0), new Uint8Array(31), new Uint8Array(32).fill(0xff), new Uint8Array(33)])
      for (const signature of [new Uint8Array(0), new Uint8Array(64), new Uint8Array(64).fill(0xff)])
        expect(webPrimitives.verify('ed25519', key, message, signature)).toBe(false);
    expect(webPrimitives.verify('sm2', new Uint8Array(65), message, new Uint8Array(64))).toBe(false);
  });
});

describe('a receipt checked in the browser', () => {
  for (const vector of vectors.vectors) {
    it(`is judged as the vectors say: ${vector.name}`, async () => {
      const bytes = vector.file && Uint8Array.from(findHex(vectors.files[vector.file as 'right' | 'wrong'])!);
      const question = { receiptText: vector.receipt, logKeys: vector.keys ?? [vectors.logKey] };
      for (const file of bytes ? [bytes, new Blob([bytes])] : [undefined]) {
        const verdict = await verifyReceiptInBrowser({ ...question, ...(file ? { file } : {}) });
        const failed = verdict.checks.filter((c) => c.outcome === 'failed').map((c) => [c.name, c.reason]);
        expect(Object.fromEntries(failed)).toEqual(vector.failed);
        expect([verdict.isValid, verdict.isFileProved]).toEqual([vector.isValid, vector.isFileProved]);
      }
    });
  }
});
