import { assert } from '@lantai/values';

// docs/spec/key-store.md, "Recovery kit": 32 bytes as 52 symbols of five bits, in four lines of 13, each with three check symbols.

/** Crockford's base 32: no I, L, O, U, so that nothing printed can be read as something else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LINE_COUNT = 4;
const DATA_PER_LINE = 13;
const CHECKS_PER_LINE = 3;
/** Symbols of one line. */
export const KIT_LINE_LENGTH = DATA_PER_LINE + CHECKS_PER_LINE;
const GROUP_LENGTH = 4;
const KEY_LENGTH = 32;

// GF(32) with x^5 + x^2 + 1; EXP[i] is x^i.
const EXP: number[] = [];
for (let i = 0, x = 1; i < 62; i++) {
  EXP.push(x);
  x <<= 1;
  if (x & 32) x ^= 0b100101;
}
const LOG = new Map(EXP.slice(0, 31).map((x, i) => [x, i] as const));
const log = (x: number): number => LOG.get(x) ?? 0;
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : EXP[log(a) + log(b)]!);

/** The line as a polynomial, first symbol the highest power, at x^power. */
const evaluate = (line: readonly number[], power: number): number => line.reduce((sum, symbol) => times(sum, EXP[power]!) ^ symbol, 0);

/** Symbols for `data` such that the whole line is zero at x^1, x^2 and x^3: a Reed–Solomon code that finds any one wrong symbol and notices any two. */
function checkSymbols(data: readonly number[]): number[] {
  // Generator (z + x)(z + x^2)(z + x^3), highest power first.
  let generator = [1];
  for (let power = 1; power <= CHECKS_PER_LINE; power++) {
    const shifted = [...generator, 0];
    generator = shifted.map((symbol, i) => symbol ^ (i > 0 ? times(generator[i - 1]!, EXP[power]!) : 0));
  }
  const rest = [...data, ...new Array<number>(CHECKS_PER_LINE).fill(0)];
  for (let i = 0; i < data.length; i++) {
    const lead = rest[i]!;
    generator.forEach((symbol, j) => {
      rest[i + j]! ^= times(symbol, lead);
    });
  }
  return rest.slice(data.length);
}

function toSymbols(key: Uint8Array): number[] {
  let number = BigInt(`0x${Buffer.from(key).toString('hex')}`) << 4n;
  const symbols: number[] = [];
  for (let i = 0; i < LINE_COUNT * DATA_PER_LINE; i++) {
    symbols.unshift(Number(number & 31n));
    number >>= 5n;
  }
  return symbols;
}

/** Four lines of four groups of four symbols that hold a root key, to be printed. Whoever has them has the archive. */
export function formatRecoveryKit(rootKey: Uint8Array): string[] {
  assert(rootKey.length === KEY_LENGTH, 'a root key has 32 bytes');
  const symbols = toSymbols(rootKey);
  return Array.from({ length: LINE_COUNT }, (_, i) => {
    const data = symbols.slice(i * DATA_PER_LINE, (i + 1) * DATA_PER_LINE);
    const line = [...data, ...checkSymbols(data)].map((symbol) => ALPHABET[symbol]).join('');
    return line.match(new RegExp(`.{${GROUP_LENGTH}}`, 'g'))!.join(' ');
  });
}

/** What a typed recovery kit turned out to be. Lines and symbols are counted from 1; spaces and dashes do not count. */
export type RecoveryKitReading =
  | { readonly kind: 'key'; readonly key: Uint8Array }
  /** Not four lines, or a line with another number of symbols than 16. */
  | { readonly kind: 'wrong-length'; readonly line: number; readonly symbols: number }
  /** A character that no kit holds. */
  | { readonly kind: 'wrong-character'; readonly line: number; readonly symbol: number }
  /** One symbol of the line is wrong; `expected` is what the check symbols say it is. To be compared with the paper, not taken over unseen. */
  | { readonly kind: 'wrong-symbol'; readonly line: number; readonly symbol: number; readonly expected: string }
  /** More than one symbol of the line is wrong. */
  | { readonly kind: 'wrong-line'; readonly line: number };

/** Reads a recovery kit as a person typed it: any case, O for 0, I and L for 1, spaces and dashes anywhere, lines or one row of 64 symbols. */
export function parseRecoveryKit(text: string): RecoveryKitReading {
  const lines = splitLines(text);
  const symbols: number[] = [];
  for (const [i, line] of lines.entries()) {
    if (i >= LINE_COUNT || line.length !== KIT_LINE_LENGTH) return { kind: 'wrong-length', line: i + 1, symbols: line.length };
    const values = [...line].map((char) => ALPHABET.indexOf(char));
    if (values.includes(-1)) return { kind: 'wrong-character', line: i + 1, symbol: values.indexOf(-1) + 1 };
    const fault = findFault(values);
    if (fault === 'several') return { kind: 'wrong-line', line: i + 1 };
    if (fault)
      return { kind: 'wrong-symbol', line: i + 1, symbol: fault.at + 1, expected: ALPHABET[values[fault.at]! ^ fault.difference]! };
    symbols.push(...values.slice(0, DATA_PER_LINE));
  }
  if (lines.length < LINE_COUNT) return { kind: 'wrong-length', line: lines.length + 1, symbols: 0 };
  // The last data symbol ends in four bits that are always zero; a valid line with others was never printed.
  if ((symbols.at(-1)! & 15) !== 0) return { kind: 'wrong-line', line: LINE_COUNT };
  const number = symbols.reduce((sum, symbol) => (sum << 5n) | BigInt(symbol), 0n) >> 4n;
  return { kind: 'key', key: Uint8Array.from(Buffer.from(number.toString(16).padStart(KEY_LENGTH * 2, '0'), 'hex')) };
}

function splitLines(text: string): string[] {
  const plain = (line: string) =>
    line
      .toUpperCase()
      .replace(/[\s\-–—]/g, '')
      .replace(/O/g, '0')
      .replace(/[IL]/g, '1');
  const lines = text.split(/\r?\n/).map(plain).filter(Boolean);
  const [only] = lines;
  if (lines.length !== 1 || only?.length !== KIT_LINE_LENGTH * LINE_COUNT) return lines;
  return Array.from({ length: LINE_COUNT }, (_, i) => only.slice(i * KIT_LINE_LENGTH, (i + 1) * KIT_LINE_LENGTH));
}

/** The one wrong symbol of a line, `several`, or null when the line is right. */
function findFault(line: readonly number[]): { at: number; difference: number } | 'several' | null {
  const [s1, s2, s3] = [1, 2, 3].map((power) => evaluate(line, power)) as [number, number, number];
  if (s1 === 0 && s2 === 0 && s3 === 0) return null;
  // One error e at power n of the polynomial gives s1 = e·x^n, s2 = e·x^2n, s3 = e·x^3n.
  if (s1 === 0 || s2 === 0 || s3 === 0 || times(s2, s2) !== times(s1, s3)) return 'several';
  const power = (log(s2) - log(s1) + 31) % 31;
  const at = line.length - 1 - power;
  if (at < 0) return 'several';
  return { at, difference: EXP[(log(s1) - power + 62) % 31]! };
}
