import { utf8 } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../test/vectors/log/entries.json' with { type: 'json' };
import { decodeEntry, type Entry, encodeEntry, findEntry } from './index.ts';

const uuid = fc.uuid();
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
const value = fc.oneof(fc.maxSafeInteger(), fc.stringMatching(/^[a-z][A-Za-z0-9._:/+=-]{0,60}$/));
const params = fc.dictionary(fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,31}$/), value, { minKeys: 1, maxKeys: 8 });
const entries: fc.Arbitrary<Entry> = fc.record(
  {
    id: uuid,
    atMs: fc.maxSafeNat(),
    kind: fc.constantFrom('page.received', 'dossier/opened', 'search', 'key.rotate.done'),
    actor: fc.oneof(
      fc.constant('system'),
      uuid,
      uuid.map((id) => `account:${id}`),
    ),
    object: uuid.map((id) => `page:${id}`),
    dossier: uuid,
    commit: digest,
    params,
  },
  { requiredKeys: ['id', 'atMs', 'kind', 'actor'] },
);
const base: Entry = { id: '0190b2c4-7d1a-7000-8000-000000000001', atMs: 1_763_769_600_000, kind: 'page.received', actor: 'system' };

describe('entries', () => {
  it('decode to what was encoded, always as the same bytes', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        const bytes = encodeEntry(entry);
        expect(decodeEntry(bytes)).toEqual(entry);
        const shuffled = Object.fromEntries(Object.entries({ ...entry, params: reversed(entry.params) }).reverse());
        expect(encodeEntry(shuffled as unknown as Entry)).toEqual(bytes);
      }),
    );
  });

  it('have the bytes of the committed vectors', () => {
    for (const { text } of vectors.good) expect(new TextDecoder().decode(encodeEntry(decodeEntry(utf8(text))))).toBe(text);
    for (const { why, text } of vectors.bad) expect(findEntry(utf8(text)), why).toBeNull();
    expect(() => decodeEntry(utf8('{}'))).toThrow('entry/malformed');
  });

  it('are refused when any byte of their text is changed to say something in a second spelling', () => {
    fc.assert(
      fc.property(entries, fc.nat(), fc.integer({ min: 0, max: 255 }), (entry, at, byte) => {
        const bytes = encodeEntry(entry);
        bytes[at % bytes.length] = byte;
        const found = findEntry(bytes);
        if (found) expect(encodeEntry(found)).toEqual(bytes);
      }),
    );
    expect(findEntry(Uint8Array.of(0xff))).toBeNull();
    expect(findEntry(utf8('\ufeff{"v":1}'))).toBeNull();
    expect(findEntry(new Uint8Array(5000).fill(0x20))).toBeNull();
  });

  it('hold no personal data: names, sentences, ID numbers and telephone numbers are refused where they could slip in', () => {
    const slips: Partial<Record<keyof Entry, unknown>>[] = [
      { params: { name: '王小明' } },
      { params: { name: 'Wang Xiaoming' } },
      { params: { number: '11010519491231002X' } },
      { params: { number: '11010519491231002x' } },
      { params: { phone: '13800138000' } },
      { params: { phone: 13_800_138_000 } },
      { actor: '王小明' },
      { object: 'page:王小明.jpg' },
      { object: 'scan 1.jpg' },
      { dossier: 'D-0001' },
      { kind: '查阅' },
    ];
    for (const slip of slips) expect(() => encodeEntry({ ...base, ...slip } as Entry), JSON.stringify(slip)).toThrow('entry/malformed');
  });

  it('are refused when a field is not of its form', () => {
    const bad: Record<string, unknown>[] = [
      { id: '0190B2C4-7D1A-7000-8000-000000000001' },
      { atMs: -1 },
      { atMs: 1.5 },
      { atMs: Number.NaN },
      { commit: new Uint8Array(31) },
      { commit: 'ab' },
      { params: {} },
      { params: { 'a b': 1 } },
      { params: { a: 1.5 } },
      { params: { a: true } },
      { params: { a: -0 } },
      { params: { a: 'x'.repeat(201) } },
      { params: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`p${i}`, i])) },
      { params: Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`p${i}`, 'x'.repeat(200)])) },
    ];
    for (const fields of bad) expect(() => encodeEntry({ ...base, ...fields } as Entry), JSON.stringify(fields)).toThrow('entry/malformed');
    expect(encodeEntry(base).length).toBeGreaterThan(0);
  });
});

const reversed = (object: Entry['params']) => object && Object.fromEntries(Object.entries(object).reverse());
