import { type AnchorProof, type Checkpoint, formatBase64 } from '@lantai/log';
import { afterEach, describe, expect, it } from 'vitest';
import vectors from '../../../test/vectors/timestamp/tokens.json' with { type: 'json' };
import { checkTimestamp, checkTimestampToken, openTimestampProvider, readCertificates } from './index.ts';
import { serveAnswers, vectorCheckpoint } from './testing/index.ts';

const { checkpoint, text } = vectorCheckpoint();
const tokenNamed = (name: string) => new Uint8Array(Buffer.from(vectors.tokens.find((t) => t.name === name)!.token, 'base64'));
const roots = readCertificates(vectors.roots.own);
const proofOf = (token: Uint8Array): AnchorProof => ({ kind: 'rfc3161', token: formatBase64(token) });
const GRANTED = '3003020100';

describe('a time-stamp token', () => {
  it.each(vectors.tokens)('of $name: $expect', async ({ token, expect: expected }) => {
    const verdict = await checkTimestamp(checkpoint, { kind: 'rfc3161', token }, vectors.roots.own);
    if (expected === 'holds') expect(verdict).toEqual({ kind: 'holds', atMs: expect.any(Number) });
    else expect(verdict).toEqual({ kind: 'wrong', reason: expected });
  });

  it('says a time, and is refused outside the time it must lie in', async () => {
    const verdict = await checkTimestampToken(tokenNamed('RSA'), { text, roots });
    const atMs = verdict.kind === 'holds' ? verdict.atMs : 0;
    expect(new Date(atMs).getUTCFullYear()).toBeGreaterThanOrEqual(2026);
    const between = (from: number, to: number) =>
      checkTimestampToken(tokenNamed('RSA'), { text, roots, between: [atMs + from, atMs + to] });
    expect(await between(-1, 1)).toEqual(verdict);
    expect(await between(1, 1000)).toEqual({ kind: 'wrong', reason: 'time' });
    expect(await between(-1000, -1)).toEqual({ kind: 'wrong', reason: 'time' });
  });

  it('is of this checkpoint alone', async () => {
    const others: Checkpoint[] = [
      { ...checkpoint, size: checkpoint.size + 1 },
      { ...checkpoint, origin: 'log.example/other' },
      { ...checkpoint, root: Uint8Array.from(checkpoint.root, (b) => b ^ 1) },
    ];
    for (const other of others)
      expect(await checkTimestamp(other, proofOf(tokenNamed('RSA')), vectors.roots.own)).toEqual({ kind: 'wrong', reason: 'imprint' });
  });

  it('is refused by roots that did not sign it, and needs some', async () => {
    const proof = proofOf(tokenNamed('RSA'));
    expect(await checkTimestamp(checkpoint, proof, vectors.roots.other)).toEqual({ kind: 'wrong', reason: 'chain' });
    expect(await checkTimestamp(checkpoint, proof, vectors.roots.other + vectors.roots.own)).toMatchObject({ kind: 'holds' });
    for (const pem of ['', 'x', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])
      expect(() => readCertificates(pem)).toThrow('anchor/roots-malformed');
  });

  it('is refused under another nonce than was asked with', async () => {
    const nonce = Uint8Array.of(0x41, 2, 3, 4, 5, 6, 7, 8);
    expect(await checkTimestampToken(tokenNamed('RSA'), { text, roots, nonce })).toEqual({ kind: 'wrong', reason: 'nonce' });
  });

  it('does not hold once a signed bit of it is changed, wherever that is', async () => {
    const whole = tokenNamed('ECDSA over P-256');
    const honest = await checkTimestampToken(whole, { text, roots });
    const unbound: number[] = [];
    for (let at = 3; at < whole.length; at += 13) {
      const altered = whole.slice();
      altered[at]! ^= 1 << (at % 8);
      const verdict = await checkTimestampToken(altered, { text, roots });
      if (verdict.kind === 'holds') unbound.push(at);
      // CMS (RFC 5652) leaves its version and its list of digests unsigned: there a changed bit may pass, and changes nothing that is said.
      if (verdict.kind === 'holds') expect(verdict, `byte ${at}`).toEqual(honest);
    }
    expect(unbound.length, String(unbound)).toBeLessThanOrEqual(3);
    const signed = whole.slice();
    signed[signed.length - 3]! ^= 1;
    expect(await checkTimestampToken(signed, { text, roots })).toEqual({ kind: 'wrong', reason: 'signature' });
    expect(await checkTimestampToken(whole.slice(0, -1), { text, roots })).toEqual({ kind: 'wrong', reason: 'malformed' });
    expect(await checkTimestampToken(new Uint8Array(0), { text, roots })).toEqual({ kind: 'wrong', reason: 'malformed' });
  });
});

describe('a time-stamp authority', () => {
  let server: Awaited<ReturnType<typeof serveAnswers>> | null = null;
  afterEach(async () => {
    await server?.close();
    server = null;
  });
  const asking = async (answer: { status?: number; body: Uint8Array | string }) => {
    server = await serveAnswers(() => answer);
    return openTimestampProvider({ url: server.url, roots: vectors.roots.own }, { nowMs: Date.now }).submit(checkpoint);
  };
  const response = (status: string, token: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(status, 'hex'), token]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(body.length);
    return Buffer.concat([Buffer.from([0x30, 0x82]), length, body]);
  };

  it('that sends an old token again is found out by the nonce', async () => {
    const replayed = { body: response(GRANTED, tokenNamed('RSA')) };
    await expect(asking(replayed)).rejects.toMatchObject({ code: 'anchor/answer-wrong', detail: { reason: 'nonce' } });
  });

  it('that refuses, answers nonsense or too much anchors nothing', async () => {
    await expect(asking({ body: Buffer.from('30053003020102', 'hex') })).rejects.toMatchObject({
      code: 'anchor/answer-wrong',
      detail: { reason: 'refused' },
    });
    await expect(asking({ body: '<html>' })).rejects.toMatchObject({ code: 'anchor/answer-wrong', detail: { reason: 'malformed' } });
    await expect(asking({ status: 503, body: '' })).rejects.toMatchObject({ code: 'anchor/unreachable', detail: { reason: 'http-503' } });
    await expect(asking({ body: new Uint8Array(300_000) })).rejects.toMatchObject({
      code: 'anchor/unreachable',
      detail: { reason: 'too-large' },
    });
  });

  it('that nobody serves is unreachable', async () => {
    const nobody = openTimestampProvider({ url: 'http://127.0.0.1:1/', roots: vectors.roots.own }, { nowMs: Date.now });
    await expect(nobody.submit(checkpoint)).rejects.toMatchObject({ code: 'anchor/unreachable', fault: 'environment' });
  });
});
