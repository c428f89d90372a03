import {
  type AnchorProof,
  type Checkpoint,
  contentCommitment,
  EMPTY_EDGE,
  type Entry,
  encodeEntry,
  formatReceipt,
  formatTilePath,
  growEdge,
  HashTile,
  type LogPrimitives,
  type NoteSigner,
  proveConsistency,
  proveInclusion,
  rootOfEdge,
  signCheckpoint,
  treeHash,
} from '@lantai/log';
import { formatHex, utf8 } from '@lantai/values';
import { anchorMembers } from '../anchors.ts';
import {
  CHECKPOINT_PATH,
  encodeManifest,
  KEYS_PATH,
  MANIFEST_PATH,
  MANIFEST_RECEIPT_PATH,
  type ManifestMaterial,
  receiptPath,
} from '../manifest.ts';
import type { NewMember } from '../zip-write.ts';

/** A file of a made-up bundle. */
export interface SampleFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What a made-up bundle is made of. */
export interface SampleBundle {
  readonly origin: string;
  readonly signers: readonly NoteSigner[];
  /** Pages of materials, each vouched for by an entry of its own. */
  readonly materials: readonly { readonly code: string; readonly pages: readonly SampleFile[] }[];
  /** Files that the manifest alone vouches for. */
  readonly others: readonly SampleFile[];
  /** Looks that are in the bundle with their receipts. */
  readonly looks: number;
  /** Entries of the log that are not in the bundle, before those that are. */
  readonly strangers: number;
  /** Proofs of providers for an earlier state of the log, over so many entries. */
  readonly anchored?: { readonly size: number; readonly proofs: readonly AnchorProof[] };
  /** Kind of the entry that commits to the manifest; what the format asks for when left out. */
  readonly madeKind?: string;
}

const AT_MS = 1_763_769_600_000;
/** The count stands behind the variant too, so that looks have numbers of their own (docs/spec/marks.md). */
const idOf = (i: number) => `0190b2c4-7d1a-7000-${(0x8000 + (i & 0x3fff)).toString(16)}-${i.toString(16).padStart(12, '0')}`;
const ACTOR = '0190b2c4-7d1a-7000-8000-0000000000aa';
const DOSSIER = '0190b2c4-7d1a-7000-8000-0000000000dd';
/** Salt of the i-th entry: fixed here, random in an archive. */
const saltOf = (i: number) => Uint8Array.from({ length: 32 }, (_, k) => (i * 31 + k * 7) & 255);

/** Makes a bundle over a small log of its own, always the same for the same parts; for tests, vectors and the bench. */
export async function makeSampleBundle(p: LogPrimitives, parts: SampleBundle): Promise<NewMember[]> {
  const hash = treeHash(p);
  const commitOf = (i: number, bytes: Uint8Array) =>
    contentCommitment((key, ...data) => p.hmac('sha256', key, ...data), saltOf(i), p.hash('sha256', bytes));
  const entries: Entry[] = [];
  const salts = new Map<string, Uint8Array>();
  const add = (kind: string, bytes: Uint8Array | null): string => {
    const i = entries.length;
    const id = idOf(i);
    if (bytes) salts.set(id, saltOf(i));
    entries.push({
      id,
      atMs: AT_MS + i,
      kind,
      actor: ACTOR,
      object: idOf(0x1_0000_0000 + i),
      dossier: DOSSIER,
      ...(bytes ? { commit: commitOf(i, bytes) } : {}),
    });
    return id;
  };
  for (let i = 0; i < parts.strangers; i++) add('page.viewed', null);
  const vouched = parts.materials.flatMap(({ pages }) => pages.map((page) => ({ ...page, entryId: add('page.received', page.bytes) })));
  const looks = Array.from({ length: parts.looks }, () => add('page.viewed', null));
  const materials: ManifestMaterial[] = parts.materials.map(({ code, pages }, i) => ({
    materialId: idOf(0x2_0000_0000 + i),
    dossierId: DOSSIER,
    code,
    files: pages.map(({ path }) => path),
  }));
  const keys = { path: KEYS_PATH, bytes: utf8(parts.signers.map((s) => `${s.verifierKey}\n`).join('')) };
  const files = [...vouched, ...parts.others, keys].map((file) => ({
    path: file.path,
    byteCount: file.bytes.length,
    sha256: formatHex(p.hash('sha256', file.bytes)),
    ...('entryId' in file ? { entryId: file.entryId as string } : {}),
  }));
  const manifest = encodeManifest({
    kind: 'audit-pack',
    archiveId: idOf(0xa),
    origin: parts.origin,
    madeAtMs: AT_MS + entries.length,
    files,
    entries: [...vouched.map(({ entryId }) => entryId), ...looks],
    materials,
  });
  const made = add(parts.madeKind ?? 'bundle.made', manifest);
  const log = await growLog(hash, entries.map(encodeEntry));
  const note = signCheckpoint({ origin: parts.origin, ...log.state } satisfies Checkpoint, parts.signers);
  const positionOf = new Map(entries.map((entry, i) => [entry.id, i]));
  const receipt = async (id: string) => {
    const position = positionOf.get(id)!;
    const salt = salts.get(id);
    const proof = await log.prove(position);
    return utf8(
      formatReceipt({ entryBytes: encodeEntry(entries[position]!), ...(salt ? { salt } : {}), position, proof, checkpointNote: note }),
    );
  };
  const members: NewMember[] = [
    { path: MANIFEST_PATH, bytes: manifest },
    { path: MANIFEST_RECEIPT_PATH, bytes: await receipt(made) },
    { path: CHECKPOINT_PATH, bytes: utf8(note) },
  ];
  for (const { path, bytes } of [...vouched, ...parts.others, keys]) members.push({ path, bytes });
  for (const id of [...vouched.map(({ entryId }) => entryId), ...looks]) members.push({ path: receiptPath(id), bytes: await receipt(id) });
  if (parts.anchored) {
    const { size, proofs } = parts.anchored;
    const anchored = signCheckpoint({ origin: parts.origin, ...(await log.stateAt(size)) }, parts.signers);
    members.push(...anchorMembers([{ note: anchored, size, anchors: proofs, consistency: await log.continues(size) }]));
  }
  return members;
}

async function growLog(hash: ReturnType<typeof treeHash>, entries: readonly Uint8Array[]) {
  const tiles = new Map<string, HashTile>();
  const grown = growEdge(hash, EMPTY_EDGE, entries);
  for (const { tile, bytes } of grown.tiles) if (tile.level !== 'entries') tiles.set(formatTilePath(tile), new HashTile(hash, bytes));
  const source = async (list: readonly Parameters<typeof formatTilePath>[0][]) => list.map((tile) => tiles.get(formatTilePath(tile))!);
  return {
    state: { size: entries.length, root: rootOfEdge(hash, grown.edge) },
    stateAt: async (size: number) => ({ size, root: rootOfEdge(hash, growEdge(hash, EMPTY_EDGE, entries.slice(0, size)).edge) }),
    continues: (size: number) => proveConsistency(hash, source, size, entries.length),
    prove: (position: number) => proveInclusion(hash, source, position, entries.length),
  };
}
