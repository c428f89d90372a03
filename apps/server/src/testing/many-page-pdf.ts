import { encodePage } from '@lantai/images';

const WIDTH = 600;
const HEIGHT = 800;

/** A JPEG of noise: some 400 KB that nothing makes smaller. */
async function noisyJpeg(): Promise<Uint8Array> {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  let state = 2463534242;
  for (let i = 0; i < data.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    data[i] = state & 0xff;
  }
  return (await encodePage({ widthPx: WIDTH, heightPx: HEIGHT, channels: 3, data }, { lossless: false })).bytes;
}

/** A PDF whose pages all show the same picture: a small file that comes to hundreds of times its size. Source: ISO 32000-1, 7. */
export async function makeManyPagePdf(pageCount: number): Promise<{ pdf: Uint8Array; pageBytes: number }> {
  const jpeg = Buffer.from(await noisyJpeg());
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')];
  const places: number[] = [];
  const object = (body: string | Buffer) => {
    places.push(parts.reduce((n, p) => n + p.length, 0));
    parts.push(Buffer.from(`${places.length} 0 obj\n`), Buffer.from(body), Buffer.from('\nendobj\n'));
  };
  const draw = 'q 288 0 0 384 0 0 cm /I Do Q';
  object('<</Type/Catalog/Pages 2 0 R>>');
  object(`<</Type/Pages/Count ${pageCount}/Kids[${Array.from({ length: pageCount }, (_, i) => `${i + 5} 0 R`).join(' ')}]>>`);
  const image = `<</Type/XObject/Subtype/Image/Width ${WIDTH}/Height ${HEIGHT}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length ${jpeg.length}>>stream\n`;
  object(Buffer.concat([Buffer.from(image), jpeg, Buffer.from('\nendstream')]));
  object(`<</Length ${draw.length}>>stream\n${draw}\nendstream`);
  for (let i = 0; i < pageCount; i++)
    object('<</Type/Page/Parent 2 0 R/MediaBox[0 0 288 384]/Resources<</XObject<</I 3 0 R>>>>/Contents 4 0 R>>');
  const start = parts.reduce((n, p) => n + p.length, 0);
  const table = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${places.length + 1}\n0000000000 65535 f \n${table}trailer<</Size ${places.length + 1}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF`,
    ),
  );
  return { pdf: new Uint8Array(Buffer.concat(parts)), pageBytes: jpeg.length };
}
