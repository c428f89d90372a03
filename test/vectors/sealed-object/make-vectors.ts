/**
 * Writes sealed-object.json: objects sealed under fixed keys and salts, and altered ones with the code each must be refused with.
 * Run: node --import tsx test/vectors/sealed-object/make-vectors.ts
 * Keys and contents are invented and published here.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { formatHex, utf8 } from '@lantai/values';
import { encodeContext, type SuiteId, sealObject } from '@lantai/vault';

const CHUNK = 16384 + 16;
const pattern = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);
const digest = (text: string, length: number) => new Uint8Array(createHash('shake256', { outputLength: length }).update(text).digest());
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

interface Good {
  readonly name: string;
  readonly suite: SuiteId;
  readonly key: string;
  readonly context: string;
  readonly salt: string;
  readonly plainLength: number;
  readonly sealedLength: number;
  readonly sealedSha256: string;
  readonly sealed?: string;
}

/** A bad file is the named good one cut and joined: spans [from, to) of it and hexadecimal bytes between. */
interface Bad {
  readonly why: string;
  readonly of: string;
  readonly parts: readonly (readonly [number, number] | string)[];
  readonly key?: string;
  readonly context?: string;
  readonly code: string;
  readonly chunk?: number;
}

const sealedByName = new Map<string, Uint8Array>();

function good(suite: SuiteId, plainLength: number): Good {
  const name = `${suite}-${plainLength}`;
  const key = digest(`key ${name}`, 32);
  const salt = digest(`salt ${name}`, 20);
  const context = encodeContext('lantai/vector/v1', 'object', name);
  const sealed = sealObject(p, { suite, key, context, salt, plain: pattern(plainLength) });
  sealedByName.set(name, sealed);
  const entry = {
    name,
    suite,
    key: formatHex(key),
    context: formatHex(context),
    salt: formatHex(salt),
    plainLength,
    sealedLength: sealed.length,
    sealedSha256: createHash('sha256').update(sealed).digest('hex'),
  };
  // The whole bytes of the small ones and of one with three chunks; the digest of the others.
  return plainLength < 100 || plainLength > 32_768 ? { ...entry, sealed: base64(sealed) } : entry;
}

function bad(suite: SuiteId): Bad[] {
  const of = `${suite}-32868`;
  const sealed = sealedByName.get(of)!;
  const end = sealed.length;
  const other = suite === 'intl' ? 'gm' : 'intl';
  const chunk = (i: number): [number, number] => [56 + i * CHUNK, Math.min(56 + (i + 1) * CHUNK, end)];
  const header: [number, number] = [0, 56];
  const put = (at: number, byte: number): Bad['parts'] => [[0, at], formatHex(Uint8Array.of(byte)), [at + 1, end]];
  const flip = (at: number) => put(at, sealed[at]! ^ 0x01);
  const foreign = formatHex(sealedByName.get(`${suite}-1`)!.subarray(56));
  const lengths = [0, 1, 23, 24, 55, 56, 56 + 15];
  const boundaries = [56 + CHUNK, 56 + 2 * CHUNK];
  const refuse = (why: string, parts: Bad['parts'], code: string, more: Partial<Bad> = {}): Bad => ({ why, of, parts, code, ...more });
  return [
    ...lengths.map((to) => refuse(`cut to ${to} bytes: before the end of the first tag`, [[0, to]], 'object/truncated')),
    ...boundaries.flatMap((to) => [
      refuse(`cut to ${to} bytes: exactly between two chunks`, [[0, to]], 'object/truncated'),
      refuse(`cut to ${to + 15} bytes: inside a tag that would be the whole last chunk`, [[0, to + 15]], 'object/truncated'),
      refuse(`cut to ${to - 1} bytes: a full chunk lost its last byte`, [[0, to - 1]], 'object/corrupt', { chunk: (to - 56) / CHUNK - 1 }),
      refuse(`cut to ${to + 16} bytes: as long as an object with an empty last chunk`, [[0, to + 16]], 'object/corrupt', { chunk: (to - 56) / CHUNK }),
    ]),
    refuse('the last byte is missing', [[0, end - 1]], 'object/corrupt', { chunk: 2 }),
    refuse('a byte too many', [[0, end], '00'], 'object/corrupt', { chunk: 2 }),
    refuse('a chunk too many: the last one twice', [[0, end], chunk(2)], 'object/corrupt', { chunk: 2 }),
    refuse('the first two chunks have changed places', [header, chunk(1), chunk(0), chunk(2)], 'object/corrupt', { chunk: 0 }),
    refuse('the first chunk is missing', [header, chunk(1), chunk(2)], 'object/corrupt', { chunk: 0 }),
    refuse('the middle chunk is missing', [header, chunk(0), chunk(2)], 'object/corrupt', { chunk: 1 }),
    refuse('the first chunk stands twice', [header, chunk(0), chunk(0), chunk(1), chunk(2)], 'object/corrupt', { chunk: 1 }),
    refuse('the last chunk is that of another object', [header, chunk(0), chunk(1), foreign], 'object/corrupt', { chunk: 2 }),
    refuse('first byte of the magic', flip(0), 'object/not-sealed'),
    refuse('last byte of the magic', flip(2), 'object/not-sealed'),
    refuse('a suite nobody knows', put(3, 0x7f), 'object/suite-unknown'),
    refuse('the other suite', put(3, suite === 'intl' ? 0x02 : 0x01), 'object/key-mismatch'),
    refuse('a bit of the salt, first byte', flip(4), 'object/key-mismatch'),
    refuse('a bit of the salt, last byte', flip(23), 'object/key-mismatch'),
    refuse('a bit of the commitment, first byte', flip(24), 'object/key-mismatch'),
    refuse('a bit of the commitment, last byte', flip(55), 'object/key-mismatch'),
    refuse('a bit of the first chunk', flip(56), 'object/corrupt', { chunk: 0 }),
    refuse('a bit of the tag of the first chunk', flip(56 + CHUNK - 1), 'object/corrupt', { chunk: 0 }),
    refuse('a bit of the second chunk', flip(56 + CHUNK), 'object/corrupt', { chunk: 1 }),
    refuse('a bit of the last chunk', flip(56 + 2 * CHUNK), 'object/corrupt', { chunk: 2 }),
    refuse('a bit of the last tag', flip(end - 1), 'object/corrupt', { chunk: 2 }),
    refuse('another key', [[0, end]], 'object/key-mismatch', { key: formatHex(digest('another key', 32)) }),
    refuse('another context', [[0, end]], 'object/key-mismatch', { context: formatHex(encodeContext('lantai/vector/v1', 'object', `${other}-32868`)) }),
    refuse('no context', [[0, end]], 'object/key-mismatch', { context: '' }),
    refuse('a plain file', [formatHex(utf8('%PDF-1.7 and enough bytes after it to be as long as the header of a sealed object'))], 'object/not-sealed'),
  ];
}

const suites: readonly SuiteId[] = ['intl', 'gm'];
const vectors = {
  source: 'made for docs/spec/sealed-object.md by make-vectors.ts; keys and contents invented',
  plain: 'byte i of every plain object is (i * 31 + (i >> 8)) & 255',
  good: suites.flatMap((suite) => [0, 1, 16_383, 16_384, 16_385, 32_868].map((length) => good(suite, length))),
  bad: suites.flatMap(bad),
};
writeFileSync(new URL('sealed-object.json', import.meta.url), `${JSON.stringify(vectors, null, 1)}\n`);
