const CHECK_DIGITS = 4;

/** Fletcher's checksum of the text, four hexadecimal digits: tells a code of ours from a chance one. No proof of anything. */
export function checkOf(text: string): string {
  let [a, b] = [0, 0];
  for (const byte of new TextEncoder().encode(text)) {
    a = (a + byte) % 255;
    b = (b + a) % 255;
  }
  return ((b << 8) | a).toString(16).toUpperCase().padStart(CHECK_DIGITS, '0');
}
