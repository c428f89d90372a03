import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contractPdf, makeSigner, type Signer, signMessage, signPdf } from '@lantai/documents/signatures/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDossierDesk } from '../catalogue/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { findSignatures, importFiles, judgeSignatures, readSignerRoots } from './index.ts';

const a = useArchive();
let root: Signer;
let signer: Signer;
let folder: string;

const pemOf = (one: Signer) => `-----BEGIN CERTIFICATE-----\n${Buffer.from(one.der).toString('base64')}\n-----END CERTIFICATE-----\n`;
const signed = async () => (await signPdf(contractPdf(), (content) => signMessage(signer, content))).bytes;

beforeAll(async () => {
  root = await makeSigner('试验根');
  signer = await makeSigner('郑试一', { issuer: root });
  folder = join(a.archive.config.dataFolder, '..', `signers-${process.pid}`);
  await mkdir(folder);
  await writeFile(join(folder, 'root.pem'), pemOf(root));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function take(code: string, bytes: Uint8Array, signerRootsFolder: string | null) {
  const archive = { ...a.archive, config: { ...a.archive.config, signerRootsFolder } };
  const dossierId = await a.addDossier({ code });
  const outcomes: (string | null)[] = [];
  const files = [{ path: 'contract.pdf', byteCount: bytes.length, read: async () => bytes }];
  await importFiles(archive, await a.desk(), dossierId, files, { onOutcome: (o) => void outcomes.push(o.code) });
  const { pages } = await openDossierDesk(a.archive, await a.desk(), dossierId);
  const page = pages[0]!;
  const kept = await a.archive.db.system('test').tx((tx) => findSignatures(tx, a.archive, page.id));
  return { outcomes, kept, codes: page.findings.map((f) => f.code) };
}

describe('a signed contract brought in', () => {
  it('is told to hold where the archive believes the authority, and keeps who signed, sealed', async () => {
    const { outcomes, kept, codes } = await take('P4401', await signed(), folder);
    expect(outcomes).toEqual([null]);
    expect(kept).toEqual([expect.objectContaining({ verdict: 'holds', signer: expect.objectContaining({ name: '郑试一' }) })]);
    expect(codes).toEqual(expect.arrayContaining(['document/signed', 'signature/holds', 'signature/time-unproved']));
    const rows = await a.archive.db
      .system('test')
      .query<{ signatures: Uint8Array }>('select signatures from source_file where signatures is not null');
    for (const row of rows) expect(Buffer.from(row.signatures).includes('郑试一')).toBe(false);
  });
  it('is told to be of somebody unknown where it does not', async () => {
    const { outcomes, kept } = await take('P4402', await signed(), null);
    expect(outcomes).toEqual(['signature/signer-unknown']);
    expect(kept).toEqual([expect.objectContaining({ verdict: 'signer-unknown' })]);
  });
  it('is told to be altered in the outcome, and its pages are there all the same', async () => {
    const bytes = await signed();
    bytes[Buffer.from(bytes).indexOf('9000')] = 0x38;
    const { outcomes, kept, codes } = await take('P4403', bytes, folder);
    expect(outcomes).toEqual(['signature/altered']);
    expect(kept).toEqual([expect.objectContaining({ verdict: 'broken' })]);
    expect(codes).toContain('signature/altered');
  });
  it('without a signature keeps nothing of the kind', async () => {
    expect(await take('P4404', contractPdf().bytes, folder)).toMatchObject({ outcomes: [null], kept: [] });
  });
});

describe('judging a file without an archive', () => {
  it('says what it says at receipt, and refuses what is no document', async () => {
    const { programFolder } = a.archive.config;
    expect(await judgeSignatures(programFolder, await signed(), folder, Date.UTC(2026, 10, 22))).toMatchObject([{ verdict: 'holds' }]);
    await expect(judgeSignatures(programFolder, Uint8Array.of(1, 2, 3), folder, 0)).rejects.toMatchObject({
      code: 'signature/no-document',
    });
  });
});

describe('the folder of certificates that are believed', () => {
  it('is read anew each time, and a file in it that is none is not passed over', async () => {
    expect(await readSignerRoots(null)).toEqual([]);
    expect(await readSignerRoots(folder)).toEqual([root.der]);
    await writeFile(join(folder, 'odd.crt'), 'not a certificate');
    await expect(readSignerRoots(folder)).rejects.toMatchObject({ code: 'signers/malformed' });
    await rm(join(folder, 'odd.crt'));
    await expect(readSignerRoots(join(folder, 'none'))).rejects.toMatchObject({ code: 'signers/folder-unreadable' });
  });
});
