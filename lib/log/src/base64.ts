const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Value of each digit by its code; 0 also for the padding. */
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => Math.max(0, DIGITS.indexOf(String.fromCharCode(code))));

/** Standard base 64 with padding. Source: RFC 4648 section 4. */
export function formatBase64(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out += DIGITS[group >> 18]! + DIGITS[(group >> 12) & 63]!;
    out += i + 1 < bytes.length ? DIGITS[(group >> 6) & 63]! : '=';
    out += i + 2 < bytes.length ? DIGITS[group & 63]! : '=';
  }
  return out;
}

/**
 * Bytes of standard base 64; null when the text is not exactly what {@link formatBase64} writes. Strict on purpose: a text with a
 * second spelling of the same bytes (missing padding, spaces, loose last bits) could be altered unseen.
 */
export function findBase64(text: string): Uint8Array | null {
  if (text.length % 4 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const out = new Uint8Array((text.length / 4) * 3 - padding);
  const digit = (i: number) => VALUES[text.charCodeAt(i)]!;
  let at = 0;
  for (let i = 0; i < text.length; i += 4) {
    const group = (digit(i) << 18) | (digit(i + 1) << 12) | (digit(i + 2) << 6) | digit(i + 3);
    out[at++] = group >> 16;
    if (at < out.length) out[at++] = (group >> 8) & 255;
    if (at < out.length) out[at++] = group & 255;
  }
  // The last digit before the padding has two or four bits that no byte takes: anything but zero would be a second spelling.
  const looseBits = padding === 2 ? digit(text.length - 3) & 15 : padding === 1 ? digit(text.length - 2) & 3 : 0;
  return looseBits === 0 ? out : null;
}
