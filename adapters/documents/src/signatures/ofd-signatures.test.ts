import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { OfdPackage } from '../ofd/package.ts';
import { receiveFile } from '../receive.ts';
import { collect, tools } from '../testing/files.ts';
import { openZip } from '../zip/archive.ts';
import { judgeOfd } from './ofd-signatures.ts';
import type { SignatureReport } from './report.ts';
import { type OfdTampering, type SealOptions, sealValue, signedOfd } from './testing/signed-ofd.ts';
import { makeSigner, SIGNED_MS, type Signer, signMessage, UNTIL_MS } from './testing/signers.ts';

const NOW_MS = Date.UTC(2026, 10, 22);
let root: Signer;
let signer: Signer;
let maker: Signer;

async function judge(bytes: Uint8Array, roots: readonly Signer[] = [root]): Promise<readonly SignatureReport[]> {
  const trust = { roots: roots.map((one) => one.certificate), nowMs: NOW_MS };
  const archive = await openZip(bytes);
  if ('kind' in archive) throw new Error(archive.code);
  return judgeOfd(new OfdPackage(archive), trust);
}

const sealed = (options: Partial<SealOptions> = {}, tampering: OfdTampering = {}) =>
  signedOfd((described) => sealValue(described, { signer, maker, ...options }), tampering);
const faultsOf = async (ofd: Promise<Uint8Array>) => (await judge(await ofd)).map((r) => r.faults.filter((f) => f !== 'time-unproved'));

beforeAll(async () => {
  root = await makeSigner('试验根', { kind: 'sm2' });
  signer = await makeSigner('某市试验公司', { issuer: root });
  maker = await makeSigner('试验制章者', { issuer: root });
});

describe('an OFD under an electronic seal', () => {
  it.each(['2020', '2014'] as const)('in the form of %s holds, and says whose seal it is', async (form) => {
    expect(await judge(await sealed({ form }))).toEqual([
      expect.objectContaining({
        kind: 'seal',
        verdict: 'holds',
        seal: '某市试验用章',
        signer: expect.objectContaining({ name: '某市试验公司' }),
        algorithm: 'SM2 SM3',
        signedAtMs: SIGNED_MS,
        covered: 3,
        total: 3,
      }),
    ]);
  });
  it('of somebody nobody here knows is right, its signer unknown', async () => {
    expect((await judge(await sealed(), []))[0]).toMatchObject({
      verdict: 'signer-unknown',
      faults: ['time-unproved', 'seal-maker-unknown', 'signer-unknown'],
    });
  });
  it('is broken when a part differs, and when one is gone', async () => {
    const path = 'Doc_0/Pages/Page_0/Content.xml';
    const other = '<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content/></ofd:Page>';
    expect(await faultsOf(sealed({}, { parts: { [path]: other } }))).toEqual([['altered', 'parts-unsigned']]);
  });
  it('tells of parts that the signature does not name', async () => {
    expect(await faultsOf(sealed({}, { parts: { 'Doc_0/Res/added.xml': '<a/>' } }))).toEqual([['parts-unsigned']]);
    expect(await faultsOf(sealed({}, { unnamed: ['OFD.xml'] }))).toEqual([['parts-unsigned']]);
  });
  it('is broken when the description was signed by another key', async () => {
    const other = await makeSigner('冒名', { issuer: root });
    const cross = { ...signer, sign: other.sign };
    expect(await faultsOf(sealed({ signer: cross }))).toEqual([['wrong']]);
  });
  it('is broken when the seal is somebody else’s, had run out, or was not made by its maker', async () => {
    const other = await makeSigner('别人', { issuer: root });
    expect(await faultsOf(sealed({ user: other }))).toEqual([['seal-wrong']]);
    expect(await faultsOf(sealed({ untilMs: SIGNED_MS - 1000 }))).toEqual([['seal-wrong']]);
    expect(await faultsOf(sealed({ maker: { ...maker, sign: other.sign } }))).toEqual([['seal-wrong']]);
  });
  it('is broken when the signer’s certificate had run out', async () => {
    expect(await faultsOf(sealed({ signedAtMs: UNTIL_MS + 1000, untilMs: UNTIL_MS + 5000 }))).toEqual([['not-valid-then']]);
  });
  it('with a byte of its value changed never holds', async () => {
    const right = await sealed();
    expect((await judge(right))[0]!.verdict).toBe('holds');
    for (let at = 3; at < 1200; at += 97) {
      const ofd = await sealed({}, { value: (value) => value.map((byte, i) => (i === at % value.length ? byte ^ 0x41 : byte)) });
      expect((await judge(ofd))[0]!.verdict, `byte ${at}`).toBe('broken');
    }
  });
  it('with a value that is none ends in a finding', async () => {
    const values = [
      new Uint8Array(0),
      Uint8Array.of(0x30, 0x80),
      new Uint8Array(6000).fill(0x30),
      Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff),
    ];
    for (const value of values) expect((await judge(await sealed({}, { value: () => value })))[0]!.verdict).toBe('broken');
  });
  it('by digests that two files can share is not believed', async () => {
    expect((await judge(await sealed({}, { checkMethod: 'MD5' })))[0]).toMatchObject({ verdict: 'unchecked' });
  });
});

describe('a sealed OFD brought in', () => {
  it('gives its page, the report and findings', async () => {
    const trust = { roots: [root.certificate], nowMs: NOW_MS };
    const { outcome, pages } = await collect(receiveFile(await sealed(), tools, { trust }));
    expect(pages).toHaveLength(1);
    expect(outcome).toMatchObject({ kind: 'pages', signatures: [{ verdict: 'holds' }] });
    expect(outcome).toHaveProperty(
      'findings',
      expect.arrayContaining([{ code: 'signature/holds', severity: 'info', params: { number: 1 } }]),
    );
  });
});

describe('an OFD under a signature without a seal', () => {
  it('holds, and is broken when a part differs', async () => {
    const sign = (described: Uint8Array) => signMessage(signer, described);
    expect((await judge(await signedOfd(sign)))[0]).toMatchObject({ kind: 'signature', verdict: 'holds', algorithm: 'SM2 SM3' });
    const tampered = await signedOfd(sign, { parts: { 'Doc_0/Document.xml': '<Document/>' } });
    expect((await judge(tampered))[0]).toMatchObject({ verdict: 'broken', faults: expect.arrayContaining(['altered']) });
  });
});

const real = join(import.meta.dirname, '../../../../../shared/samples/real/ofd');
describe.skipIf(!existsSync(real))('real OFDs of ../shared/samples/real/ofd', () => {
  it.each([
    ['SignScaleError.ofd', ['signer-unknown']],
    ['allprotected.ofd', ['signer-unknown']],
    ['v4signed.ofd', ['signer-unknown']],
    ['testImageNotFound.ofd', ['signer-unknown', 'signer-unknown']],
    // Two pages of this one were changed nineteen days after it was sealed, as the times in its directory say.
    ['zsbk.ofd', ['broken', 'broken']],
  ])('%s', async (name, verdicts) => {
    const reports = await judge(new Uint8Array(readFileSync(join(real, name))));
    expect(reports.map((r) => r.verdict)).toEqual(verdicts);
  });
});
