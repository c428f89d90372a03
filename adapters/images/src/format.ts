/** Image formats told apart by their first bytes. `heic`, `jp2`, `psd`, `ico`, `icns` and `svg` are known so that the refusal can name them. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'tiff' | 'bmp' | 'gif' | 'avif' | 'heic' | 'jp2' | 'psd' | 'ico' | 'icns' | 'svg';

/** Media types of {@link ImageFormat}. */
export const IMAGE_MEDIA_TYPES: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  tiff: 'image/tiff',
  bmp: 'image/bmp',
  gif: 'image/gif',
  avif: 'image/avif',
  heic: 'image/heic',
  jp2: 'image/jp2',
  psd: 'image/vnd.adobe.photoshop',
  ico: 'image/vnd.microsoft.icon',
  icns: 'image/icns',
  svg: 'image/svg+xml',
};

const ascii = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));

/** The format by magic bytes, never by name; null when it is no image known here. */
export function findImageFormat(bytes: Uint8Array): ImageFormat | null {
  const head = ascii(bytes, 0, 16);
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp';
  if (/^(II\x2a\0|MM\0\x2a|II\x2b\0|MM\0\x2b)/.test(head)) return 'tiff';
  if (head.startsWith('BM') && isBmp(bytes)) return 'bmp';
  if (/^GIF8[79]a/.test(head)) return 'gif';
  if (head.slice(4, 8) === 'ftyp') return findHeifFormat(bytes);
  if (head.startsWith('\0\0\0\x0cjP  ') || head.startsWith('\xff\x4f\xff\x51')) return 'jp2';
  if (head.startsWith('8BPS')) return 'psd';
  if (head.startsWith('\0\0\x01\0') && head.length > 6) return 'ico';
  if (head.startsWith('icns')) return 'icns';
  if (/^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]{0,200}?-->\s*)?<svg[\s>]/.test(ascii(bytes, 0, 600))) return 'svg';
  return null;
}

/** "BM" alone also begins ordinary text: the header's length field must be one that exists. */
function isBmp(bytes: Uint8Array): boolean {
  if (bytes.length < 26) return false;
  const header = new DataView(bytes.buffer, bytes.byteOffset).getUint32(14, true);
  return [12, 16, 40, 52, 56, 64, 108, 124].includes(header);
}

/** ISO base media: AVIF can be decoded here, HEIC (HEVC, under patents) cannot. Other brands are video. */
function findHeifFormat(bytes: Uint8Array): ImageFormat | null {
  const boxLength = Math.min(bytes.length, 8 + (bytes[3] ?? 0));
  const brands = ascii(bytes, 8, boxLength).match(/.{4}/gs) ?? [];
  if (brands.some((b) => b === 'avif' || b === 'avis')) return 'avif';
  return brands.some((b) => ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'].includes(b)) ? 'heic' : null;
}
