import type { AnchorProof } from '@lantai/log';
import { describe, expect, it } from 'vitest';
import vectors from '../../../../test/vectors/timestamp/tokens.json' with { type: 'json' };
import { timestampJudge } from './timestamp-judge.ts';

const checkpoint = { origin: vectors.origin, size: vectors.size, root: new Uint8Array(Buffer.from(vectors.root, 'base64')) };
const stamp = (name: string): AnchorProof => ({ kind: 'rfc3161', token: vectors.tokens.find((t) => t.name === name)!.token });
const hex = (bytes: number) => `0x${'ab'.repeat(bytes)}`;
const chain: AnchorProof = {
  kind: 'evm',
  chainId: 1,
  contract: hex(20),
  sender: hex(20),
  blockNumber: 1,
  blockHash: hex(32),
  transactionHash: hex(32),
};

describe('time-stamps of a bundle', () => {
  it('hold by the roots that are believed, for the checkpoint that was stamped, and else are wrong', async () => {
    const judge = timestampJudge(vectors.roots.own);
    expect(await judge(checkpoint, stamp('RSA'))).toEqual({ kind: 'holds', atMs: expect.any(Number) });
    expect(await judge({ ...checkpoint, size: 1 }, stamp('RSA'))).toEqual({ kind: 'wrong', reason: 'imprint' });
    expect(await judge(checkpoint, stamp('a certificate that had expired'))).toEqual({ kind: 'wrong', reason: 'chain' });
    expect(await timestampJudge(vectors.roots.other)(checkpoint, stamp('RSA'))).toEqual({ kind: 'wrong', reason: 'chain' });
    await expect(timestampJudge('none')(checkpoint, stamp('RSA'))).rejects.toMatchObject({ code: 'anchor/roots-malformed' });
  });

  it('are told apart from anchors on a chain, which nobody can judge offline', async () => {
    expect(await timestampJudge(vectors.roots.own)(checkpoint, chain)).toBeNull();
  });
});
