import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnchorProof, anchorRetryMs, findAnchorProof, findAnchors, formatAnchors } from './index.ts';

const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => `0x${Buffer.from(b).toString('hex')}`);
const proof: fc.Arbitrary<AnchorProof> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 60 }).map((b) => ({ kind: 'rfc3161' as const, token: Buffer.from(b).toString('base64') })),
  fc.record({
    kind: fc.constant('evm' as const),
    chainId: fc.nat(),
    contract: hex(20),
    sender: hex(20),
    blockNumber: fc.nat(),
    blockHash: hex(32),
    transactionHash: hex(32),
  }),
);
const note = fc
  .nat()
  .map((size) => `log.example/a\n${size}\n${Buffer.alloc(32, size).toString('base64')}\n\n\u2014 log.example/a AAAAAAAA\n`);

describe('a file of anchors', () => {
  it('parses back to what was written', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ note, anchors: fc.array(proof, { maxLength: 3 }) }), { maxLength: 3 }), (checkpoints) => {
        expect(findAnchors(formatAnchors(checkpoints))).toEqual(checkpoints);
      }),
    );
  });

  it('is none when a part is missing, of another form, or no checkpoint', () => {
    const good = { note: fc.sample(note, 1)[0]!, anchors: fc.sample(proof, 3) };
    const whole = { format: 'lantai-anchors-1', checkpoints: [good] };
    expect(findAnchors(JSON.stringify(whole))).not.toBeNull();
    const bad: unknown[] = [
      null,
      [],
      { ...whole, format: 'lantai-anchors-2' },
      { ...whole, checkpoints: {} },
      { ...whole, checkpoints: [null] },
      { ...whole, checkpoints: [{ ...good, note: 'text' }] },
      { ...whole, checkpoints: [{ ...good, note: good.note.replace('log.example/a\n', '\n') }] },
      { ...whole, checkpoints: [{ ...good, anchors: [{ kind: 'fax' }] }] },
    ];
    for (const value of bad) expect(findAnchors(JSON.stringify(value)), JSON.stringify(value)).toBeNull();
    expect(findAnchors('{')).toBeNull();
  });

  it('takes no proof with a field that is missing or longer than it should be', () => {
    fc.assert(
      fc.property(proof, fc.nat(), (whole, at) => {
        expect(findAnchorProof(whole)).toEqual(whole);
        const keys = Object.keys(whole);
        const key = keys[at % keys.length]!;
        expect(findAnchorProof({ ...whole, [key]: undefined })).toBeNull();
        expect(findAnchorProof({ ...whole, [key]: `${String((whole as unknown as Record<string, unknown>)[key])}0 ` })).toBeNull();
      }),
    );
  });
});

describe('waiting for a provider that fails', () => {
  it('doubles up to six hours and never ends', () => {
    expect([1, 2, 3, 4].map((n) => anchorRetryMs(n) / 60_000)).toEqual([1, 2, 4, 8]);
    for (const n of [10, 30, 1000]) expect(anchorRetryMs(n)).toBe(6 * 3_600_000);
  });
});
