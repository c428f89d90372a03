const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

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
  let at = 0;
  for (let i = 0; i < text.length; i += 4) {
    let group = 0;
    for (let k = 0; k < 4; k++) group = (group << 6) | (text[i + k] === '=' ? 0 : DIGITS.indexOf(text[i + k]!));
    for (let shift = 16; shift >= 0 && at < out.length; shift -= 8) out[at++] = (group >> shift) & 255;
  }
  return formatBase64(out) === text ? out : null;
}
