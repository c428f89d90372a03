import { createDecipheriv, createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { formatHex, isArchiveError, utf8 } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeContext } from './keys.ts';
import { suiteOfObject } from './object-header.ts';
import { CHUNK_LENGTH, findPlainLength, HEADER_LENGTH, SEALED_CHUNK_LENGTH, sealedLengthOf } from './object-layout.ts';
import type { SuiteId } from './primitives.ts';
import { openObject, openRange, sealObject } from './sealed-object.ts';
import { createOpener, createSealer } from './sealed-object-stream.ts';

type Parts = readonly (readonly [number, number] | string)[];
interface Vectors {
  readonly good: readonly {
    readonly name: string;
    readonly suite: SuiteId;
    readonly key: string;
    readonly context: string;
    readonly salt: string;
    readonly plainLength: number;
    readonly sealedLength: number;
    readonly sealedSha256: string;
    readonly sealed?: string;
  }[];
  readonly bad: readonly {
    readonly why: string;
    readonly of: string;
    readonly parts: Parts;
    readonly key?: string;
    readonly context?: string;
    readonly code: string;
    readonly chunk?: number;
  }[];
}

const file = new URL('../../../test/vectors/sealed-object/sealed-object.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const pattern = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);
const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

const goodNamed = (name: string) => vectors.good.find((good) => good.name === name)!;
const sealGood = ({ suite, key, context, salt, plainLength }: Vectors['good'][number]) =>
  sealObject(p, { suite, key: hex(key), context: hex(context), salt: hex(salt), plain: pattern(plainLength) });
const join = (bytes: Uint8Array, parts: Parts) =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? hex(part) : bytes.subarray(...part)))));

/** Opens by the streaming opener, in pieces of `step` bytes. */
function openInPieces(input: { key: Uint8Array; context: Uint8Array; sealed: Uint8Array }, step: number): Uint8Array {
  const opener = createOpener(p, input);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < input.sealed.length; at += step) parts.push(opener.push(input.sealed.subarray(at, at + step)));
  return new Uint8Array(Buffer.concat([...parts, opener.finish()]));
}

function refusalOf(open: () => unknown): { code: string; fault: string; chunk?: unknown } | null {
  try {
    open();
    return null;
  } catch (error) {
    if (!isArchiveError(error)) throw error;
    return { code: error.code, fault: error.fault, ...('chunk' in error.detail ? { chunk: error.detail.chunk } : {}) };
  }
}

describe('good vectors of sealed objects', () => {
  for (const good of vectors.good) {
    it(`${good.name} seals to the same bytes, whole and in pieces, and opens`, () => {
      const sealed = sealGood(good);
      expect(sealed.length).toBe(good.sealedLength);
      expect(createHash('sha256').update(sealed).digest('hex')).toBe(good.sealedSha256);
      if (good.sealed !== undefined) expect(Buffer.from(sealed).toString('base64') === good.sealed).toBe(true);
      expect(suiteOfObject(sealed)).toBe(good.suite);
      const input = { key: hex(good.key), context: hex(good.context), sealed };
      expect(isSame(openObject(p, input), pattern(good.plainLength))).toBe(true);
      for (const step of [1000, SEALED_CHUNK_LENGTH, 100_000]) {
        expect(isSame(openInPieces(input, step), pattern(good.plainLength))).toBe(true);
      }
      const sealer = createSealer(p, { suite: good.suite, key: hex(good.key), context: hex(good.context), salt: hex(good.salt) });
      const parts: Uint8Array[] = [];
      for (let at = 0; at < good.plainLength; at += 5003) parts.push(sealer.push(pattern(good.plainLength).subarray(at, at + 5003)));
      expect(isSame(Buffer.concat([...parts, sealer.finish()]), sealed)).toBe(true);
    });
  }

  it('open by the text of C2SP chunked-encryption alone (Cobblestone-256), suite byte and all', () => {
    for (const good of vectors.good.filter(({ suite }) => suite === 'intl')) {
      expect(isSame(openCobblestone256(hex(good.key), hex(good.context), sealGood(good)), pattern(good.plainLength))).toBe(true);
    }
  });
});

/** C2SP chunked-encryption with SHA-512 and AES-256-GCM, written from its specification without any code of Lantai. */
function openCobblestone256(key: Uint8Array, context: Uint8Array, file: Uint8Array): Uint8Array {
  const info = Buffer.concat([Buffer.from('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0'), file.subarray(0, 24), context]);
  const first = createHmac('sha512', key).update(info).update(Uint8Array.of(1)).digest();
  const second = createHmac('sha512', key).update(first).update(info).update(Uint8Array.of(2)).digest();
  const okm = Buffer.concat([first, second]);
  if (!okm.subarray(44, 76).equals(file.subarray(24, 56))) throw new Error('commitment');
  const plain: Buffer[] = [];
  for (let at = 56, chunk = 0; ; at += 16_400, chunk++) {
    const sealed = file.subarray(at, at + 16_400);
    const nonce = Buffer.from(okm.subarray(32, 44));
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ chunk) >>> 0, 8);
    const cipher = createDecipheriv('aes-256-gcm', okm.subarray(0, 32), nonce, { authTagLength: 16 });
    cipher.setAuthTag(sealed.subarray(-16));
    plain.push(cipher.update(sealed.subarray(0, -16)), cipher.final());
    if (sealed.length < 16_400) return new Uint8Array(Buffer.concat(plain));
  }
}

describe('bad vectors of sealed objects', () => {
  for (const bad of vectors.bad) {
    it(`${bad.of}: ${bad.why}`, () => {
      const good = goodNamed(bad.of);
      const sealed = join(sealGood(good), bad.parts);
      const input = { key: hex(bad.key ?? good.key), context: hex(bad.context ?? good.context), sealed };
      const expected = { code: bad.code, fault: 'corruption', ...(bad.chunk === undefined ? {} : { chunk: bad.chunk }) };
      expect(refusalOf(() => openObject(p, input))).toEqual(expected);
      // Piece by piece the same is refused; a cut may show as a chunk that does not open, since its end is known only then.
      for (const step of [997, 100_000]) {
        expect(refusalOf(() => openInPieces(input, step))?.code).toMatch(/^object\//);
      }
    });
  }
});

describe('sealed objects', () => {
  const suite = fc.constantFrom<SuiteId>('intl', 'gm');
  const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const length = fc.oneof(fc.nat(200), fc.integer({ min: CHUNK_LENGTH - 20, max: CHUNK_LENGTH + 20 }), fc.nat(60_000));

  it('open to what was sealed, whatever the length', () => {
    fc.assert(
      fc.property(suite, key, fc.uint8Array({ maxLength: 80 }), length, (suite, key, context, length) => {
        const plain = pattern(length);
        const sealed = sealObject(p, { suite, key, context, plain });
        expect(sealed.length).toBe(sealedLengthOf(length));
        expect(findPlainLength(sealed.length)).toBe(length);
        expect(isSame(openObject(p, { key, context, sealed }), plain)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('do not open once any single bit is another', () => {
    const context = utf8('context');
    const objects = (['intl', 'gm'] as const).map((suite) =>
      sealObject(p, { suite, key: new Uint8Array(32), context, plain: pattern(20_000) }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...objects), fc.nat(), fc.nat(7), (sealed, where, bit) => {
        const at = where % sealed.length;
        const altered = sealed.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte));
        expect(refusalOf(() => openObject(p, { key: new Uint8Array(32), context, sealed: altered }))?.fault).toBe('corruption');
      }),
      { numRuns: 150 },
    );
  });

  it('do not open cut at any length', () => {
    const context = utf8('context');
    const sealed = sealObject(p, { suite: 'intl', key: new Uint8Array(32), context, plain: pattern(40_000) });
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), (to) => {
        const cut = sealed.subarray(0, to);
        expect(refusalOf(() => openObject(p, { key: new Uint8Array(32), context, sealed: cut }))).not.toBe(null);
        expect(refusalOf(() => openInPieces({ key: new Uint8Array(32), context, sealed: cut }, 4096))).not.toBe(null);
      }),
    );
  });

  it('are another each time, also for the same bytes under the same key', () => {
    const input = { suite: 'intl' as const, key: new Uint8Array(32), context: 'same', plain: utf8('same') };
    expect(isSame(sealObject(p, input), sealObject(p, input))).toBe(false);
    expect(formatHex(sealObject(p, input).subarray(0, 4))).toBe('4c544f01');
  });

  it('take a context as text or as the same bytes', () => {
    const key = new Uint8Array(32);
    const sealed = sealObject(p, { suite: 'intl', key, context: '卷/1', plain: utf8('x') });
    expect(openObject(p, { key, context: utf8('卷/1'), sealed })).toEqual(utf8('x'));
    expect(encodeContext('ab', 'c')).not.toEqual(encodeContext('a', 'bc'));
  });
});

describe('a range of a sealed object', () => {
  const key = new Uint8Array(32).fill(3);
  const plain = pattern(50_000);
  const sealed = sealObject(p, { suite: 'intl', key, context: 'range', plain });
  const reading = (bytes: Uint8Array, calls: [number, number][] = []) => ({
    key,
    context: 'range',
    sealedLength: bytes.length,
    read: async (offset: number, length: number) => {
      calls.push([offset, length]);
      return bytes.subarray(offset, offset + length);
    },
  });

  it('is the same part of the whole, wherever it lies', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(50_000), fc.nat(50_000), async (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        const part = await openRange(p, { ...reading(sealed), offset: from, length: to - from });
        expect(isSame(part, plain.subarray(from, to))).toBe(true);
      }),
    );
  });

  it('reads the header and the chunks it touches, nothing else', async () => {
    const calls: [number, number][] = [];
    await openRange(p, { ...reading(sealed, calls), offset: 20_000, length: 100 });
    expect(calls).toEqual([
      [0, HEADER_LENGTH],
      [HEADER_LENGTH + SEALED_CHUNK_LENGTH, SEALED_CHUNK_LENGTH],
    ]);
  });

  it('is refused outside the object, and where the bytes were altered or are short', async () => {
    for (const [offset, length] of [[50_000, 1] as const, [-1, 2] as const, [0, 50_001] as const, [0.5, 1] as const]) {
      await expect(openRange(p, { ...reading(sealed), offset, length })).rejects.toMatchObject({ code: 'object/range', fault: 'caller' });
    }
    const altered = sealed.map((byte, i) => (i === 20_000 ? byte ^ 1 : byte));
    const touched = openRange(p, { ...reading(altered), offset: 16_384, length: 1 });
    await expect(touched).rejects.toMatchObject({ code: 'object/corrupt', detail: { chunk: 1 } });
    expect(await openRange(p, { ...reading(altered), offset: 0, length: 1 })).toEqual(plain.subarray(0, 1));
    const short = { ...reading(sealed.subarray(0, 30_000)), sealedLength: sealed.length, offset: 40_000, length: 10 };
    await expect(openRange(p, short)).rejects.toMatchObject({ code: 'object/truncated' });
    const cut = { ...reading(sealed.subarray(0, HEADER_LENGTH + SEALED_CHUNK_LENGTH)), offset: 0, length: 10 };
    await expect(openRange(p, cut)).rejects.toMatchObject({ code: 'object/truncated' });
  });
});
