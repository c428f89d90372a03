import { beforeAll, describe, expect, it } from 'vitest';
import { loadFallbackFonts } from '../fallback-font.ts';
import { openPdf } from '../pdf/document.ts';
import { receivePdf } from '../pdf/receive.ts';
import { collect, tools } from '../testing/files.ts';
import { judgePdf } from './pdf-signatures.ts';
import { type SignatureReport, signatureFindings } from './report.ts';
import { contractPdf, type PdfSigning, signPdf, stream, type WrittenPdf, writeObjects } from './testing/signed-pdf.ts';
import { makeSigner, SIGNED_MS, type Signer, signMessage, UNTIL_MS } from './testing/signers.ts';

const NOW_MS = Date.UTC(2026, 10, 22);
let root: Signer;
let signer: Signer;

async function judge(bytes: Uint8Array, roots: readonly Signer[] = [root]) {
  const document = await openPdf(bytes, loadFallbackFonts());
  if ('kind' in document) throw new Error(document.code);
  const reports = await judgePdf(document, bytes, trustIn(roots));
  document.close();
  return { reports, findings: signatureFindings(reports) };
}

const trustIn = (roots: readonly Signer[]) => ({ roots: roots.map((one) => one.certificate), nowMs: NOW_MS });

const sign = (before: WrittenPdf, by = signer, options: PdfSigning = {}) => signPdf(before, (content) => signMessage(by, content), options);
const faultsOf = (reports: readonly SignatureReport[]) =>
  reports.map((report) => report.faults.filter((fault) => fault !== 'time-unproved'));

beforeAll(async () => {
  root = await makeSigner('试验根');
  signer = await makeSigner('郑试一', { issuer: root });
});

describe('a signed PDF', () => {
  it('holds, and says who signed, when and that all is covered', async () => {
    const pdf = await sign(contractPdf());
    const { outcome } = await collect(receivePdf(pdf.bytes, tools, { trust: trustIn([root]) }));
    const { signatures: reports, findings } = outcome.kind === 'pages' ? outcome : { signatures: [], findings: [] };
    expect(reports).toEqual([
      expect.objectContaining({
        kind: 'signature',
        verdict: 'holds',
        signer: expect.objectContaining({ name: '郑试一', issuer: '试验根' }),
        algorithm: 'ECDSA SHA-256',
        signedAtMs: SIGNED_MS,
        timeBy: 'signer',
        covered: pdf.bytes.length,
        total: pdf.bytes.length,
        faults: ['time-unproved'],
      }),
    ]);
    expect(findings.map((f) => f.code)).toEqual(['document/signed', 'signature/holds', 'signature/time-unproved']);
  });
  it.each(['rsa', 'sm2'] as const)('by %s holds too', async (kind) => {
    const own = await makeSigner('根', { kind });
    const by = await makeSigner('周试二', { issuer: own });
    const { reports } = await judge((await sign(contractPdf(), by, { subFilter: 'adbe.pkcs7.detached' })).bytes, [own]);
    expect(reports[0]).toMatchObject({ verdict: 'holds', algorithm: kind === 'rsa' ? 'RSA SHA-256' : 'SM2 SM3' });
  });
  it('of somebody nobody here knows is right, its signer unknown', async () => {
    const { reports } = await judge((await sign(contractPdf())).bytes, []);
    expect(reports[0]!.verdict).toBe('signer-unknown');
    expect(faultsOf(reports)).toEqual([['signer-unknown']]);
  });
  it('of a namesake authority is not known', async () => {
    const twin = await makeSigner('试验根');
    expect((await judge((await sign(contractPdf())).bytes, [twin])).reports[0]!.verdict).toBe('signer-unknown');
  });
  it('is broken when one byte of it differs', async () => {
    for (const kind of ['ec', 'sm2'] as const) {
      const own = await makeSigner('根', { kind });
      const { bytes } = await sign(contractPdf(), own);
      bytes[Buffer.from(bytes).indexOf('9000')] = 0x38;
      const { reports, findings } = await judge(bytes, [own]);
      expect(reports[0]).toMatchObject({ verdict: 'broken' });
      expect(faultsOf(reports)).toEqual([['altered']]);
      expect(findings).toContainEqual({ code: 'signature/altered', severity: 'error', params: { number: 1, missing: 0 } });
    }
  });
  it('whose signature was made by another key than its certificate holds is wrong', async () => {
    const other = await makeSigner('冒名', { issuer: root });
    const pdf = await signPdf(contractPdf(), (content) => signMessage(other, content, { as: signer }));
    expect(faultsOf((await judge(pdf.bytes)).reports)).toEqual([['wrong']]);
  });
  it('whose certificate had run out when it was signed is told so', async () => {
    const pdf = await signPdf(contractPdf(), (content) => signMessage(signer, content, { signedAtMs: UNTIL_MS + 86_400_000 }));
    expect(faultsOf((await judge(pdf.bytes)).reports)).toEqual([['not-valid-then']]);
  });
  it('by a digest that two files can share is not believed, and not called wrong', async () => {
    const pdf = await signPdf(contractPdf(), (content) => signMessage(signer, content, { digestOid: '1.3.14.3.2.26' }));
    expect((await judge(pdf.bytes)).reports[0]).toMatchObject({ verdict: 'unchecked', faults: expect.arrayContaining(['weak']) });
  });
  it('is not judged where nobody asks', async () => {
    const { outcome } = await collect(receivePdf((await sign(contractPdf())).bytes, tools));
    expect(outcome).not.toHaveProperty('signatures');
  });
});

describe('a PDF to which something was added after it was signed', () => {
  it('keeps both signatures when a second person signed', async () => {
    const first = await sign(contractPdf(), signer, { rect: '20 20 100 60' });
    const second = await makeSigner('吴试三', { issuer: root });
    const both = await sign(first, second, { fields: [6], rect: '150 20 230 60' });
    const { reports } = await judge(both.bytes);
    expect(reports.map((r) => r.verdict)).toEqual(['holds', 'holds']);
    expect(faultsOf(reports)).toEqual([['appended'], []]);
    expect(reports[0]!.covered).toBe(first.bytes.length);
  });
  it('is broken when the page says something else since (shadow attack)', async () => {
    const signed = await sign(contractPdf());
    const { bytes } = writeObjects(signed, { 4: stream('BT /F1 18 Tf 20 120 Td (Monthly pay 1000) Tj ET') });
    const { reports, findings } = await judge(bytes);
    expect(reports[0]).toMatchObject({ verdict: 'broken', faults: expect.arrayContaining(['appended', 'pages-changed']) });
    expect(findings.find((f) => f.code === 'signature/pages-changed')).toMatchObject({ severity: 'error' });
  });
  it('is broken when a font was put in the place of another', async () => {
    const signed = await sign(contractPdf());
    const { bytes } = writeObjects(signed, { 5: '<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>' });
    expect((await judge(bytes)).reports[0]!.faults).toContain('pages-changed');
  });
  it('is broken when a page was added', async () => {
    const signed = await sign(contractPdf());
    const { bytes } = writeObjects(signed, { 2: '<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>' });
    expect((await judge(bytes)).reports[0]!.faults).toContain('pages-changed');
  });
  it('says that a note was laid over it', async () => {
    const signed = await sign(contractPdf());
    const { bytes } = writeObjects(signed, {
      3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [6 0 R 9 0 R] >>',
      9: '<< /Type /Annot /Subtype /Square /Rect [100 100 200 150] /C [1 0 0] /IC [1 1 1] /F 4 /AP << /N 10 0 R >> >>',
      10: '<< /Type /XObject /Subtype /Form /BBox [0 0 100 50] /Length 15 >>\nstream\n0 0 100 50 re f\nendstream',
    });
    const { reports } = await judge(bytes);
    expect(faultsOf(reports)).toEqual([['appended', 'marks-changed']]);
  });
});

describe('a PDF with a signature made to deceive', () => {
  it('whose ranges leave room beside the value is told so (signature wrapping)', async () => {
    const wrapped = await sign(contractPdf(), signer, { range: ([a, b, c, d]) => [a, b - 40, c, d] });
    expect(faultsOf((await judge(wrapped.bytes)).reports)).toEqual([['range-wrong']]);
  });
  it.each<[string, PdfSigning['range']]>([
    ['begin late', ([a, b, c, d]) => [a + 9, b - 9, c, d]],
    ['overlap', ([a, b, , d]) => [a, b, b - 100, d]],
    ['end behind the file', ([a, b, c, d]) => [a, b, c, d + 4000]],
    ['are negative', ([a, b, c]) => [a, b, c, -5]],
    ['are three', ([a, b, c]) => [a, b, c]],
    ['are six', ([a, b, c, d]) => [a, b, c, d, 0, 0]],
    ['are huge', ([a, b, c]) => [a, b, c, 2147483647]],
  ])('whose ranges %s is told so', async (_, range) => {
    const pdf = await sign(contractPdf(), signer, range ? { range } : {});
    expect(faultsOf((await judge(pdf.bytes)).reports)).toEqual([['range-wrong']]);
  });
  it('without a value is an empty field (universal forgery)', async () => {
    const pdf = writeObjects(contractPdf(), {
      1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [6 0 R] >> >>',
      6: '<< /Type /Annot /Subtype /Widget /FT /Sig /T (S) /F 132 /P 3 0 R /Rect [0 0 0 0] /V << /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached >> >>',
    });
    expect(faultsOf((await judge(pdf.bytes)).reports)).toEqual([['empty']]);
  });
  it('with a value that is no signature, is too deep, or says it is huge ends in a finding', async () => {
    const values = [
      Uint8Array.of(1, 2, 3, 4),
      Uint8Array.of(0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 1, 2),
      new Uint8Array(5900).map((_, i) => (i % 2 === 0 ? 0x30 : 0x80)),
      Uint8Array.of(0x30, 0),
    ];
    for (const value of values) {
      const pdf = await signPdf(contractPdf(), async () => value);
      expect((await judge(pdf.bytes)).reports[0]).toMatchObject({ verdict: 'broken', faults: ['structure'] });
    }
  });
  it('of a form that is not judged is told so', async () => {
    const { reports } = await judge((await sign(contractPdf(), signer, { subFilter: 'adbe.x509.rsa_sha1' })).bytes);
    expect(reports[0]).toMatchObject({ verdict: 'unchecked', faults: ['unsupported'] });
  });
});
