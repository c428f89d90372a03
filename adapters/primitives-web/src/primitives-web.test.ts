import { nodePrimitives } from '@lantai/primitives-node';
import { findHex, formatHex, utf8 } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../test/vectors/receipt/receipt-vectors.json' with { type: 'json' };
import { verifyReceiptInBrowser, webPrimitives } from './index.ts';
import { sm3 } from './sm3.ts';

const bytesOf = (hex: string) => Uint8Array.from(findHex(hex)!);

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

  it('give SM3 as the annex of GB/T 32905 and the server do, at every length around a block', () => {
    expect(formatHex(sm3(utf8('abc')))).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0');
    expect(formatHex(sm3(utf8('abcd'.repeat(16))))).toBe('debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732');
    for (let length = 0; length < 200; length++) {
      const message = Uint8Array.from({ length }, (_, i) => 255 - i);
      expect(sm3(message.subarray(0, length >> 1), message.subarray(length >> 1))).toEqual(
        Uint8Array.from(nodePrimitives.hash('sm3', message)),
      );
    }
  });

  it('verify SM2 as annex A of GB/T 32918.5 signs it, and as the server does, right and wrong', () => {
    const publicKey = bytesOf(
      '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
    );
    const example = bytesOf(
      'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
    );
    expect(webPrimitives.verify('sm2', publicKey, utf8('message digest'), example)).toBe(true);
    expect(webPrimitives.verify('sm2', publicKey, utf8('message digesu'), example)).toBe(false);
    const pair = nodePrimitives.generateSigner('sm2');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), (message, at) => {
        const signature = Uint8Array.from(nodePrimitives.sign('sm2', pair.privateKey, message));
        expect(webPrimitives.verify('sm2', pair.publicKey, message, signature)).toBe(true);
        signature[at % 64]! ^= 1 << (at % 8);
        expect(webPrimitives.verify('sm2', pair.publicKey, message, signature)).toBe(false);
        expect(webPrimitives.verify('sm2', publicKey, message, signature)).toBe(false);
      }),
      { numRuns: 12 },
    );
  });

  it('answer false, never throw, for malformed keys and signatures', () => {
    const message = new Uint8Array(3);
    for (const key of [new Uint8Array(0), new Uint8Array(31), new Uint8Array(32).fill(0xff), new Uint8Array(33)])
      for (const signature of [new Uint8Array(0), new Uint8Array(64), new Uint8Array(64).fill(0xff)])
        expect(webPrimitives.verify('ed25519', key, message, signature)).toBe(false);
    const { publicKey } = nodePrimitives.generateSigner('sm2');
    for (const key of [new Uint8Array(0), new Uint8Array(65), new Uint8Array(65).fill(4), publicKey.slice(1), publicKey])
      for (const signature of [new Uint8Array(0), new Uint8Array(64), new Uint8Array(64).fill(0xff), new Uint8Array(65).fill(1)])
        expect(webPrimitives.verify('sm2', key, message, signature)).toBe(false);
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
