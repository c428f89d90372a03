import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFallbackFonts } from '../fallback-font.ts';
import { openPdf } from '../pdf/document.ts';
import { judgePdf } from './pdf-signatures.ts';
import { contractPdf, signPdf, stream, writeObjects } from './testing/signed-pdf.ts';
import { makeSigner, signMessage } from './testing/signers.ts';

const found = spawnSync('pdfsig', ['-v']).error === undefined;
if (!found) process.stderr.write('pdfsig (Debian: poppler-utils) is not here: its judgement of signed PDFs is not compared\n');

describe.skipIf(!found)('poppler’s pdfsig', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lantai-pdfsig-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const askPdfsig = (bytes: Uint8Array): string => {
    const file = join(folder, 'contract.pdf');
    writeFileSync(file, bytes);
    return execFileSync('pdfsig', ['-nocert', file], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  };

  it.each(['rsa', 'ec'] as const)('agrees on a right signature by %s, an altered one, and one with more behind it', async (kind) => {
    const root = await makeSigner('Root', { kind });
    const signer = await makeSigner('Zheng', { issuer: root, kind });
    const signed = await signPdf(contractPdf(), (content) => signMessage(signer, content));
    const altered = new Uint8Array(signed.bytes);
    altered[Buffer.from(altered).indexOf('9000')] = 0x38;
    const more = writeObjects(signed, { 4: stream('BT /F1 18 Tf 20 120 Td (Monthly pay 1000) Tj ET') });
    const own = async (bytes: Uint8Array) => {
      const document = await openPdf(bytes, loadFallbackFonts());
      if ('kind' in document) throw new Error(document.code);
      return (await judgePdf(document, bytes, { roots: [root.certificate], nowMs: Date.UTC(2026, 10, 22) }))[0]!;
    };
    expect(askPdfsig(signed.bytes)).toContain('Signature is Valid');
    expect(askPdfsig(signed.bytes)).toContain('Total document signed');
    expect((await own(signed.bytes)).verdict).toBe('holds');
    expect(askPdfsig(altered)).toContain('Digest Mismatch');
    expect((await own(altered)).faults).toContain('altered');
    expect(askPdfsig(more.bytes)).toContain('Not total document signed');
    expect((await own(more.bytes)).faults).toContain('pages-changed');
  });
});
