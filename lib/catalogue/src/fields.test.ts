import { findPartialDate } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFieldDefinition, type FieldDefinition, type FieldForm, parseTag, parseTags, readField, readFields } from './index.ts';

const field = (form: FieldForm, more: Partial<FieldDefinition> = {}): FieldDefinition => ({
  code: 'shelf',
  name: { zh: '架位', en: 'Shelf' },
  place: 'material',
  classCodes: [],
  required: false,
  form,
  ...more,
});
const text = field({ kind: 'text', longest: 10 });
const number = field({ kind: 'number', least: -5, most: 2000, decimals: 2 });
const date = field({ kind: 'date' });
const choice = field({ kind: 'choice', choices: ['red', '红色'] });
const value = (f: FieldDefinition, typed: string) => {
  const outcome = readField(f, typed);
  return 'value' in outcome ? outcome.value : outcome.finding.code;
};

describe('archive-defined fields', () => {
  it('brings each value to its one written form', () => {
    expect([' 甲 ', 'e\u0301', ''].map((t) => value(text, t))).toEqual(['甲', 'é', null]);
    expect(['１２', '0012.50', '-0', '1,999', '-5', '3.'].map((t) => value(number, t))).toEqual(['12', '12.5', '0', '1999', '-5', '3']);
    expect(['1990', '1990-07', '1990.7.3', '1990年7月', '１９９０年７月３日', '1990年'].map((t) => value(date, t))).toEqual([
      '1990',
      '1990-07',
      '1990-07-03',
      '1990-07',
      '1990-07-03',
      '1990',
    ]);
    expect(value(choice, ' 红色 ')).toBe('红色');
  });
  it('refuses what the field does not take, without repeating it', () => {
    expect(value(text, '一二三四五六七八九十一')).toBe('field/too-long');
    expect(value(text, 'a\u0000b')).toBe('field/control-characters');
    expect(['abc', '1e3', '--1', '1'.repeat(13), '1.2.3', '٣'].map((t) => value(number, t))).toEqual(Array(6).fill('field/number'));
    expect(value(number, '1.234')).toBe('field/decimals');
    expect([value(number, '2001'), value(number, '-6')]).toEqual(['field/out-of-range', 'field/out-of-range']);
    expect(['1990-02-30', '1990-13', '90', '7月'].map((t) => value(date, t))).toEqual(Array(4).fill('field/date'));
    expect(value(choice, 'blue')).toBe('field/choice');
    expect(value({ ...text, required: true }, ' ')).toBe('field/required');
    const secret = readField(text, '秘密的一句话非常非常非常长');
    expect(JSON.stringify(secret)).not.toContain('秘密');
  });
  it('gives the same written form when the written form is read again', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(text, number, date, choice),
        fc.oneof(fc.string(), fc.float().map(String), fc.constantFrom('1990年7月3日', '007', 'red')),
        (f, typed) => {
          const once = readField(f, typed);
          if ('value' in once && once.value !== null) expect(readField(f, once.value)).toEqual(once);
        },
      ),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1800, max: 2999 }), fc.integer({ min: 1, max: 12 }), (y, m) => {
        expect(findPartialDate(String(value(date, `${y}年${m}月`)))).toEqual({ year: y, month: m });
      }),
    );
  });
  it('checks all fields of a material, those of other classes left out', () => {
    const definitions = [text, { ...number, code: 'size', classCodes: ['4-1'] }, { ...date, code: 'due', required: true }];
    expect(readFields(definitions, 'material', '1', { shelf: ' A ', due: '1990' })).toEqual({
      values: { shelf: 'A', due: '1990' },
      findings: [],
    });
    expect(readFields(definitions, 'material', '1', { size: '1' }).findings.map((f) => f.code)).toEqual([
      'field/required',
      'field/unknown',
    ]);
    expect(readFields(definitions, 'material', '4-1', { size: '1', due: '1990' }).values).toEqual({ size: '1', due: '1990' });
    expect(readFields(definitions, 'dossier', null, {}).findings).toEqual([]);
  });
  it('tells a definition that can be used from one that cannot', () => {
    for (const good of [text, number, date, choice]) expect(checkFieldDefinition(good)).toEqual([]);
    for (const [bad, code] of [
      [{ ...text, code: '架位' }, 'field/code'],
      [{ ...text, name: { zh: ' ', en: 'x' } }, 'field/name'],
      [field({ kind: 'text', longest: 0 }), 'field/longest'],
      [field({ kind: 'number', least: 2, most: 1, decimals: 0 }), 'field/limits'],
      [field({ kind: 'number', least: null, most: null, decimals: 7 }), 'field/decimal-places'],
      [field({ kind: 'choice', choices: [] }), 'field/choices'],
      [{ ...text, place: 'dossier' as const, classCodes: ['1'] }, 'field/classes-of-dossier'],
    ] as const)
      expect(checkFieldDefinition(bad).map((f) => f.code)).toEqual([code]);
  });
});

describe('tags', () => {
  it('keeps each tag once, trimmed, whatever its case and width', () => {
    expect(parseTags([' 待查 ', '待查', 'ＶＩＰ', 'vip', 'a  b'])).toEqual(['待查', 'ＶＩＰ', 'a b']);
  });
  it('refuses empty, endless, invisible and too many', () => {
    for (const bad of ['', '  ', 'x'.repeat(81), 'a\u0007']) expect(() => parseTag(bad)).toThrow('tag/malformed');
    expect(() => parseTags(Array.from({ length: 51 }, (_, i) => `t${i}`))).toThrow('tag/too-many');
  });
});
