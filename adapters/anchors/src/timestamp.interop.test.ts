import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anchoredText, findBase64 } from '@lantai/log';
import { afterAll, describe, expect, it } from 'vitest';
import { openTimestampProvider } from './index.ts';
import { OpensslAuthority, P256, serveAnswers, vectorCheckpoint } from './testing/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'lantai-tsa-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { checkpoint } = vectorCheckpoint();

describe('time-stamps by openssl over HTTP', () => {
  const authority = new OpensslAuthority(folder);
  const root = authority.makeRoot('root');

  it.each(['rsa', 'ecdsa'])('by %s are asked for, checked, and checked again by openssl', async (name) => {
    const signer = authority.makeSigner(name, root, name === 'ecdsa' ? { algorithm: P256 } : {});
    const server = await serveAnswers((body) => ({ body: authority.answer(body, signer) }));
    try {
      const provider = openTimestampProvider({ url: server.url, roots: authority.read('root.pem') }, { nowMs: Date.now });
      const { proof, atMs } = await provider.submit(checkpoint);
      expect(await provider.check(checkpoint, proof)).toEqual({ kind: 'holds', atMs });
      writeFileSync(join(folder, 'text'), anchoredText(checkpoint));
      writeFileSync(join(folder, 'token'), findBase64(proof.kind === 'rfc3161' ? proof.token : '')!);
      const said = authority.run('ts', '-verify', '-data', 'text', '-in', 'token', '-token_in', '-CAfile', root.certificate);
      expect(said.toString()).toContain('Verification: OK');
      expect((await provider.submit(checkpoint)).proof).not.toEqual(proof);
    } finally {
      await server.close();
    }
  });

  it('by an authority of another root, or whose clock is an hour off, anchor nothing', async () => {
    const signer = authority.makeSigner('third', root);
    const server = await serveAnswers((body) => ({ body: authority.answer(body, signer) }));
    try {
      const other = new OpensslAuthority(join(folder, 'other'));
      other.makeRoot('root');
      const foreign = openTimestampProvider({ url: server.url, roots: other.read('root.pem') }, { nowMs: Date.now });
      await expect(foreign.submit(checkpoint)).rejects.toMatchObject({ code: 'anchor/answer-wrong', detail: { reason: 'chain' } });
      const late = { nowMs: () => Date.now() - 3_600_000 };
      const off = openTimestampProvider({ url: server.url, roots: authority.read('root.pem') }, late);
      await expect(off.submit(checkpoint)).rejects.toMatchObject({ code: 'anchor/answer-wrong', detail: { reason: 'time' } });
    } finally {
      await server.close();
    }
  });
});
