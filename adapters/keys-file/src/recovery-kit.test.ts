import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRecoveryKit, parseRecoveryKit } from './recovery-kit.ts';
import { LINE_LENGTH } from './symbol-lines.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const plainLines = (bytes: Uint8Array) => formatRecoveryKit(bytes).map((line) => line.replaceAll(' ', ''));

/** Another symbol at one place. */
const exchange = (line: string, at: number, by: number) => {
  const symbol = ALPHABET[(ALPHABET.indexOf(line[at]!) + 1 + (by % 31)) % 32]!;
  return line.slice(0, at) + symbol + line.slice(at + 1);
};

describe('the recovery kit', () => {
  it('is four lines of four groups, and gives the key back however it is typed', () => {
    fc.assert(
      fc.property(key, (bytes) => {
        const lines = formatRecoveryKit(bytes);
        expect(lines.length).toBe(4);
        for (const line of lines) expect(line).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}( [0-9A-HJKMNP-TV-Z]{4}){3}$/);
        const text = lines.join('\n');
        const typed = [
          text,
          text.toLowerCase(),
          text.replaceAll('0', 'o').replaceAll('1', 'l'),
          text.replaceAll(' ', '-'),
          `\n${text}\r\n\n`,
          text.replace(/\s/g, ''),
        ];
        for (const each of typed) expect(parseRecoveryKit(each)).toEqual({ kind: 'key', key: bytes });
      }),
    );
  });

  it('names the place of any one wrong symbol and what it should be', () => {
    fc.assert(
      fc.property(key, fc.nat(3), fc.nat(LINE_LENGTH - 1), fc.nat(), (bytes, line, at, by) => {
        const lines = plainLines(bytes);
        const right = lines[line]![at]!;
        lines[line] = exchange(lines[line]!, at, by);
        expect(parseRecoveryKit(lines.join('\n'))).toEqual({ kind: 'wrong-symbol', line: line + 1, symbol: at + 1, expected: right });
      }),
    );
  });

  it('never gives a key for two wrong symbols in one line, nor names a third as the only one', () => {
    fc.assert(
      fc.property(key, fc.nat(3), fc.nat(15), fc.nat(15), fc.nat(), fc.nat(), (bytes, line, a, b, byA, byB) => {
        fc.pre(a !== b);
        const lines = plainLines(bytes);
        lines[line] = exchange(exchange(lines[line]!, a, byA), b, byB);
        expect(parseRecoveryKit(lines.join('\n'))).toEqual({ kind: 'wrong-line', line: line + 1 });
      }),
    );
  });

  it('notices two neighbours that changed places, and two groups', () => {
    fc.assert(
      fc.property(key, fc.nat(3), fc.nat(14), (bytes, line, at) => {
        const lines = plainLines(bytes);
        const [a, b] = [lines[line]![at]!, lines[line]![at + 1]!];
        fc.pre(a !== b);
        lines[line] = lines[line]!.slice(0, at) + b + a + lines[line]!.slice(at + 2);
        expect(parseRecoveryKit(lines.join('\n')).kind).toBe('wrong-line');
      }),
    );
  });

  it('says which line is too short, too long, missing or holds a character no kit has', () => {
    const lines = plainLines(new Uint8Array(32).fill(1));
    const reading = (change: (lines: string[]) => string[]) => parseRecoveryKit(change([...lines]).join('\n'));
    expect(reading((all) => all.with(2, all[2]!.slice(1)))).toEqual({ kind: 'wrong-length', line: 3, symbols: 15 });
    expect(reading((all) => all.with(0, `${all[0]}0`))).toEqual({ kind: 'wrong-length', line: 1, symbols: 17 });
    expect(reading((all) => all.slice(0, 3))).toEqual({ kind: 'wrong-length', line: 4, symbols: 0 });
    expect(reading((all) => [...all, all[0]!])).toEqual({ kind: 'wrong-length', line: 5, symbols: 16 });
    expect(parseRecoveryKit('')).toEqual({ kind: 'wrong-length', line: 1, symbols: 0 });
    expect(reading((all) => all.with(1, `U${all[1]!.slice(1)}`))).toEqual({ kind: 'wrong-character', line: 2, symbol: 1 });
    expect(reading((all) => all.with(3, `${all[3]!.slice(0, 9)}张${all[3]!.slice(10)}`))).toEqual({
      kind: 'wrong-character',
      line: 4,
      symbol: 10,
    });
  });
});
