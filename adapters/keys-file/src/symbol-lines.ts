import { assert } from '@lantai/values';

// docs/spec/key-store.md, "Recovery kit": bytes as symbols of five bits, in lines of 13, each with three check symbols.

/** Crockford's base 32: no I, L, O, U, so that nothing printed can be read as something else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const DATA_PER_LINE = 13;
const CHECKS_PER_LINE = 3;
/** Symbols of one line, check symbols included. */
export const LINE_LENGTH = DATA_PER_LINE + CHECKS_PER_LINE;
const GROUP_LENGTH = 4;

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

const BITS_PER_SYMBOL = 5;
const BITS_PER_BYTE = 8;

/** Zero bits behind the bytes that fill the last line. */
const spareBits = (byteCount: number, lineCount: number): bigint =>
  BigInt(lineCount * DATA_PER_LINE * BITS_PER_SYMBOL - byteCount * BITS_PER_BYTE);

/** How many lines hold so many bytes. */
export const lineCountOf = (byteCount: number): number => Math.ceil((byteCount * BITS_PER_BYTE) / (DATA_PER_LINE * BITS_PER_SYMBOL));

/** Bytes to be printed and typed back: lines of four groups of four symbols, of which any one wrong symbol is found with its place. */
export function formatLines(bytes: Uint8Array): string[] {
  const lineCount = lineCountOf(bytes.length);
  assert(bytes.length > 0, 'there is something to print');
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`) << spareBits(bytes.length, lineCount);
  const symbols: number[] = [];
  for (let i = 0; i < lineCount * DATA_PER_LINE; i++) {
    symbols.unshift(Number(number & 31n));
    number >>= 5n;
  }
  return Array.from({ length: lineCount }, (_, i) => {
    const data = symbols.slice(i * DATA_PER_LINE, (i + 1) * DATA_PER_LINE);
    const line = [...data, ...checkSymbols(data)].map((symbol) => ALPHABET[symbol]).join('');
    return line.match(new RegExp(`.{${GROUP_LENGTH}}`, 'g'))!.join(' ');
  });
}

/** What typed lines turned out to be. Lines and symbols are counted from 1; spaces and dashes do not count. */
export type LinesReading = { readonly kind: 'bytes'; readonly bytes: Uint8Array } | LinesFault;

/** Where typed lines are wrong. */
export type LinesFault =
  /** Too few or too many lines, or a line with another number of symbols than 16. */
  | { readonly kind: 'wrong-length'; readonly line: number; readonly symbols: number }
  /** A character that is no symbol. */
  | { readonly kind: 'wrong-character'; readonly line: number; readonly symbol: number }
  /** One symbol of the line is wrong; `expected` is what the check symbols say it is. To be compared with the paper, not taken over unseen. */
  | { readonly kind: 'wrong-symbol'; readonly line: number; readonly symbol: number; readonly expected: string }
  /** More than one symbol of the line is wrong. */
  | { readonly kind: 'wrong-line'; readonly line: number };

/** Reads lines that hold `byteCount` bytes as a person typed them: any case, O for 0, I and L for 1, spaces and dashes anywhere, lines or one row of symbols. */
export function parseLines(text: string, byteCount: number): LinesReading {
  const lineCount = lineCountOf(byteCount);
  const lines = splitLines(text, lineCount);
  const symbols: number[] = [];
  for (const [i, line] of lines.entries()) {
    if (i >= lineCount || line.length !== LINE_LENGTH) return { kind: 'wrong-length', line: i + 1, symbols: line.length };
    const values = [...line].map((char) => ALPHABET.indexOf(char));
    if (values.includes(-1)) return { kind: 'wrong-character', line: i + 1, symbol: values.indexOf(-1) + 1 };
    const fault = findFault(values);
    if (fault === 'several') return { kind: 'wrong-line', line: i + 1 };
    if (fault)
      return { kind: 'wrong-symbol', line: i + 1, symbol: fault.at + 1, expected: ALPHABET[values[fault.at]! ^ fault.difference]! };
    symbols.push(...values.slice(0, DATA_PER_LINE));
  }
  if (lines.length < lineCount) return { kind: 'wrong-length', line: lines.length + 1, symbols: 0 };
  const spare = spareBits(byteCount, lineCount);
  const number = symbols.reduce((sum, symbol) => (sum << 5n) | BigInt(symbol), 0n);
  // The bits behind the bytes are always zero; a valid line with others was never printed.
  if ((number & ((1n << spare) - 1n)) !== 0n) return { kind: 'wrong-line', line: lineCount };
  const digits = (number >> spare).toString(16).padStart(byteCount * 2, '0');
  return { kind: 'bytes', bytes: Uint8Array.from(Buffer.from(digits, 'hex')) };
}

function splitLines(text: string, lineCount: number): string[] {
  const plain = (line: string) =>
    line
      .toUpperCase()
      .replace(/[\s\-–—]/g, '')
      .replace(/O/g, '0')
      .replace(/[IL]/g, '1');
  const lines = text.split(/\r?\n/).map(plain).filter(Boolean);
  const [only] = lines;
  if (lines.length !== 1 || only?.length !== LINE_LENGTH * lineCount) return lines;
  return Array.from({ length: lineCount }, (_, i) => only.slice(i * LINE_LENGTH, (i + 1) * LINE_LENGTH));
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
