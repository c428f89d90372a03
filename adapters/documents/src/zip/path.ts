import { crc32 } from 'node:zlib';
import { getFileNameLowLevel } from 'yauzl';
import { MAX_ZIP_PATH_BYTES } from '../limits.ts';

/** What the directory says of a member's name. */
export interface RawName {
  readonly bytes: Uint8Array;
  readonly flags: number;
  readonly extraFields: readonly { readonly id: number; readonly data: Uint8Array }[];
}

const FLAG_UTF8 = 0x800;
const EXTRA_UNICODE_PATH = 0x7075;
/** Characters expected in the names of Chinese files; GB 18030 decodes nearly any bytes, mostly to others. */
const LIKELY = /^[\x20-\x7e\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e\u2014\u2018-\u201d\u2026\u00b7\u3400-\u4dbf\u2160-\u216b]*$/;

/**
 * The name in Unicode: as flagged, as the Info-ZIP Unicode path says, else UTF-8, GB 18030 (Windows in China) or code page 437, the first that fits.
 * Source: APPNOTE 6.3.10, 4.4.4 bit 11, 4.6.9, appendix D.
 */
export function decodeName({ bytes, flags, extraFields }: RawName): string {
  if (bytes.every((b) => b < 0x80)) return decodeAs('utf-8', bytes) ?? '';
  const unicode = findUnicodePath(bytes, extraFields);
  if (unicode !== null) return unicode;
  const utf8 = decodeAs('utf-8', bytes);
  if (utf8 !== null) return utf8;
  const gb = flags & FLAG_UTF8 ? null : decodeAs('gb18030', bytes);
  if (gb !== null && LIKELY.test(gb) && looksChinese(bytes)) return gb;
  return getFileNameLowLevel(0, Buffer.from(bytes), [], false);
}

/**
 * At least half of the double bytes lie where GB 2312 has its common characters (both bytes from 0xA1); a Western name,
 * an accent before a plain letter, has none there.
 */
function looksChinese(bytes: Uint8Array): boolean {
  let [common, all] = [0, 0];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]! < 0x80) continue;
    all += 1;
    i += 1;
    if (bytes[i]! >= 0xa1) common += 1;
  }
  return common * 2 >= all;
}

function decodeAs(encoding: 'utf-8' | 'gb18030', bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null; // not this encoding: that is the question
  }
}

function findUnicodePath(name: Uint8Array, fields: RawName['extraFields']): string | null {
  const field = fields.find((f) => f.id === EXTRA_UNICODE_PATH)?.data;
  if (!field || field.length < 6 || field[0] !== 1) return null;
  const sum = new DataView(field.buffer, field.byteOffset).getUint32(1, true);
  return sum === crc32(name) ? decodeAs('utf-8', field.subarray(5)) : null;
}

/**
 * The path with forward slashes, without `.` parts, in normal form C; null when it could lead out of the folder it is unpacked in:
 * absolute, with a drive, with `..`, with control characters, empty or too long.
 */
export function findSafePath(name: string): string | null {
  const path = name.normalize('NFC').replaceAll('\\', '/');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (path.startsWith('/') || /[\u0000-\u001f\u007f]/.test(path)) return null;
  if (new TextEncoder().encode(path).length > MAX_ZIP_PATH_BYTES) return null;
  const parts = path.split('/').filter((part, i, all) => part !== '.' && (part !== '' || i === all.length - 1));
  const out = parts.join('/');
  // Looked at last: `./C:x` begins with a drive once its dot is gone.
  return parts.includes('..') || parts.join('') === '' || /^[a-z]:/i.test(out) ? null : out;
}
