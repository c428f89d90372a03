/**
 * Writes receipt-vectors.json: receipts of a small log under a fixed key, good ones and one for each field altered.
 * Run: node --import tsx test/vectors/receipt/make-vectors.ts
 * All ids and contents are invented; the key is published here and signs nothing else.
 */
import { writeFileSync } from 'node:fs';
import {
  contentCommitment,
  createNoteSigner,
  EMPTY_EDGE,
  type Entry,
  encodeEntry,
  formatReceipt,
  formatTilePath,
  growEdge,
  HashTile,
  proveInclusion,
  type Receipt,
  rootOfEdge,
  signCheckpoint,
  treeHash,
} from '@lantai/log';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { findHex, formatHex, utf8 } from '@lantai/values';

const ORIGIN = 'log.example/lantai-vectors';
const KEY = {
  privateKey: findHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')!,
  publicKey: findHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')!,
};
const hash = treeHash(p);
const signer = createNoteSigner(p, { name: ORIGIN, algorithm: 'ed25519', ...KEY });
const otherKeys = { privateKey: new Uint8Array(32).fill(7), publicKey: findHex('ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c')! };
const foreign = createNoteSigner(p, { name: 'log.example/another', algorithm: 'ed25519', ...otherKeys });

const file = utf8('the bytes of an invented page');
const salt = (i: number) => new Uint8Array(32).fill(i);
const idOf = (i: number) => `0190b2c4-7d1a-7000-8000-${i.toString(16).padStart(12, '0')}`;
const entryOf = (i: number): Entry => ({
  id: idOf(i),
  atMs: 1_763_769_600_000 + i,
  kind: i % 2 ? 'page.received' : 'page.viewed',
  actor: 'account:0190b2c4-7d1a-7000-8000-0000000000aa',
  object: `page:${idOf(0x1000 + i)}`,
  ...(i % 2 ? { commit: contentCommitment((key, ...parts) => p.hmac('sha256', key, ...parts), salt(i), p.hash('sha256', file)) } : {}),
});

const entries = Array.from({ length: 300 }, (_, i) => encodeEntry(entryOf(i)));
const tiles = new Map<string, Uint8Array>();
const grown = growEdge(hash, EMPTY_EDGE, entries);
for (const { tile, bytes } of grown.tiles) tiles.set(formatTilePath(tile), bytes);
const checkpoint = { origin: ORIGIN, size: 300, root: rootOfEdge(hash, grown.edge) };
const note = signCheckpoint(checkpoint, [signer]);

async function receiptOf(i: number): Promise<Receipt> {
  const proof = await proveInclusion(hash, async (list) => list.map((t) => new HashTile(hash, tiles.get(formatTilePath(t))!)), i, 300);
  return { entryBytes: entries[i]!, ...(i % 2 ? { salt: salt(i) } : {}), position: i, proof, checkpointNote: note };
}

const flip = (bytes: Uint8Array, at: number) => bytes.map((b, i) => (i === at ? b ^ 1 : b));
const good = await receiptOf(271);
const look = await receiptOf(270);
const altered = (change: Partial<Receipt>) => formatReceipt({ ...good, ...change });
const otherEntry = encodeEntry({ ...entryOf(271), kind: 'page.replaced' });
const { salt: _, ...saltless } = good;
const text = formatReceipt(good);

interface Vector {
  name: string;
  receipt: string;
  file?: 'right' | 'wrong';
  keys?: string[];
  failed: Record<string, string>;
  isValid: boolean;
  isFileProved: boolean;
}
const bad = (name: string, receipt: string, failed: Record<string, string>, more: Partial<Vector> = {}): Vector => ({
  name,
  receipt,
  file: 'right',
  failed,
  isValid: false,
  isFileProved: false,
  ...more,
});
const malformed = (name: string, receipt: string) => bad(name, receipt, { form: 'receipt-malformed' });

const vectors: Vector[] = [
  { name: 'a page received, with its file', receipt: text, file: 'right', failed: {}, isValid: true, isFileProved: true },
  { name: 'a page received, without a file', receipt: text, failed: {}, isValid: true, isFileProved: false },
  { name: 'a look, which commits to no content', receipt: formatReceipt(look), failed: {}, isValid: true, isFileProved: false },
  {
    name: 'an unknown signature line beside the log’s is ignored',
    receipt: altered({ checkpointNote: signCheckpoint(checkpoint, [signer, foreign]) }),
    file: 'right',
    failed: {},
    isValid: true,
    isFileProved: true,
  },
  bad('another file', text, { file: 'file-differs' }, { file: 'wrong' }),
  bad('a file for a look', formatReceipt(look), { file: 'no-commitment' }),
  bad('the salt left out', formatReceipt(saltless), { file: 'no-salt' }),
  bad('the salt altered', altered({ salt: flip(salt(271), 0) }), { file: 'file-differs' }),
  bad('the entry replaced', altered({ entryBytes: otherEntry }), { inclusion: 'root-differs' }),
  bad('the entry’s bytes not canonical', altered({ entryBytes: utf8('{"v":1}') }), { entry: 'entry-malformed', inclusion: 'root-differs' }),
  bad('the position moved by one', altered({ position: 272 }), { inclusion: 'root-differs' }),
  bad('the position beyond the tree', altered({ position: 300 }), { inclusion: 'position-outside' }),
  bad('a hash altered', altered({ proof: good.proof.map((h, i) => (i === 2 ? flip(h, 31) : h)) }), { inclusion: 'root-differs' }),
  bad('a hash left out', altered({ proof: good.proof.slice(1) }), { inclusion: 'proof-length' }),
  bad('a hash too many', altered({ proof: [...good.proof, good.proof[0]!] }), { inclusion: 'proof-length' }),
  bad('two hashes swapped', altered({ proof: [good.proof[1]!, good.proof[0]!, ...good.proof.slice(2)] }), { inclusion: 'root-differs' }),
  bad('the size altered', text.replace('\n300\n', '\n301\n'), { checkpoint: 'checkpoint-signature-wrong' }),
  bad('the origin altered', text.replace(`\n\n${ORIGIN}\n`, '\n\nlog.example/other\n'), { checkpoint: 'checkpoint-signature-wrong' }),
  bad('the root altered', altered({ checkpointNote: note.replace(/\n300\n./, (m) => `${m.slice(0, -1)}${m.endsWith('A') ? 'B' : 'A'}`) }), {
    checkpoint: 'checkpoint-signature-wrong',
  }),
  bad('the signature altered', text.replace(/.{6}=\n$/, (m) => `${m.startsWith('AAAA') ? 'B' : 'A'}${m.slice(1)}`), {
    checkpoint: 'checkpoint-signature-wrong',
  }),
  bad('the signature left out', altered({ checkpointNote: note.slice(0, note.indexOf('\u2014')) }), { checkpoint: 'checkpoint-malformed' }),
  bad('signed by another log only', altered({ checkpointNote: signCheckpoint(checkpoint, [foreign]) }), { checkpoint: 'checkpoint-unsigned' }),
  bad(
    'signed by a believed key of another origin',
    altered({ checkpointNote: signCheckpoint(checkpoint, [foreign]) }),
    { checkpoint: 'checkpoint-foreign' },
    { keys: [signer.verifierKey, foreign.verifierKey] },
  ),
  bad('the log’s key not among the believed', text, { checkpoint: 'checkpoint-unsigned' }, { keys: [foreign.verifierKey] }),
  bad('no believed key', text, { keys: 'no-key', checkpoint: 'checkpoint-unsigned' }, { keys: [] }),
  bad('a malformed key beside the right one', text, { keys: 'key-malformed' }, { keys: [signer.verifierKey, 'x+00000000+AAAA'] }),
  malformed('empty', ''),
  malformed('not a receipt', 'hello\n\nworld\n'),
  malformed('another version', text.replace('@v1', '@v2')),
  malformed('cut before the checkpoint', text.slice(0, text.indexOf('\n\n'))),
  malformed('the extra line left out', text.replace(/extra .*\n/, '')),
  malformed('the extra line not base 64', text.replace(/extra ./, 'extra !')),
  malformed('the extra line holding something else', text.replace(/extra .*\n/, `extra ${Buffer.from('{"v":1}').toString('base64')}\n`)),
  malformed('the index left out', text.replace(/index .*\n/, '')),
  malformed('the index with a leading zero', text.replace('index 271', 'index 0271')),
  malformed('a hash of 31 bytes', altered({ proof: [good.proof[0]!.slice(1), ...good.proof.slice(1)] })),
  malformed('CRLF line ends', text.replaceAll('\n', '\r\n')),
];

const out = {
  source: 'made for docs/spec/receipt.md by make-vectors.ts; all ids and contents invented',
  logKey: signer.verifierKey,
  files: { right: formatHex(file), wrong: formatHex(flip(file, 0)) },
  vectors,
};
writeFileSync(new URL('receipt-vectors.json', import.meta.url), `${JSON.stringify(out, null, 2)}\n`);
