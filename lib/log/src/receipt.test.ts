import { nodePrimitives as p } from '@lantai/primitives-node';
import { findHex } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../test/vectors/receipt/receipt-vectors.json' with { type: 'json' };
import { contentCommitment, formatReceipt, parseReceipt, type ReceiptVerdict, verifyReceipt } from './index.ts';

const files = { right: findHex(vectors.files.right)!, wrong: findHex(vectors.files.wrong)! };
const failedOf = (verdict: ReceiptVerdict) =>
  Object.fromEntries(verdict.checks.filter((c) => c.outcome === 'failed').map((c) => [c.name, c.reason]));

describe('receipts', () => {
  for (const vector of vectors.vectors) {
    it(`are judged as the vectors say: ${vector.name}`, () => {
      const file = vector.file as keyof typeof files | undefined;
      const question = { receiptText: vector.receipt, logKeys: vector.keys ?? [vectors.logKey] };
      const verdict = verifyReceipt(p, file ? { ...question, fileBytes: files[file] } : question);
      expect(failedOf(verdict)).toEqual(vector.failed);
      expect([verdict.isValid, verdict.isFileProved]).toEqual([vector.isValid, vector.isFileProved]);
      expect(verdict.checks.map((c) => c.name)).toEqual(['keys', 'form', 'checkpoint', 'entry', 'inclusion', 'file']);
      if (!file) return;
      const hashed = verifyReceipt(p, { ...question, fileSha256: p.hash('sha256', files[file]) });
      expect(hashed).toEqual(verdict);
    });
  }

  const [good] = vectors.vectors;
  const question = { receiptText: good!.receipt, logKeys: [vectors.logKey], fileBytes: files.right };

  it('prove nothing of the file after a change of any character, and never throw', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string({ minLength: 1, maxLength: 2 }), (at, replacement) => {
        const i = at % question.receiptText.length;
        const text = question.receiptText.slice(0, i) + replacement + question.receiptText.slice(i + 1);
        fc.pre(text !== question.receiptText);
        expect(verifyReceipt(p, { ...question, receiptText: text }).isFileProved).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it('prove nothing after being cut or given any noise', () => {
    for (let i = 0; i < question.receiptText.length; i += 7)
      expect(verifyReceipt(p, { ...question, receiptText: question.receiptText.slice(0, i) }).isValid).toBe(false);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'binary' }), (noise, key) => {
        expect(verifyReceipt(p, { receiptText: noise, logKeys: [key] }).isValid).toBe(false);
        expect(verifyReceipt(p, { receiptText: `c2sp.org/tlog-proof@v1\nextra ${noise}\nindex 1\n\n${key}`, logKeys: [key] }).isValid).toBe(
          false,
        );
      }),
    );
    expect(verifyReceipt(p, { ...question, receiptText: 'x'.repeat(1_000_001) }).isValid).toBe(false);
  });

  it('compare the digest that was given beside the bytes', () => {
    const wrong = p.hash('sha256', files.wrong);
    expect(verifyReceipt(p, { ...question, fileSha256: wrong }).isFileProved).toBe(false);
    expect(verifyReceipt(p, { ...question, fileSha256: p.hash('sha256', files.right) }).isFileProved).toBe(true);
  });

  it('parse back to what was formatted', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const receipts = fc.record(
      {
        entryBytes: fc.string().map((text) => new TextEncoder().encode(text)),
        salt: bytes(32),
        position: fc.maxSafeNat(),
        proof: fc.array(bytes(32), { maxLength: 60 }),
        checkpointNote: fc.string(),
      },
      { requiredKeys: ['entryBytes', 'position', 'proof', 'checkpointNote'] },
    );
    fc.assert(fc.property(receipts, (receipt) => void expect(parseReceipt(formatReceipt(receipt))).toEqual(receipt)));
  });
});

describe('content commitments', () => {
  const hmac = (key: Uint8Array, ...parts: Uint8Array[]) => p.hmac('sha256', key, ...parts);
  it('differ with the salt and with the file, and are the same again for both the same', () => {
    const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(digest, digest, digest, (salt, otherSalt, file) => {
        expect(contentCommitment(hmac, salt, file)).toEqual(contentCommitment(hmac, salt.slice(), file.slice()));
        fc.pre(Buffer.compare(salt, otherSalt) !== 0 && Buffer.compare(salt, file) !== 0);
        expect(contentCommitment(hmac, otherSalt, file)).not.toEqual(contentCommitment(hmac, salt, file));
        expect(contentCommitment(hmac, salt, otherSalt)).not.toEqual(contentCommitment(hmac, salt, file));
      }),
    );
    expect(() => contentCommitment(hmac, new Uint8Array(31), new Uint8Array(32))).toThrow('32 bytes');
  });
});
