import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Time-based one-time passwords. Source: RFC 6238 with the values every authenticator understands: SHA-1, six digits, 30 seconds. */
const STEP_MS = 30_000;
const DIGITS = 6;
/** RFC 4226 section 4 asks for 160 bits. */
const SECRET_BYTES = 20;
/** A clock may be one step off either way. */
const WINDOW_STEPS = 1;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export const makeTotpSecret = (): Uint8Array => randomBytes(SECRET_BYTES);

/** Base 32 without padding. Source: RFC 4648 section 6. */
export function formatBase32(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET[(value << (5 - bits)) & 31] : text;
}

/** The address that an authenticator reads from a QR code. Source: the otpauth key URI format. */
export function formatTotpUri(secret: Uint8Array, accountName: string): string {
  const query = new URLSearchParams({ secret: formatBase32(secret), issuer: 'Lantai', digits: String(DIGITS), period: '30' });
  return `otpauth://totp/Lantai:${encodeURIComponent(accountName)}?${query}`;
}

/** Number of the time step that a moment lies in. */
export const totpStep = (timeMs: number): number => Math.floor(timeMs / STEP_MS);

/** The code of a step: six digits. Source: RFC 4226 section 5.3. */
export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac[mac.length - 1]! & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/**
 * The step whose code this is, or null.
 * @param lastStep the step whose code was used last: it and all before are refused, so that a code works once
 */
export function findTotpStep(secret: Uint8Array, code: string, timeMs: number, lastStep: number): number | null {
  const now = totpStep(timeMs);
  let found: number | null = null;
  for (let step = now - WINDOW_STEPS; step <= now + WINDOW_STEPS; step++) {
    const isEqual = code.length === DIGITS && timingSafeEqual(Buffer.from(totpCode(secret, step)), Buffer.from(code));
    if (isEqual && step > lastStep) found ??= step;
  }
  return found;
}
