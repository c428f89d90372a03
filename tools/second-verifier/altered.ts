/** A reproducible row of numbers below a bound. */
export function makeDice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const SIGNS = 'AZaz09+/=-_ \n\u2014"{}:,.é';

/** A text with one character altered, lost or doubled. */
export function alterText(text: string, roll: (below: number) => number): string {
  const at = roll(text.length + 1);
  const kind = roll(3);
  const put = kind === 0 ? '' : kind === 1 ? SIGNS[roll(SIGNS.length)]! : text.slice(at, at + 1).repeat(2);
  return text.slice(0, at) + put + text.slice(at + 1);
}

/** Bytes with one altered, lost or doubled. */
export function alterBytes(bytes: Buffer, roll: (below: number) => number): Buffer {
  const at = roll(bytes.length);
  const kind = roll(3);
  if (kind === 0) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
  if (kind === 1) return Buffer.concat([bytes.subarray(0, at + 1), bytes.subarray(at)]);
  const copy = Buffer.from(bytes);
  copy[at] = copy[at]! ^ (1 + roll(255));
  return copy;
}
