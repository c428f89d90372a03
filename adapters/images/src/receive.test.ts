import { concatBytes } from '@lantai/values';
import sharp, { type Sharp, type TiffOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { findImageFormat } from './format.ts';
import { type ImageOutcome, type ReceiveImageOptions, receiveImage } from './receive.ts';
import { checkJpegStructure, checkPngStructure } from './structure.ts';
import type { ImagePage } from './types.ts';

const WIDTH = 400;
const HEIGHT = 560;

/** A page with something on it everywhere: lines of blocks, and a red ring. */
async function paper(): Promise<Sharp> {
  const data = Buffer.alloc(WIDTH * HEIGHT * 3, 250);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const ink = y % 20 < 9 && (x * 7 + (y >> 4) * 13) % 23 < 8;
      const red = Math.abs(Math.hypot(x - 280, y - 420) - 60) < 4;
      if (ink) data.fill(20, (y * WIDTH + x) * 3, (y * WIDTH + x) * 3 + 3);
      if (red) data.set([220, 30, 30], (y * WIDTH + x) * 3);
    }
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).withMetadata({ density: 300 });
}
const jpeg = async () => new Uint8Array(await (await paper()).jpeg().toBuffer());
const png = async () => new Uint8Array(await (await paper()).png().toBuffer());

async function receive(
  bytes: Uint8Array,
  check: ReceiveImageOptions['check'] = 'decode',
): Promise<{ outcome: ImageOutcome; pages: ImagePage[] }> {
  const pages: ImagePage[] = [];
  const run = receiveImage(bytes, { check });
  for (;;) {
    const step = await run.next();
    if (step.done) return { outcome: step.value, pages };
    pages.push(step.value);
  }
}
const codes = (page: ImagePage | undefined) => page?.findings.map((f) => f.code);

/** A TIFF of pages next to each other, made from one-page TIFFs by moving their offsets: enough for strips of gray or bilevel pages. */
async function tiff(options: TiffOptions, bilevel = false): Promise<Uint8Array> {
  const image = sharp(await (await paper()).raw().toBuffer(), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).grayscale();
  const toned = bilevel ? image.threshold(128).toColourspace('b-w') : image.toColourspace('b-w');
  return new Uint8Array(await toned.tiff(options).toBuffer());
}

describe('an image file', () => {
  it('that a browser shows is itself the page, to the last byte', async () => {
    for (const [format, bytes] of [
      ['jpeg', await jpeg()],
      ['png', await png()],
      ['webp', new Uint8Array(await (await paper()).webp().toBuffer())],
    ] as const) {
      const { outcome, pages } = await receive(bytes);
      expect(outcome).toMatchObject({ kind: 'pages', format, pageCount: 1, findings: [] });
      expect(pages[0]).toMatchObject({ origin: 'as_received', widthPx: WIDTH, heightPx: HEIGHT, findings: [] });
      expect(pages[0]!.bytes).toBe(bytes);
      if (format !== 'webp') expect(pages[0]!.resolutionDpi).toBe(300);
    }
  });
  it('is told by its bytes and never by a name', async () => {
    expect(findImageFormat(await jpeg())).toBe('jpeg');
    expect(findImageFormat(new TextEncoder().encode('BM is how this letter begins, and it is long enough'))).toBeNull();
    expect((await receive(new TextEncoder().encode('<html></html>'))).outcome).toMatchObject({
      kind: 'refused',
      code: 'file/unknown-type',
    });
    const heic = concatBytes(Uint8Array.of(0, 0, 0, 24), new TextEncoder().encode('ftypheic\0\0\0\0mif1heic'), new Uint8Array(40));
    expect((await receive(heic)).outcome).toMatchObject({ kind: 'refused', code: 'image/heic' });
    expect((await receive(new TextEncoder().encode('8BPS and so on'))).outcome).toMatchObject({
      code: 'image/format-unsupported',
      detail: { format: 'psd' },
    });
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>');
    expect((await receive(svg)).outcome).toMatchObject({ code: 'image/format-unsupported', detail: { format: 'svg' } });
  });
  it('turned by its EXIF is measured as it is shown', async () => {
    const turned = new Uint8Array(await (await paper()).withMetadata({ orientation: 6 }).jpeg().toBuffer());
    expect((await receive(turned)).pages[0]).toMatchObject({ widthPx: HEIGHT, heightPx: WIDTH, origin: 'as_received' });
  });
  it('of an animation gives its first picture and says so', async () => {
    const frame = await (await paper()).raw().toBuffer();
    const two = Buffer.concat([frame, Buffer.from(frame).reverse()]);
    const gif = await sharp(two, { raw: { width: WIDTH, height: HEIGHT * 2, channels: 3, pageHeight: HEIGHT } })
      .gif()
      .toBuffer();
    const { outcome, pages } = await receive(new Uint8Array(gif));
    expect(outcome).toMatchObject({ kind: 'pages', pageCount: 1, findings: [{ code: 'image/frames-ignored', params: { count: 1 } }] });
    expect(pages[0]).toMatchObject({ origin: 'rendered', widthPx: WIDTH, heightPx: HEIGHT });
  });
});

describe('TIFF', () => {
  it('gives a derived page, black and white as 1-bit PNG with the same pixels and resolution', async () => {
    const bytes = await tiff({ compression: 'ccittfax4', bitdepth: 1 as const, xres: 300 / 25.4, yres: 300 / 25.4 }, true);
    const { outcome, pages } = await receive(bytes);
    expect(outcome).toMatchObject({ kind: 'pages', format: 'tiff', pageCount: 1, findings: [] });
    expect(pages[0]).toMatchObject({ origin: 'rendered', mediaType: 'image/png', widthPx: WIDTH, heightPx: HEIGHT, resolutionDpi: 300 });
    expect(pages[0]!.bytes[24]).toBe(1); // bit depth in IHDR
    const [made, source] = await Promise.all([pages[0]!.bytes, bytes].map((b) => sharp(b).toColourspace('b-w').raw().toBuffer()));
    expect(Buffer.compare(made!, source!)).toBe(0);
    expect((await sharp(pages[0]!.bytes).metadata()).density).toBe(300);
  });
  it('of several pages gives them in order', async () => {
    const one = await (await paper()).raw().toBuffer();
    const pages3 = Buffer.concat([one, Buffer.from(one).reverse(), one]);
    const made = await sharp(pages3, { raw: { width: WIDTH, height: HEIGHT * 3, channels: 3, pageHeight: HEIGHT } })
      .tiff({ compression: 'lzw' })
      .toBuffer();
    const { outcome, pages } = await receive(new Uint8Array(made));
    expect(outcome).toMatchObject({ kind: 'pages', pageCount: 3 });
    const means = await Promise.all(pages.map(async (p) => (await sharp(p.bytes).resize(1, 1).raw().toBuffer()).join()));
    expect(means[0]).toBe(means[2]);
    expect(pages[1]!.bytes).not.toEqual(pages[0]!.bytes);
  });
  it('whose directories run in a circle is read once round and says that pages are missing', async () => {
    const bytes = await tiff({ compression: 'lzw' });
    const view = new DataView(bytes.buffer);
    const first = view.getUint32(4, true);
    view.setUint32(first + 2 + view.getUint16(first, true) * 12, first, true);
    const { outcome, pages } = await receive(bytes);
    expect(outcome).toMatchObject({ kind: 'pages', pageCount: 1, findings: [{ code: 'image/pages-missing', params: { why: 'loops' } }] });
    expect(pages).toHaveLength(1);
  });
  it('with an old-style JPEG inside gives that JPEG bit by bit', async () => {
    const inner = await jpeg();
    const made = oldStyleTiff(inner);
    const { outcome, pages } = await receive(made);
    expect(outcome).toMatchObject({ kind: 'pages', pageCount: 1 });
    expect(pages[0]).toMatchObject({ origin: 'embedded', mediaType: 'image/jpeg', widthPx: WIDTH, heightPx: HEIGHT });
    expect(Buffer.compare(pages[0]!.bytes, inner)).toBe(0);
  });
  it('that promises more pixels than a page has is refused before anything is decoded', async () => {
    const bytes = oldStyleTiff(await jpeg(), 60_000, 60_000);
    expect((await receive(bytes)).outcome).toMatchObject({ kind: 'refused', code: 'image/too-many-pixels', detail: { widthPx: 60_000 } });
  });
});

describe('a damaged image', () => {
  it('with stray bytes in it is taken as it is, with a finding', async () => {
    const whole = await jpeg();
    const tables = 20;
    const stray = concatBytes(whole.subarray(0, tables), Uint8Array.of(0, 0), whole.subarray(tables));
    const { outcome, pages } = await receive(stray);
    expect(outcome.kind).toBe('pages');
    expect(pages[0]).toMatchObject({ origin: 'as_received', findings: [{ code: 'image/damaged', severity: 'warning' }] });
    // The quick check notices and decodes on its own account.
    expect(codes((await receive(stray, 'structure')).pages[0])).toEqual(['image/damaged']);
  });
  it('that lost its last bytes gets its end put on and nothing coded twice', async () => {
    const whole = await jpeg();
    const cut = whole.subarray(0, whole.length - 2);
    const { pages } = await receive(cut, 'structure');
    expect(pages[0]).toMatchObject({ origin: 'rendered', widthPx: WIDTH, findings: [{ code: 'image/damaged' }] });
    expect(Buffer.compare(pages[0]!.bytes, whole)).toBe(0);
  });
  it('that shows a part is taken with an error and the share shown; with nothing to show it is refused', async () => {
    for (const whole of [await png(), await jpeg()]) {
      const half = await receive(whole.subarray(0, Math.floor(whole.length / 2)));
      expect(half.pages[0]).toMatchObject({ origin: 'rendered', findings: [{ code: 'image/incomplete', severity: 'error' }] });
      const shown = half.pages[0]!.findings[0]!.params!.shownPercent as number;
      expect(shown).toBeGreaterThan(30);
      expect(shown).toBeLessThan(70);
      await sharp(half.pages[0]!.bytes, { failOn: 'error' }).raw().toBuffer(); // whoever shows it later needs no leniency
      const start = await receive(whole.subarray(0, 60));
      expect(start.outcome).toMatchObject({ kind: 'refused', code: 'image/unreadable' });
      expect(start.pages).toEqual([]);
    }
  });
  it('whose structure is sound passes the quick check, and one with a changed byte does not', async () => {
    for (const [make, check] of [
      [jpeg, checkJpegStructure],
      [png, checkPngStructure],
    ] as const) {
      const whole = await make();
      expect(check(whole)).toBe('sound');
      for (const length of [10, 100, whole.length >> 1, whole.length - 3]) expect(check(whole.subarray(0, length))).toBe('unsure');
    }
    const changed = await png();
    changed[changed.length >> 1]! ^= 1;
    expect(checkPngStructure(changed)).toBe('unsure');
    const empty = concatBytes((await jpeg()).subarray(0, 700), Uint8Array.of(0xff, 0xd9));
    expect(checkJpegStructure(empty)).toBe('unsure');
  });
  it('announcing 60,000 by 60,000 pixels is refused by its header alone', async () => {
    const bomb = Buffer.from('89504e470d0a1a0a0000000d494844520000ea600000ea600802000000', 'hex');
    expect((await receive(bomb)).outcome).toMatchObject({ kind: 'refused', code: 'image/too-many-pixels' });
  });
  it('of any length and any flipped byte never throws', async () => {
    for (const whole of [await jpeg(), await png(), await tiff({ compression: 'deflate' })])
      for (let i = 0; i < 60; i++) {
        const broken = whole.slice(0, i % 3 === 0 ? (whole.length * i) / 60 : whole.length);
        for (let k = 0; k < i % 7; k++) broken[(i * 7919 + k * 104_729) % Math.max(1, broken.length)]! ^= 0xff;
        const { outcome, pages } = await receive(broken);
        if (outcome.kind === 'pages') expect(pages.length).toBe(outcome.pageCount);
        else expect(outcome.code).toMatch(/^(image|file)\//);
      }
  });
});

/** One directory, compression 6, JPEGInterchangeFormat pointing at a whole JPEG. */
function oldStyleTiff(jpegBytes: Uint8Array, width = WIDTH, height = HEIGHT): Uint8Array {
  const tags = [
    [256, 4, width],
    [257, 4, height],
    [259, 3, 6],
    [262, 3, 6],
    [273, 4, 8],
    [279, 4, jpegBytes.length],
    [513, 4, 8],
    [514, 4, jpegBytes.length],
  ];
  const at = 8 + jpegBytes.length + (jpegBytes.length % 2);
  const out = new Uint8Array(at + 2 + tags.length * 12 + 4);
  const view = new DataView(out.buffer);
  out.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, at, true);
  out.set(jpegBytes, 8);
  view.setUint16(at, tags.length, true);
  tags.forEach(([tag, type, value], i) => {
    view.setUint16(at + 2 + i * 12, tag!, true);
    view.setUint16(at + 4 + i * 12, type!, true);
    view.setUint32(at + 6 + i * 12, 1, true);
    view.setUint32(at + 10 + i * 12, value!, true);
  });
  return out;
}
