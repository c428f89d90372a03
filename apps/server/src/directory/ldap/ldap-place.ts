/**
 * Where an entry stands, from itself upwards: its relative names in one spelling, so that names written differently compare.
 * Attribute types and values are compared without case and with single blanks, escapes taken off. Source: RFC 4514, RFC 4518.
 */
export function placeOfDn(dn: string): string[] {
  return splitUnescaped(dn, ',').map((name) =>
    splitUnescaped(name, '+')
      .map((pair) => {
        const at = pair.indexOf('=');
        return at < 0 ? folded(pair) : `${folded(pair.slice(0, at))}=${folded(unescaped(trimmed(pair.slice(at + 1))))}`;
      })
      .sort()
      .join('+'),
  );
}

/** One key for a place, which no other place has: no relative name holds a line feed. */
export const placeKey = (place: readonly string[]): string => place.join('\n');

const folded = (text: string) => text.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();
/** Blanks around a value; an escaped one at its end belongs to it. */
const trimmed = (value: string) => value.trimStart().replace(/(?<!\\)\s+$/, '');

function splitUnescaped(text: string, sign: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === sign) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  const last = text.slice(from);
  return parts.length || last.trim() ? [...parts, last] : [];
}

/** `\\2C` is a byte of UTF-8, `\\,` the sign itself. */
const unescaped = (value: string): string =>
  value.replace(/(?:\\[0-9A-Fa-f]{2})+|\\(.)/g, (run, sign: string | undefined) =>
    sign === undefined ? new TextDecoder().decode(Uint8Array.from(run.slice(1).split('\\'), (byte) => Number.parseInt(byte, 16))) : sign,
  );
