import { afterAll, describe, expect, it } from 'vitest';
import { createChildPool, type DecodedReply, type DecoderPart, type DecoderReply, type DecoderRequest } from './index.ts';

const pool = createChildPool({ entry: 'decoder', count: 1, memoryLimitMb: 1500, timeoutMs: 60_000 });
afterAll(() => pool.close());

const hex = (...parts: string[]) => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');
const MIDDLE_GRAY = 128;

/**
 * A JPEG 2000 codestream of 64 × 64 gray pixels whose one packet is empty: every coefficient is nought, so it decodes to the middle of the range.
 * Source: ITU-T T.800, annexes A and B.
 */
const CODESTREAM = hex(
  'ff4f',
  // SIZ: size, one tile, one component of eight bits.
  'ff51 0029 0000 00000040 00000040 00000000 00000000 00000040 00000040 00000000 00000000 0001 07 01 01',
  // COD: one layer, no decomposition, blocks of 64 × 64, reversible.  QCD: none.
  'ff52 000c 00 00 0001 00 00 04 04 00 01',
  'ff5c 0004 40 40',
  // SOT, SOD, the empty packet, EOC.
  'ff90 000a 0000 0000000f 00 01 ff93 00 ffd9',
);

/** A PDF of one page that is this picture, as scanners write them. Source: ISO 32000-1, 7.4.9. */
function pdfOf(codestream: Buffer): Uint8Array {
  const parts = [Buffer.from('%PDF-1.5\n')];
  const places: number[] = [];
  const length = () => parts.reduce((n, part) => n + part.length, 0);
  const object = (...body: (string | Buffer)[]) => {
    places.push(length());
    parts.push(Buffer.from(`${places.length} 0 obj\n`), ...body.map((b) => Buffer.from(b)), Buffer.from('\nendobj\n'));
  };
  const draw = 'q 144 0 0 144 0 0 cm /I Do Q';
  object('<</Type/Catalog/Pages 2 0 R>>');
  object('<</Type/Pages/Count 1/Kids[3 0 R]>>');
  object('<</Type/Page/Parent 2 0 R/MediaBox[0 0 144 144]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>>');
  const head = `<</Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/JPXDecode/Length ${codestream.length}>>stream\n`;
  object(head, codestream, '\nendstream');
  object(`<</Length ${draw.length}>>stream\n${draw}\nendstream`);
  const start = length();
  const table = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const trailer = `xref\n0 ${places.length + 1}\n0000000000 65535 f \n${table}trailer<</Size ${places.length + 1}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF`;
  return new Uint8Array(Buffer.concat([...parts, Buffer.from(trailer)]));
}

async function receive(bytes: Uint8Array) {
  const images: Uint8Array[] = [];
  const onPart = (_: DecoderPart, [image]: Uint8Array[]) => void (image && images.push(image));
  const request: DecoderRequest = { kind: 'receive', name: '', check: 'decode', depth: 0 };
  const { reply } = await pool.run<DecoderRequest, DecoderReply, DecoderPart>(request, [bytes], { onPart });
  return { reply, images };
}

describe('JPEG 2000', () => {
  it('is drawn where it lies in a PDF', async () => {
    const { reply, images } = await receive(pdfOf(CODESTREAM));
    expect(reply).toMatchObject({ kind: 'pages', mediaType: 'application/pdf', findings: [] });
    const decoded = await pool.run<DecoderRequest, DecodedReply>({ kind: 'decode', turned: 0, by: 1 }, [images[0]!]);
    const { widthPx, heightPx, channels } = decoded.reply;
    const middle = decoded.bytes[0]![(Math.floor(heightPx / 2) * widthPx + Math.floor(widthPx / 2)) * channels]!;
    // White where nothing was drawn; the picture itself is gray.
    expect(Math.abs(middle - MIDDLE_GRAY)).toBeLessThanOrEqual(2);
  });

  it('by itself is refused, by the name of its kind', async () => {
    expect((await receive(new Uint8Array(CODESTREAM))).reply).toMatchObject({
      kind: 'refused',
      code: 'image/format-unsupported',
      detail: { format: 'jp2' },
    });
  });
});
