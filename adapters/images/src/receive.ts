import type { Finding } from '@lantai/values';
import { decodeBmp, findBmpHeader } from './bmp.ts';
import { checkWhole, type Damage, decodePixels, findShownShare01, type ImageHeader, readHeader } from './decode.ts';
import { encodePage } from './encode.ts';
import { findImageFormat, IMAGE_MEDIA_TYPES, type ImageFormat } from './format.ts';
import { MAX_IMAGE_FRAMES, MAX_IMAGE_PIXELS, MIN_PAGE_SIDE_PX, MIN_READABLE_SHARE01, WHOLE_SHARE01 } from './limits.ts';
import { findMended } from './mend.ts';
import { findOldJpeg } from './old-jpeg.ts';
import { COMPRESSION_OLD_JPEG, findTiffChain, type TiffDirectory } from './tiff.ts';
import { type ImagePage, type Pixels, type Refusal, refusal } from './types.ts';

/** How an image file ended: its pages were yielded, or it is refused and no page of it was. */
export type ImageOutcome =
  | {
      readonly kind: 'pages';
      readonly format: ImageFormat;
      readonly mediaType: string;
      readonly pageCount: number;
      readonly findings: readonly Finding[];
    }
  | Refusal;

/** How carefully: `decode` reads every pixel now; `structure` only what looks odd, for bulk imports whose pages are inspected afterwards. */
export interface ReceiveImageOptions {
  readonly check: 'structure' | 'decode';
}

/** Formats a browser shows and the reader takes: such a file is itself the page. */
const AS_RECEIVED: readonly ImageFormat[] = ['jpeg', 'png', 'webp'];

/**
 * Takes an image file apart into pages, one at a time. Type is by magic bytes. Nothing is thrown for a bad file.
 * Pages already yielded count only when the outcome is `pages`.
 */
export async function* receiveImage(bytes: Uint8Array, options: ReceiveImageOptions): AsyncGenerator<ImagePage, ImageOutcome> {
  const format = findImageFormat(bytes);
  if (format === null) return refusal('file/unknown-type');
  if (format === 'heic') return refusal('image/heic');
  if (format === 'tiff') return yield* receiveTiff(bytes);
  if (format === 'bmp') return yield* receiveBmp(bytes);
  if (AS_RECEIVED.includes(format)) return yield* receiveAsIs(bytes, format, options);
  if (format === 'gif' || format === 'avif') return yield* receiveDerived(bytes, format);
  return refusal('image/format-unsupported', { format });
}

async function* receiveAsIs(bytes: Uint8Array, format: ImageFormat, options: ReceiveImageOptions): AsyncGenerator<ImagePage, ImageOutcome> {
  const header = await readHeader(bytes);
  if ('kind' in header) return header;
  const damage = await checkWhole(bytes, header, format, options.check);
  if (damage === 'partial') return yield* receiveCut(bytes, format, header);
  const findings = [...tinyFindings(header), ...damageFindings(damage, 1)];
  yield { origin: 'as_received', mediaType: IMAGE_MEDIA_TYPES[format], bytes, ...sizeOf(header), findings };
  return done(format, 1, frameFindings(header));
}

/** A file that ends too early. With its end put on, a JPEG is a page again, nothing coded twice; others are decoded as far as they go. */
async function* receiveCut(bytes: Uint8Array, format: ImageFormat, header: ImageHeader): AsyncGenerator<ImagePage, ImageOutcome> {
  const mended = findMended(bytes, format) ?? bytes;
  const decoded = await decodePixels(mended);
  if ('kind' in decoded) return decoded;
  const shownShare01 = findShownShare01(decoded.pixels);
  if (shownShare01 < MIN_READABLE_SHARE01) return refusal('image/unreadable');
  const findings = damageFindings('partial', shownShare01);
  if (format === 'jpeg' && decoded.damage !== 'partial')
    yield {
      origin: 'rendered',
      mediaType: 'image/jpeg',
      bytes: mended,
      ...sizeOf(header),
      findings: [...tinyFindings(header), ...findings],
    };
  else yield await derivedPage(decoded.pixels, 'partial', shownShare01, header.resolutionDpi);
  return done(format, 1, frameFindings(header));
}

async function* receiveDerived(bytes: Uint8Array, format: ImageFormat): AsyncGenerator<ImagePage, ImageOutcome> {
  const header = await readHeader(bytes);
  if ('kind' in header) return header;
  const decoded = await decodePixels(bytes);
  if ('kind' in decoded) return decoded;
  yield await derivedPage(decoded.pixels, decoded.damage, decoded.shownShare01, header.resolutionDpi);
  return done(format, 1, frameFindings(header));
}

async function* receiveBmp(bytes: Uint8Array): AsyncGenerator<ImagePage, ImageOutcome> {
  const header = findBmpHeader(bytes);
  if (!header) return refusal('image/unreadable');
  const { widthPx, heightPx } = header;
  if (widthPx * heightPx > MAX_IMAGE_PIXELS) return refusal('image/too-many-pixels', { widthPx, heightPx, limit: MAX_IMAGE_PIXELS });
  const decoded = decodeBmp(bytes, header);
  if ('kind' in decoded) return decoded;
  if (decoded.share01 < MIN_READABLE_SHARE01) return refusal('image/unreadable');
  yield await derivedPage(decoded.pixels, decoded.share01 < 1 ? 'partial' : 'none', decoded.share01, header.resolutionDpi ?? undefined);
  return done('bmp', 1, []);
}

async function* receiveTiff(bytes: Uint8Array): AsyncGenerator<ImagePage, ImageOutcome> {
  const chain = findTiffChain(bytes);
  if (!chain) return refusal('image/unreadable');
  if (chain.fault === 'too-many') return refusal('image/too-many-frames', { limit: MAX_IMAGE_FRAMES });
  const findings: Finding[] =
    chain.fault === 'none' ? [] : [{ code: 'image/pages-missing', severity: 'error', params: { why: chain.fault } }];
  const pages = chain.directories.filter((d) => d.isPage);
  for (const { widthPx, heightPx } of pages)
    if (widthPx * heightPx > MAX_IMAGE_PIXELS) return refusal('image/too-many-pixels', { widthPx, heightPx, limit: MAX_IMAGE_PIXELS });
  let count = 0;
  for (const [i, directory] of pages.entries()) {
    const page = await tiffPage(bytes, directory);
    if ('kind' in page) findings.push({ code: 'image/page-unreadable', severity: 'error', params: { page: i + 1, why: page.code } });
    else {
      yield page;
      count += 1;
    }
  }
  return count > 0 ? done('tiff', count, findings) : refusal('image/unreadable');
}

async function tiffPage(bytes: Uint8Array, directory: TiffDirectory): Promise<ImagePage | Refusal> {
  const dpi = directory.resolutionDpi !== null && directory.resolutionDpi >= 100 ? directory.resolutionDpi : undefined;
  if (directory.compression === COMPRESSION_OLD_JPEG) return oldJpegPage(bytes, directory, dpi);
  const decoded = await decodePixels(bytes, directory.index);
  return 'kind' in decoded ? decoded : derivedPage(decoded.pixels, decoded.damage, decoded.shownShare01, dpi);
}

async function oldJpegPage(bytes: Uint8Array, directory: TiffDirectory, dpi: number | undefined): Promise<ImagePage | Refusal> {
  const found = findOldJpeg(bytes, directory);
  if (!found) return refusal('image/format-unsupported', { format: 'tiff-old-jpeg' });
  const header = await readHeader(found.bytes);
  if ('kind' in header) return header;
  const damage = await checkWhole(found.bytes, header, 'jpeg', 'decode');
  if (found.exact && damage !== 'partial' && directory.orientation === 1) {
    const { widthPx, heightPx } = header;
    const resolution = dpi ?? header.resolutionDpi;
    return {
      origin: 'embedded',
      mediaType: 'image/jpeg',
      bytes: found.bytes,
      widthPx,
      heightPx,
      ...(resolution ? { resolutionDpi: resolution } : {}),
      // Writers of this kind leave stray bytes in their tables: a complaint about them alone is no damage.
      findings: tinyFindings(header),
    };
  }
  const decoded = await decodePixels(found.bytes);
  return 'kind' in decoded ? decoded : derivedPage(decoded.pixels, decoded.damage, decoded.shownShare01, dpi);
}

async function derivedPage(pixels: Pixels, damage: Damage, shownShare01: number, dpi: number | undefined): Promise<ImagePage> {
  const resolution = dpi ? { resolutionDpi: dpi } : {};
  const { mediaType, bytes } = await encodePage(pixels, { lossless: false, ...resolution });
  const { widthPx, heightPx } = pixels;
  const findings = [...tinyFindings(pixels), ...damageFindings(damage, shownShare01)];
  return { origin: 'rendered', mediaType, bytes, widthPx, heightPx, ...resolution, findings };
}

function sizeOf({ widthPx, heightPx, resolutionDpi }: ImageHeader) {
  return { widthPx, heightPx, ...(resolutionDpi === undefined ? {} : { resolutionDpi }) };
}

function done(format: ImageFormat, pageCount: number, findings: readonly Finding[]): ImageOutcome {
  return { kind: 'pages', format, mediaType: IMAGE_MEDIA_TYPES[format], pageCount, findings };
}

function tinyFindings({ widthPx, heightPx }: { widthPx: number; heightPx: number }): Finding[] {
  if (Math.min(widthPx, heightPx) >= MIN_PAGE_SIDE_PX) return [];
  return [{ code: 'image/tiny', severity: 'warning', params: { widthPx, heightPx, limit: MIN_PAGE_SIDE_PX } }];
}

/** A page of which a part is missing blocks filing until a person looked; a page that only drew a complaint does not. */
function damageFindings(damage: Damage, shownShare01: number): Finding[] {
  if (damage === 'none') return [];
  if (damage === 'slight' || shownShare01 >= WHOLE_SHARE01) return [{ code: 'image/damaged', severity: 'warning' }];
  return [{ code: 'image/incomplete', severity: 'error', params: { shownPercent: Math.floor(shownShare01 * 100) } }];
}

function frameFindings(header: ImageHeader): Finding[] {
  if (header.frameCount < 2) return [];
  return [{ code: 'image/frames-ignored', severity: 'warning', params: { count: header.frameCount - 1 } }];
}
