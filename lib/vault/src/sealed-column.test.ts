import { readFileSync } from 'node:fs';
import { NodePrimitives, nodePrimitives as p } from '@lantai/primitives-node';
import { isArchiveError } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SuiteId } from './primitives.ts';
import { COLUMN_OVERHEAD, type ColumnPlace, createColumnCipher, openColumn, sealColumn } from './sealed-column.ts';

interface Vectors {
  readonly good: readonly {
    readonly name: string;
    readonly suite: SuiteId;
    readonly key: string;
    readonly nonce: string;
    readonly place: ColumnPlace;
    readonly plain: string;
    readonly sealed: string;
  }[];
  readonly bad: readonly {
    readonly why: string;
    readonly of: string;
    readonly key: string;
    readonly place: ColumnPlace;
    readonly sealed: string;
    readonly code: string;
  }[];
}

const file = new URL('../../../test/vectors/sealed-column/sealed-column.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

describe('vectors of sealed columns', () => {
  for (const { name, suite, key, nonce, place, plain, sealed } of vectors.good) {
    it(`${name} seals to the same bytes and opens`, () => {
      const fixed = new NodePrimitives(() => hex(nonce));
      expect(sealColumn(fixed, { suite, key: hex(key), ...place, plain: hex(plain) })).toEqual(hex(sealed));
      expect(openColumn(p, { key: hex(key), ...place, sealed: hex(sealed) })).toEqual(hex(plain));
    });
  }

  for (const { why, of, key, place, sealed, code } of vectors.bad) {
    it(`${of}: ${why}`, () => {
      const open = () => openColumn(p, { key: hex(key), ...place, sealed: hex(sealed) });
      expect(open).toThrow(expect.objectContaining({ code, fault: 'corruption' }));
      expect(open).toThrow(expect.objectContaining({ detail: expect.objectContaining({ table: place.table, column: place.column }) }));
    });
  }
});

describe('sealed columns', () => {
  const text = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' });
  const place = fc.record({ table: text, column: text, rowId: text, version: fc.maxSafeNat() });
  const suite = fc.constantFrom<SuiteId>('intl', 'gm');
  const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

  it('open to what was sealed at their place, and at no other', () => {
    fc.assert(
      fc.property(suite, key, place, place, fc.uint8Array({ maxLength: 300 }), (suite, key, here, there, plain) => {
        const sealed = sealColumn(p, { suite, key, ...here, plain });
        expect(sealed.length).toBe(plain.length + COLUMN_OVERHEAD);
        expect(openColumn(p, { suite, key, ...here, sealed })).toEqual(plain);
        const same = (['table', 'column', 'rowId', 'version'] as const).every((part) => here[part] === there[part]);
        const opened = () => openColumn(p, { suite, key, ...there, sealed });
        if (!same) expect(opened).toThrow(expect.objectContaining({ code: 'column/corrupt' }));
      }),
    );
  });

  it('open under either suite by the same cipher, so that an archive can change its suite', () => {
    const here = { table: 't', column: 'c', rowId: '1', version: 0 };
    const key = new Uint8Array(32).fill(1);
    const older = createColumnCipher(p, { suite: 'intl', key }).seal(here, hex('aabb'));
    const cipher = createColumnCipher(p, { suite: 'gm', key });
    expect(cipher.open(here, older)).toEqual(hex('aabb'));
    expect(cipher.seal(here, hex('aabb'))[0]).toBe(2);
  });

  it('are another each time, so that equal names do not show', () => {
    const cipher = createColumnCipher(p, { suite: 'intl', key: new Uint8Array(32) });
    const here = { table: 't', column: 'c', rowId: '1', version: 0 };
    expect(new Set(Array.from({ length: 50 }, () => String(cipher.seal(here, hex('aa'))))).size).toBe(50);
  });

  it('tell no value in their errors', () => {
    const here = { table: 't', column: 'c', rowId: 'row-9', version: 0 };
    try {
      openColumn(p, { key: new Uint8Array(32), ...here, sealed: new TextEncoder().encode('王小明 with enough bytes after the name') });
      expect.unreachable('clear text opened');
    } catch (error) {
      expect(isArchiveError(error)).toBe(true);
      expect(String(error)).not.toContain('王小明');
    }
  });
});
