import { crc32 } from 'node:zlib';
import { concatBytes, utf8 } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveredMember } from '../outcome.ts';
import { collect, makeZip, type ZipEntry } from '../testing/files.ts';
import { isZip, openZip } from './archive.ts';
import { decodeName, findSafePath } from './path.ts';
import { receiveZip } from './receive.ts';

async function receive(entries: readonly ZipEntry[], depth = 0) {
  const archive = await openZip(makeZip(entries));
  return 'kind' in archive ? { outcome: archive, members: [] as DeliveredMember[] } : collect(receiveZip(archive, depth));
}
const refusedAs = (code: string) => ({ outcome: { kind: 'refused', code }, members: [] });
const gbk = (hex: string) => Buffer.from(hex, 'hex');

describe('a ZIP', () => {
  it('gives its members in order, whole, stored and packed alike', async () => {
    const { outcome, members } = await receive([
      { name: '一类/', data: '' },
      { name: '一类/干部履历表/1.jpg', data: 'first' },
      { name: '一类/干部履历表/2.jpg', data: 'second', stored: true },
    ]);
    expect(outcome).toMatchObject({ kind: 'members', memberCount: 2, findings: [] });
    expect(members).toEqual([
      { kind: 'member', path: '一类/干部履历表/1.jpg', bytes: expect.anything() },
      { kind: 'member', path: '一类/干部履历表/2.jpg', bytes: expect.anything() },
    ]);
    expect(members.map((m) => ('bytes' in m ? Buffer.from(m.bytes).toString() : ''))).toEqual(['first', 'second']);
  });
  it('made on Chinese Windows, on a Mac or in the West has its names read', () => {
    const decode = (bytes: Uint8Array, flags = 0, extraFields: { id: number; data: Uint8Array }[] = []) =>
      decodeName({ bytes, flags, extraFields });
    expect(decode(gbk('b8c9b2bfc2c4c0fab1ed2e6a7067'))).toBe('干部履历表.jpg');
    expect(decode(gbk('c1aacda8'))).toBe('联通');
    expect(decode(gbk('d6ece946bbf9'))).toBe('朱镕基');
    expect(decode(utf8('干部履历表.jpg'))).toBe('干部履历表.jpg');
    expect(decode(utf8('干部履历表.jpg'), 0x800)).toBe('干部履历表.jpg');
    expect(decode(Uint8Array.of(0x81, 0x62, 0x65, 0x72))).toBe('über');
    const legacy = gbk('b8c9');
    const unicode = concatBytes(Uint8Array.of(1, 0, 0, 0, 0), utf8('真名'));
    new DataView(unicode.buffer).setUint32(1, crc32(legacy), true);
    expect(decode(legacy, 0, [{ id: 0x7075, data: unicode }])).toBe('真名');
    unicode[1]! ^= 1; // meant for another name: not believed
    expect(decode(legacy, 0, [{ id: 0x7075, data: unicode }])).toBe('干');
  });
  it('leaves out what operating systems put in, and says how much', async () => {
    const { outcome, members } = await receive([
      { name: '1.jpg', data: 'x' },
      { name: '__MACOSX/._1.jpg', data: 'y' },
      { name: 'a/Thumbs.db', data: 'z' },
    ]);
    expect(members).toHaveLength(1);
    expect(outcome).toMatchObject({
      kind: 'members',
      memberCount: 1,
      findings: [{ code: 'zip/system-files-skipped', params: { count: 2 } }],
    });
    expect(await receive([{ name: '.DS_Store', data: 'x' }])).toMatchObject(refusedAs('zip/empty'));
    expect(isZip(makeZip([]))).toBe(true);
    expect(await receive([])).toMatchObject(refusedAs('zip/empty'));
  });
  it('with one damaged member gives the others', async () => {
    const { outcome, members } = await receive([
      { name: '1.jpg', data: 'one' },
      { name: '2.jpg', data: 'two', crc: 1 },
      { name: '3.jpg', data: 'three', stored: true, method: 99 },
      { name: '4.jpg', data: 'four' },
    ]);
    expect(outcome).toMatchObject({ kind: 'members', memberCount: 4 });
    expect(members.map((m) => ('refused' in m ? m.refused.code : m.path))).toEqual([
      '1.jpg',
      'zip/member-damaged',
      'zip/method-unsupported',
      '4.jpg',
    ]);
  });
});

describe('a hostile ZIP is refused whole', () => {
  it.each([
    '../x.jpg',
    'a/../../x.jpg',
    '/etc/x.jpg',
    '\\windows\\x.jpg',
    'c:x.jpg',
    'C:\\x.jpg',
    '..\\x.jpg',
    'a\u0000b.jpg',
    'a\nb.jpg',
    '',
    '.',
    `${'a/'.repeat(600)}x`,
  ])('for the path %j', async (name) => {
    expect(
      await receive([
        { name: 'good.jpg', data: 'x' },
        { name, data: 'y' },
      ]),
    ).toMatchObject(refusedAs('zip/unsafe-path'));
  });
  it('for two members of one name, however it is written', async () => {
    expect(
      await receive([
        { name: 'a.jpg', data: '1' },
        { name: 'a.jpg', data: '2' },
      ]),
    ).toMatchObject(refusedAs('zip/duplicate-name'));
    expect(
      await receive([
        { name: 'a/b.jpg', data: '1' },
        { name: 'a\\.\\b.jpg', data: '2' },
      ]),
    ).toMatchObject(refusedAs('zip/duplicate-name'));
    expect(
      await receive([
        { name: 'caf\u00e9.jpg', data: '1' },
        { name: 'cafe\u0301.jpg', data: '2' },
      ]),
    ).toMatchObject(refusedAs('zip/duplicate-name'));
    expect(
      (
        await receive([
          { name: 'a.jpg', data: '1' },
          { name: 'A.jpg', data: '2' },
        ])
      ).outcome,
    ).toMatchObject({ kind: 'members' });
  });
  it('for a link, an encrypted member, headers that disagree, data used twice', async () => {
    expect(await receive([{ name: 'a', data: '/etc/passwd', attributes: 0o120777 * 65536 }])).toMatchObject(refusedAs('zip/link'));
    expect(
      await receive([
        { name: 'b', data: 'x' },
        { name: 'a', data: 'x', flags: 0x801 },
      ]),
    ).toMatchObject(refusedAs('zip/password-needed'));
    expect(await receive([{ name: 'a.jpg', data: 'x', localName: 'b.jpg' }])).toMatchObject(refusedAs('zip/inconsistent'));
    const twice = [
      { name: 'a.jpg', data: 'x'.repeat(50) },
      { name: 'a.jpg', data: 'x'.repeat(50), sameDataAs: 0 },
    ];
    expect(await receive(twice)).toMatchObject(refusedAs('zip/duplicate-name'));
    const quine = [
      { name: 'a.jpg', data: 'x'.repeat(50) },
      { name: 'b.jpg', data: 'x'.repeat(50), localName: 'a.jpg', sameDataAs: 0 },
    ];
    expect(await receive(quine)).toMatchObject(refusedAs('zip/inconsistent'));
  });
  it('for a bomb, told by its own sizes or by what comes out', async () => {
    const zeros = new Uint8Array(80_000_000);
    expect(await receive([{ name: 'a', data: zeros }])).toMatchObject(refusedAs('zip/bomb'));
    const liar = await receive([{ name: 'a', data: zeros, unpackedBytes: 100 }]);
    expect(liar.members).toMatchObject([{ refused: { code: 'zip/member-damaged' } }]);
    expect((await receive([{ name: 'blank.tif', data: zeros.subarray(0, 2_000_000) }])).outcome).toMatchObject({ kind: 'members' });
    const many = Array.from({ length: 20_001 }, (_, i) => ({ name: String(i), stored: true }));
    expect(await receive(many)).toMatchObject(refusedAs('zip/too-many-members'));
  });
  it('for being inside another, and for being none', async () => {
    expect(await receive([{ name: 'a', data: 'x' }], 1)).toMatchObject(refusedAs('zip/nested'));
    const whole = makeZip([{ name: 'a', data: 'some data that is long enough' }]);
    for (const length of [4, 30, whole.length - 1])
      expect(await openZip(whole.subarray(0, length))).toMatchObject({ kind: 'refused', code: 'zip/unreadable' });
  });
  it('or answered, never thrown at, whatever bytes change', async () => {
    const whole = makeZip([
      { name: 'a.jpg', data: 'one'.repeat(30) },
      { name: 'b/c.jpg', data: 'two', stored: true },
    ]);
    for (let i = 0; i < 300; i++) {
      const broken = whole.slice();
      broken[(i * 7919) % broken.length]! ^= 1 << (i % 8);
      const archive = await openZip(broken);
      if (!('kind' in archive)) await collect(receiveZip(archive, 0));
    }
  });
});

describe('paths', () => {
  it('never lead out, and a safe one stays as it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom('..', '.', '', 'a', '材料', 'C:', '\\', '/'), fc.string({ maxLength: 5 })), { maxLength: 6 }),
        (parts) => {
          const path = findSafePath(parts.join('/'));
          if (path === null) return;
          expect(path.split('/')).not.toContain('..');
          expect(path.startsWith('/')).toBe(false);
          expect(findSafePath(path)).toBe(path);
        },
      ),
    );
  });
});
