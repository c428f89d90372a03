import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSeparator, loadScheme, readSeparator, separate } from './index.ts';

const cadre = loadScheme(readFileSync(new URL('../../../schemes/cadre-2018.yaml', import.meta.url), 'utf8'));
const of = (dossier: string, classCode: string | null = null, isMaterial = false) => formatSeparator({ dossier, classCode, isMaterial });

describe('a separator', () => {
  it('is read back as it was written, and no altered one is', () => {
    const separator = fc.record({
      dossier: fc.constantFrom('P1101', 'Z109-RS·GB-000123', 'A439-WS·2015·D30·003-005', '档-1'),
      classCode: fc.option(fc.constantFrom('1', '4-1', '10', 'ON')),
      isMaterial: fc.boolean(),
    });
    fc.assert(
      fc.property(separator, fc.nat(), (s, n) => {
        const text = formatSeparator(s);
        expect(readSeparator(text)).toEqual(s);
        const at = 'LANTAI-SEP/'.length + (n % (text.length - 'LANTAI-SEP/'.length));
        const altered = text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1);
        expect(readSeparator(altered)).toBe('damaged');
      }),
    );
    expect(['https://example.cn', 'P1101', ''].map(readSeparator)).toEqual([null, null, null]);
    expect(readSeparator('LANTAI-SEP/2 D=P1101 0000')).toBe('damaged');
  });

  it('switches dossier, class and material for what follows, and is itself no page', () => {
    const files = [
      ['0', []],
      ['1', [of('P1101', '1', true)]],
      ['2', ['https://example.cn']],
      ['3', [of('P1101', '1', true)]],
      ['4', []],
      ['5', [of('P1101', '4-1')]],
      ['6', []],
      ['7', [of('P1102')]],
      ['8', []],
    ] as const;
    const told = separate(
      cadre,
      files.map(([path, codes]) => ({ path, codes })),
    );
    expect(told.map((f) => [f.kind, f.dossier, f.classCode, f.material])).toEqual([
      ['page', null, null, null],
      ['separator', 'P1101', '1', 1],
      ['page', 'P1101', '1', 1],
      ['separator', 'P1101', '1', 2],
      ['page', 'P1101', '1', 2],
      ['separator', 'P1101', '4-1', null],
      ['page', 'P1101', '4-1', null],
      ['separator', 'P1102', null, null],
      ['page', 'P1102', null, null],
    ]);
    expect(told.every((f) => f.problem === null)).toBe(true);
  });

  it('that cannot be believed leaves what follows unsure, up to the next good one', () => {
    const good = of('P1101', '1', true);
    const codes = [[good], [], [good.replace('P1101', 'P1201')], [], [of('P1101', '4')], [], [good, of('P1102')], [], [good], []];
    const told = separate(
      cadre,
      codes.map((c, i) => ({ path: String(i), codes: c })),
    );
    expect(told.map((f) => f.problem)).toEqual([
      null,
      null,
      'damaged',
      'damaged',
      'class-unknown',
      'class-unknown',
      'several',
      'several',
      null,
      null,
    ]);
    expect(told.filter((f) => f.problem).every((f) => f.dossier === null)).toBe(true);
  });
});
