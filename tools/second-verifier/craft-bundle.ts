import type { BundleQuestion } from './ask.ts';
import {
  checkpointText,
  commitmentOf,
  extraOf,
  type Member,
  makeSigner,
  noteOf,
  pathOf,
  receiptOf,
  rootOf,
  sha256,
  zipOf,
} from './craft.ts';

/** A question with a name. */
export interface BundleCase extends BundleQuestion {
  readonly name: string;
}

/** An object of JSON. */
export type Json = Record<string, unknown>;

/** Origin of every crafted log. */
export const ORIGIN = 'log.example/crafted';
/** The log's signer. */
export const SIGNER = makeSigner(ORIGIN, 1);
/** Another log's signer. */
export const STRANGER = makeSigner('log.example/stranger', 2);
const OTHERS = Array.from({ length: 4 }, (_, n) => Buffer.from(`other ${n}`));
/** Bytes of the first file. */
export const A = Buffer.from('the bytes of an invented page');
/** Bytes of the second. */
export const B = Buffer.from('the bytes of another');
/** Path of the first file. */
export const NAME = 'files/d_1/00001.jpg';
/** Path of the second. */
export const NAME_B = 'files/d_1/00002.jpg';
/** Path of the file without an entry. */
export const PLAIN = 'scope.json';
/** An id with a number in it. */
export const uuid = (n: number) => `0190b2c4-7d1a-7000-8000-${String(n).padStart(12, '0')}`;
/** A salt of one byte repeated. */
export const saltOf = (n: number) => Buffer.alloc(32, n).toString('hex');

/** JSON with its members in code-unit order (RFC 8785 for what stands here). */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical((value as Json)[name])}`).join(',')}}`;
}

/** What a bundle is made of; each case changes one. */
export interface Parts {
  readonly manifest?: (manifest: Json) => Json;
  /** The manifest's bytes as written and committed to. */
  readonly spelled?: (text: string) => string;
  readonly made?: Json;
  readonly entries?: (entries: Json[]) => Json[];
  readonly origin?: string;
  readonly lines?: (text: string) => string[];
  readonly members?: (members: Member[], made: { note: string; leaves: readonly Uint8Array[] }) => Member[];
  readonly zip?: (zip: Buffer) => Buffer;
  readonly keys?: readonly string[];
}

/** A file of a manifest. */
export const file = (path: string, bytes: Uint8Array, entryId?: string): Json => ({
  byteCount: bytes.length,
  path,
  sha256: sha256(bytes).toString('hex'),
  ...(entryId ? { entryId } : {}),
});
const received = (n: number, content: Uint8Array): Json => ({
  actor: 'system',
  at: n,
  commit: commitmentOf(saltOf(n), content),
  id: uuid(n),
  kind: 'file.received',
  v: 1,
});

function plainManifest(keysFile: Buffer): Json {
  return {
    archiveId: uuid(900),
    entries: [uuid(1), uuid(2), uuid(3)],
    files: [file(NAME, A, uuid(1)), file(NAME_B, B, uuid(2)), file('log/keys', keysFile), file(PLAIN, Buffer.from('{}\n'))],
    format: 'lantai-bundle-1',
    kind: 'audit-pack',
    madeAtMs: 5,
    materials: [{ code: '1-1', dossierId: uuid(800), files: [NAME, NAME_B], materialId: uuid(700) }],
    origin: ORIGIN,
  };
}

/** A bundle of two files under entries, one file without, and a look; everything signed and committed to rightly, whatever stands in it. */
export function make(name: string, parts: Parts = {}): BundleCase {
  const keysFile = Buffer.from(`${SIGNER.verifierKey}\n`);
  const manifest = parts.manifest?.(plainManifest(keysFile)) ?? plainManifest(keysFile);
  const text = parts.spelled?.(canonical(manifest)) ?? canonical(manifest);
  const plain = [received(1, A), received(2, B), { actor: 'system', at: 3, id: uuid(3), kind: 'page.viewed', v: 1 }];
  const made = {
    actor: 'system',
    at: 9,
    commit: commitmentOf(saltOf(9), Buffer.from(text)),
    id: uuid(9),
    kind: 'bundle.made',
    v: 1,
    ...parts.made,
  };
  const entries = [...(parts.entries?.(plain) ?? plain), made].map(canonical);
  const leaves = [...OTHERS, ...entries.map((entry) => Buffer.from(entry))];
  const body = checkpointText(parts.origin ?? ORIGIN, leaves.length, rootOf(leaves));
  const note = noteOf(body, ...(parts.lines?.(body) ?? [SIGNER.lineOver(body)]));
  const receipt = (place: number, salt?: string) => {
    const index = OTHERS.length + place;
    return Buffer.from(receiptOf({ extra: extraOf(entries[place]!, salt), index, path: pathOf(leaves, index), note }));
  };
  const members: Member[] = [
    { path: 'manifest.json', bytes: Buffer.from(text) },
    { path: 'manifest.tlog-proof', bytes: receipt(3, saltOf(9)) },
    { path: 'log/checkpoint', bytes: Buffer.from(note) },
    { path: NAME, bytes: A },
    { path: NAME_B, bytes: B },
    { path: PLAIN, bytes: Buffer.from('{}\n') },
    { path: 'log/keys', bytes: keysFile },
    { path: `receipts/${uuid(1)}.tlog-proof`, bytes: receipt(0, saltOf(1)) },
    { path: `receipts/${uuid(2)}.tlog-proof`, bytes: receipt(1, saltOf(2)) },
    { path: `receipts/${uuid(3)}.tlog-proof`, bytes: receipt(2) },
  ];
  const zip = zipOf(parts.members?.(members, { note, leaves }) ?? members);
  return { name, zip: (parts.zip?.(zip) ?? zip).toString('base64'), keys: parts.keys ?? [SIGNER.verifierKey] };
}

/** A number as two bytes, little-endian. */
export const u16 = (value: number) => Uint8Array.of(value & 255, value >> 8);
/** Members with one changed. */
export const change = (path: string, with_: (member: Member) => Member) => (members: Member[]) =>
  members.map((m) => (m.path === path ? with_(m) : m));
/** Members without one. */
export const without = (path: string) => (members: Member[]) => members.filter((m) => m.path !== path);
/** Members with one more. */
export const plus = (path: string, bytes: Uint8Array | string) => (members: Member[]) => [...members, { path, bytes: Buffer.from(bytes) }];
/** Members with the text of one changed. */
export const text = (path: string, with_: (text: string) => string) =>
  change(path, (m) => ({ ...m, bytes: Buffer.from(with_(Buffer.from(m.bytes).toString())) }));
/** A manifest with other files. */
export const files = (with_: (list: Json[]) => unknown) => (m: Json) => ({ ...m, files: with_(m.files as Json[]) });
/** A manifest with other materials. */
export const materials = (with_: (list: Json[]) => unknown) => (m: Json) => ({ ...m, materials: with_(m.materials as Json[]) });
/** A manifest with other values. */
export const set = (values: Json) => (m: Json) => ({ ...m, ...values });
/** A list with values of its first changed. */
export const first = (values: Json) => (list: Json[]) => [{ ...list[0], ...values }, ...list.slice(1)];
/** A manifest without a member. */
export const drop = (name: string) => (m: Json) => Object.fromEntries(Object.entries(m).filter(([key]) => key !== name));
/** Path of the receipt of the look. */
export const LOOK = `receipts/${uuid(3)}.tlog-proof`;
/** Path of the receipt of the first file. */
export const ONE = `receipts/${uuid(1)}.tlog-proof`;
