import { hasWords } from '@lantai/contract';
import { makeEncryptedPdf, makePaper, makeZip, tools } from '@lantai/documents/testing';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type ChildPool, createChildPool, type DecodedReply, type DecoderPart, type DecoderReply, type DecoderRequest } from './index.ts';
import { outcomeOf } from './testing/outcome-of.ts';

const pool = createChildPool({ entry: 'decoder', count: 2, memoryLimitMb: 1500, timeoutMs: 60_000 });
const others: ChildPool[] = [];
afterEach(async () => {
  await Promise.all(others.splice(0).map((p) => p.close()));
});
afterAll(() => pool.close());

const zip = (...names: string[]) => makeZip(names.map((name) => ({ name, data: 'x' })));
const firstPart = (bytes: Uint8Array, share01: number) => bytes.subarray(0, Math.floor(bytes.length * share01));
const refused = (code: string) => ({ outcome: 'refused', pages: 0, code, findings: '' });
const pages = (count: number, findings = '') => ({ outcome: 'pages', pages: count, code: '', findings });

describe('the decoder child', () => {
  it('does not send a page back that is the file itself, and sends every other', async () => {
    const jpeg = await makePaper();
    const seen: [DecoderPart, number][] = [];
    const ask = (bytes: Uint8Array) =>
      pool.run<DecoderRequest, DecoderReply, DecoderPart>({ kind: 'receive', name: 'a', check: 'structure' }, [bytes], {
        onPart: (part, parts) => void seen.push([part, parts[0]?.length ?? 0]),
      });
    expect((await ask(jpeg)).reply).toMatchObject({ kind: 'pages', mediaType: 'image/jpeg' });
    expect((await ask(makeEncryptedPdf('', 'x'))).reply).toMatchObject({ kind: 'pages', mediaType: 'application/pdf' });
    expect(seen).toMatchObject([
      [{ kind: 'page', origin: 'as_received', widthPx: 620 }, 0],
      [{ kind: 'page', origin: 'rendered', mediaType: 'image/png' }, expect.any(Number)],
    ]);
    expect(seen[1]![1]).toBeGreaterThan(100);
  });
  it('decodes, turns upright and makes thumbnails', async () => {
    const jpeg = await makePaper(600, 400);
    const upright = await pool.run<DecoderRequest, DecodedReply>({ kind: 'decode', turned: 90, by: 1 }, [jpeg]);
    expect(upright.reply).toMatchObject({ widthPx: 400, heightPx: 600, channels: 3 });
    expect(upright.bytes[0]).toHaveLength(400 * 600 * 3);
    for (const [turned, widthPx, heightPx] of [
      [0, 120, 80],
      [90, 80, 120],
    ] as const) {
      const small = await pool.run<DecoderRequest, DecodedReply>({ kind: 'thumbnail', turned, longSidePx: 120 }, [jpeg]);
      expect(small.reply).toEqual({ widthPx, heightPx, channels: 3 });
      expect(small.bytes[0]).toHaveLength(widthPx * heightPx * 3);
    }
  });
});

describe('hostile and damaged files', () => {
  const bomb = Buffer.from('89504e470d0a1a0a0000000d494844520000ea600000ea600802000000', 'hex');
  const cases: [what: string, bytes: () => Uint8Array | Promise<Uint8Array>, expected: object][] = [
    ['nothing', () => new Uint8Array(0), refused('file/empty')],
    ['a JPEG cut in half', async () => firstPart(await makePaper(), 0.5), pages(1, 'image/incomplete')],
    ['a JPEG of which little arrived', async () => firstPart(await makePaper(), 0.02), refused('image/unreadable')],
    ['a PNG header of 60,000 × 60,000', () => bomb, refused('image/too-many-pixels')],
    ['a ZIP of 80 MB of nothing', () => makeZip([{ name: 'a', data: new Uint8Array(80_000_000) }]), refused('zip/bomb')],
    [
      'a ZIP that lies about its size',
      () => makeZip([{ name: 'a', data: new Uint8Array(50_000_000), unpackedBytes: 9 }]),
      refused('zip/no-pages'),
    ],
    ['a ZIP leading out', () => zip('a.jpg', '../../b.jpg'), refused('zip/unsafe-path')],
    ['a ZIP with an absolute path', () => zip('/tmp/a.jpg'), refused('zip/unsafe-path')],
    ['a ZIP with a name twice', () => zip('a.jpg', 'a.jpg'), refused('zip/duplicate-name')],
    [
      'a ZIP in a ZIP',
      async () => makeZip([{ name: 'b.zip', data: makeZip([{ name: 'a.jpg', data: await makePaper() }]) }]),
      refused('zip/no-pages'),
    ],
    ['an encrypted ZIP', () => makeZip([{ name: 'a.jpg', data: 'x', flags: 1 }]), refused('zip/password-needed')],
    ['an encrypted PDF', () => makeEncryptedPdf('secret', 'owner'), refused('pdf/password-needed')],
    [
      'a ZIP of one good page among bad ones',
      async () => makeZip([{ name: '1', data: 'x' }, { name: '2', data: await makePaper() }, { name: '3' }]),
      pages(1),
    ],
  ];
  it('each get pages or a refusal with words, all at once, and no child is lost', async () => {
    const results = await Promise.all(cases.map(async ([what, bytes]) => [what, await outcomeOf(pool, await bytes())] as const));
    expect(results).toEqual(cases.map(([what, , expected]) => [what, expected]));
    for (const [, { code }] of results) if (code) expect([code, hasWords(code)]).toEqual([code, true]);
    expect(pool.state.lost).toBe(0);
  });
  it('that ask for a password open with it', async () => {
    expect(await outcomeOf(pool, makeEncryptedPdf('secret', 'owner'), 0, 'secret')).toEqual(pages(1, 'pdf/restricted'));
    expect(await outcomeOf(pool, makeEncryptedPdf('secret', 'owner'), 0, 'guess')).toEqual(refused('pdf/password-wrong'));
  });
  it('that need more memory or time than allowed lose their child and nothing else', async () => {
    const side = 12_000;
    const large = await tools.encodePage(
      { widthPx: side, heightPx: side, channels: 1, data: new Uint8Array(side * side) },
      { lossless: true },
    );
    const small = createChildPool({ entry: 'decoder', count: 1, memoryLimitMb: 260, timeoutMs: 60_000 });
    const hasty = createChildPool({ entry: 'decoder', count: 1, memoryLimitMb: 1500, timeoutMs: 60 });
    others.push(small, hasty);
    await expect(small.run({ kind: 'decode', turned: 0, by: 1 }, [large.bytes])).rejects.toMatchObject({ code: 'child/memory' });
    expect(await outcomeOf(small, await makePaper())).toEqual(pages(1));
    expect(small.state.lost).toBe(1);
    await expect(hasty.run({ kind: 'decode', turned: 90, by: 1 }, [large.bytes])).rejects.toMatchObject({ code: 'child/timeout' });
    expect(hasty.state.lost).toBe(1);
  });
});
