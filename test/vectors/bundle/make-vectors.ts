/**
 * Writes bundle-vectors.json: a whole bundle and one for each thing that may be amiss with it.
 * Run: node --import tsx test/vectors/bundle/make-vectors.ts
 * All ids and contents are invented; the keys are published here and sign nothing else.
 */
import { writeFileSync } from 'node:fs';
import { type NewMember, writeZip } from '@lantai/bundle';
import { makeSampleBundle, type SampleBundle } from '@lantai/bundle/testing';
import { createNoteSigner } from '@lantai/log';
import { nodePrimitives as p, sm2PublicKey } from '@lantai/primitives-node';
import { concatBytes, findHex, utf8 } from '@lantai/values';

const ORIGIN = 'log.example/lantai-bundles';
const ED25519 = {
  privateKey: findHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')!,
  publicKey: findHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')!,
};
const SM2_PRIVATE = new Uint8Array(32).fill(5);
const OTHER = {
  privateKey: new Uint8Array(32).fill(7),
  publicKey: findHex('ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c')!,
};
const signers = [
  createNoteSigner(p, { name: ORIGIN, algorithm: 'ed25519', ...ED25519 }),
  createNoteSigner(p, { name: ORIGIN, algorithm: 'sm2', privateKey: SM2_PRIVATE, publicKey: sm2PublicKey(SM2_PRIVATE)! }),
];
const foreignSigners = [createNoteSigner(p, { name: ORIGIN, algorithm: 'ed25519', ...OTHER })];

const PARTS: SampleBundle = {
  origin: ORIGIN,
  signers,
  materials: [
    { code: 'P1101-1-1', pages: ['a', 'b'].map((c) => ({ path: `files/P1101/0001${c}.png`, bytes: utf8(`an invented page, ${c}`) })) },
    { code: 'P1101-4-1', pages: [{ path: 'files/P1101/0002.png', bytes: utf8('another invented page') }] },
  ],
  others: [{ path: 'catalogue.json', bytes: utf8('{"invented":true}') }],
  looks: 2,
  strangers: 40,
};

async function zip(members: readonly NewMember[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of writeZip(members)) parts.push(part);
  return concatBytes(...parts);
}

const good = await makeSampleBundle(p, PARTS);
const pathOf = (pattern: RegExp, nth = 0) => good.filter((m) => pattern.test(m.path))[nth]!.path;
const FILE = 'files/P1101/0002.png';
const LOOK = pathOf(/^receipts\//, 3);
const OTHER_RECEIPT = pathOf(/^receipts\//, 4);
const replaced = (path: string, bytes: (old: Uint8Array) => Uint8Array) => good.map((m) => (m.path === path ? { path, bytes: bytes(m.bytes) } : m));
const flip = (bytes: Uint8Array, at = 3) => bytes.map((b, i) => (i === at ? b ^ 1 : b));
const bytesOf = (path: string) => good.find((m) => m.path === path)!.bytes;
const noteOf = (members: readonly NewMember[]) => members.find((m) => m.path === 'log/checkpoint')!.bytes;

interface Vector {
  name: string;
  zip: string;
  keys: 'given' | 'none' | 'foreign';
  /** Code and member of every fault, or of why the zip was not opened. */
  faults: [code: string, path: string | null][];
  opens: boolean;
}
const vectors: Vector[] = [];
function add(name: string, bytes: Uint8Array, faults: Vector['faults'], over: Partial<Vector> = {}): void {
  vectors.push({ name, zip: Buffer.from(bytes).toString('base64'), keys: 'given', faults, opens: true, ...over });
}
const closed = (name: string, bytes: Uint8Array, code: string, path: string | null = null) => add(name, bytes, [[code, path]], { opens: false });

const whole = await zip(good);
add('whole', whole, []);
add('whole, under no key but its own', whole, [], { keys: 'none' });
const everyReceipt = good.filter((m) => m.path.endsWith('.tlog-proof')).map((m) => m.path);
add('the key believed is another', whole, [['receipt/checkpoint-unsigned', 'log/checkpoint']], { keys: 'foreign' });
add('made by somebody with a key of the same name', await zip(await makeSampleBundle(p, { ...PARTS, signers: foreignSigners })), [
  ['receipt/checkpoint-unsigned', 'log/checkpoint'],
]);
add('a byte of a file altered', await zip(replaced(FILE, flip)), [['bundle/file-altered', FILE]]);
add('a byte added to a file', await zip(replaced(FILE, (b) => concatBytes(b, utf8('!')))), [['bundle/size-differs', FILE]]);
add('a file left out', await zip(good.filter((m) => m.path !== FILE)), [['bundle/file-missing', FILE]]);
add('a file too many', await zip([...good, { path: 'files/P1101/0003.png', bytes: utf8('smuggled') }]), [['bundle/file-extra', 'files/P1101/0003.png']]);
add('a receipt left out', await zip(good.filter((m) => m.path !== LOOK)), [['bundle/receipt-missing', LOOK]]);
add('two receipts swapped', await zip(good.map((m) => (m.path === LOOK ? { ...m, bytes: bytesOf(OTHER_RECEIPT) } : m.path === OTHER_RECEIPT ? { ...m, bytes: bytesOf(LOOK) } : m))), [
  ['bundle/receipt-swapped', LOOK],
  ['bundle/receipt-swapped', OTHER_RECEIPT],
]);
add('a receipt altered', await zip(replaced(LOOK, (b) => utf8(Buffer.from(b).toString().replace(/index (\d+)/, (_, n) => `index ${Number(n) - 1}`)))), [['receipt/root-differs', LOOK]]);
add('a receipt that is none', await zip(replaced(LOOK, () => concatBytes(utf8('nothing\n\n'), noteOf(good)))), [['receipt/receipt-malformed', LOOK]]);
add('the manifest altered', await zip(replaced('manifest.json', (b) => utf8(Buffer.from(b).toString().replace('P1101-1-1', 'P1101-1-9')))), [
  ['receipt/file-differs', 'manifest.json'],
]);
add('the manifest not canonical', await zip(replaced('manifest.json', (b) => concatBytes(b, utf8('\n')))), [['bundle/manifest-malformed', 'manifest.json']]);
add('the manifest of a later version', await zip(replaced('manifest.json', (b) => utf8(Buffer.from(b).toString().replace('lantai-bundle-1', 'lantai-bundle-2')))), [
  ['bundle/manifest-newer', 'manifest.json'],
]);
add('the manifest left out', await zip(good.filter((m) => m.path !== 'manifest.json')), [['bundle/manifest-missing', 'manifest.json']]);
add('the receipt of the manifest left out', await zip(good.filter((m) => m.path !== 'manifest.tlog-proof')), [['bundle/receipt-missing', 'manifest.tlog-proof']]);
add('the manifest vouched for by an entry that makes no bundle', await zip(await makeSampleBundle(p, { ...PARTS, madeKind: 'page.received' })), [
  ['bundle/not-made', 'manifest.tlog-proof'],
]);
add('the checkpoint left out', await zip(good.filter((m) => m.path !== 'log/checkpoint')), [['bundle/member-missing', 'log/checkpoint']]);
add(
  'the checkpoint of another size',
  await zip(replaced('log/checkpoint', (b) => utf8(Buffer.from(b).toString().replace(/\n(\d+)\n/, (_, n) => `\n${Number(n) + 1}\n`)))),
  [['receipt/checkpoint-signature-wrong', 'log/checkpoint']],
);
const older = await makeSampleBundle(p, { ...PARTS, strangers: 20 });
add('the checkpoint of an earlier state of the log', await zip(replaced('log/checkpoint', () => noteOf(older))), everyReceipt.map((path) => ['bundle/other-checkpoint', path] as [string, string]).sort((a, b) => (a[1]! < b[1]! ? -1 : 1)));
add('a key added', await zip(replaced('log/keys', (b) => concatBytes(b, utf8(`${foreignSigners[0]!.verifierKey}\n`)))), [['bundle/size-differs', 'log/keys']]);
add('a witness nobody here can judge', await zip([...good, { path: 'anchors/stone.bin', bytes: utf8('carved') }]), []);

closed('empty', new Uint8Array(0), 'bundle/not-zip');
closed('no zip', utf8('a letter of some length that is no zip at all'), 'bundle/not-zip');
closed('cut in the middle', whole.subarray(0, whole.length >> 1), 'bundle/truncated');
closed('cut by one byte', whole.subarray(0, whole.length - 1), 'bundle/truncated');
closed('something behind it', concatBytes(whole, utf8('x')), 'bundle/truncated');
const altered = (at: number, value: number) => whole.map((b, i) => (i === at ? value : b));
const directoryAt = new DataView(whole.buffer, whole.byteOffset).getUint32(whole.length - 6, true);
closed('a member that says it is compressed', altered(directoryAt + 10, 8), 'bundle/compressed', 'manifest.json');
closed('a member that says it is encrypted', altered(directoryAt + 8, 1), 'bundle/encrypted', 'manifest.json');
closed('a member that begins inside another', altered(directoryAt + 42, 1), 'bundle/overlap', 'manifest.json');
const renamed = (from: string, to: string) => {
  const bytes = whole.slice();
  const [old, now] = [Buffer.from(from), Buffer.from(to)];
  for (let at = Buffer.from(bytes).indexOf(old); at >= 0; at = Buffer.from(bytes).indexOf(old, at + 1)) bytes.set(now, at);
  return bytes;
};
closed('a path that climbs out', renamed('files/P1101/0002.png', '../../etc/crontab.xx'), 'bundle/path', '../../etc/crontab.xx');
closed('an absolute path', renamed('files/P1101/0002.png', '/iles/P1101/0002.png'), 'bundle/path', '/iles/P1101/0002.png');
closed('a path of a device', renamed('files/P1101/0002.png', 'files/P1101/aux.png2'), 'bundle/path', 'files/P1101/aux.png2');
closed('two members of one path', renamed('files/P1101/0001b.png', 'FILES/P1101/0001A.png'), 'bundle/duplicate', 'FILES/P1101/0001A.png');
add('a local header that names another file', (() => {
  const bytes = whole.slice();
  bytes[Buffer.from(bytes).lastIndexOf('files/P1101/0002.png', directoryAt)] = 'g'.charCodeAt(0);
  return bytes;
})(), [['bundle/zip-form', FILE]]);

const out = {
  source: 'made for docs/spec/bundle.md by make-vectors.ts; all ids and contents invented',
  logKeys: signers.map((s) => s.verifierKey),
  foreignKeys: foreignSigners.map((s) => s.verifierKey),
  vectors,
};
writeFileSync(new URL('bundle-vectors.json', import.meta.url), `${JSON.stringify(out, null, 2)}\n`);
