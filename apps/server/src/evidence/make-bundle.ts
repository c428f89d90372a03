import { setTimeout as sleep } from 'node:timers/promises';
import {
  anchorMembers,
  type BundleKind,
  CHECKPOINT_PATH,
  encodeManifest,
  KEYS_PATH,
  MANIFEST_PATH,
  MANIFEST_RECEIPT_PATH,
  type ManifestFile,
  type ManifestMaterial,
  type NewMember,
  receiptPath,
  writeZip,
} from '@lantai/bundle';
import { ArchiveError, formatHex, utf8 } from '@lantai/values';
import { anchorsForBundle } from '../anchors/index.ts';
import type { Archive } from '../archive/index.ts';
import type { StoredCheckpoint } from '../sequencer/index.ts';

/** A file that goes into a bundle; it is read twice, once for its digest and once to be handed out, and is in memory only then. */
export interface BundleFile {
  readonly path: string;
  /** The entry of the log that commits to these bytes. */
  readonly entryId?: string;
  read(): Promise<Uint8Array>;
}

/** What a bundle is to hold. */
export interface BundlePlan {
  readonly kind: BundleKind;
  readonly files: readonly BundleFile[];
  /** Entries whose receipts go with it; those of the files are added. */
  readonly entryIds: readonly string[];
  readonly materials: readonly ManifestMaterial[];
}

/** A bundle that was made and logged, ready to be handed out. */
export interface MadeBundle {
  /** The entry `bundle.made`. */
  readonly entryId: string;
  readonly manifestSha256: Uint8Array;
  /** The zip, as it is read: one file in memory at a time, and nothing on disk. */
  bytes(): AsyncGenerator<Uint8Array>;
}

/** The sequencer orders entries a few times a second; nobody waits longer than this for it. */
const WAIT_MS = 20_000;
const POLL_MS = 100;

/**
 * Makes a bundle (docs/spec/bundle.md).
 * INVARIANT: nothing is handed out before the entry that commits to the manifest stands in a signed checkpoint.
 * @param commit appends the entry `bundle.made` for this digest of the manifest, and gives its id
 * @throws ArchiveError `entry/not-integrated` (environment), what reading the files and `commit` throw
 */
export async function makeBundle(
  archive: Archive,
  plan: BundlePlan,
  commit: (manifestSha256: Uint8Array) => Promise<string>,
): Promise<MadeBundle> {
  const sha256 = (bytes: Uint8Array) => archive.sealer.primitives.hash('sha256', bytes);
  const keys = utf8(archive.identity.logKeys.map((key) => `${key}\n`).join(''));
  const files: readonly BundleFile[] = [...plan.files, { path: KEYS_PATH, read: async () => keys }];
  const listed: ManifestFile[] = [];
  for (const { path, entryId, read } of files) {
    const bytes = await read();
    listed.push({ path, byteCount: bytes.length, sha256: formatHex(sha256(bytes)), ...(entryId === undefined ? {} : { entryId }) });
  }
  const vouching = new Set(files.flatMap((file) => file.entryId ?? []));
  const entryIds = [...new Set([...plan.entryIds, ...vouching])].sort();
  const manifest = encodeManifest({
    kind: plan.kind,
    archiveId: archive.identity.archiveId,
    origin: archive.identity.logOrigin,
    madeAtMs: archive.clock.nowMs(),
    files: listed,
    entries: entryIds,
    materials: plan.materials,
  });
  const manifestSha256 = sha256(manifest);
  const entryId = await commit(manifestSha256);
  const checkpoint = await checkpointOver(archive, [...entryIds, entryId]);
  const anchors = await anchorsForBundle(archive, checkpoint.size);
  // A salt goes out with the file it is for, and with no other: with it a guess at a content can be confirmed.
  const receipts = (ids: readonly string[]) =>
    archive.log.makeReceipts(archive.db, checkpoint, ids, (id) => vouching.has(id) || id === entryId);
  async function* members(): AsyncGenerator<NewMember> {
    yield { path: MANIFEST_PATH, bytes: manifest };
    for await (const { text } of receipts([entryId])) yield { path: MANIFEST_RECEIPT_PATH, bytes: utf8(text) };
    yield { path: CHECKPOINT_PATH, bytes: utf8(checkpoint.note) };
    for (const { path, read } of files) yield { path, bytes: await read() };
    for await (const { entryId: id, text } of receipts(entryIds)) yield { path: receiptPath(id), bytes: utf8(text) };
    yield* anchorMembers(anchors);
  }
  return { entryId, manifestSha256, bytes: () => writeZip(members()) };
}

/** The first checkpoint that holds all of these entries. @throws ArchiveError `entry/not-integrated` (environment) */
async function checkpointOver(archive: Archive, entryIds: readonly string[]): Promise<StoredCheckpoint> {
  const endMs = archive.clock.nowMs() + WAIT_MS;
  for (;;) {
    const checkpoint = await archive.log.findCheckpoint(archive.db);
    const waiting = await archive.db.one<{ n: number }>(
      'select count(*)::int as n from entry where id = any($1::uuid[]) and (position is null or position >= $2)',
      [entryIds, checkpoint?.size ?? 0],
    );
    if (checkpoint && waiting?.n === 0) return checkpoint;
    if (archive.clock.nowMs() > endMs) throw new ArchiveError('entry/not-integrated', 'environment');
    await sleep(POLL_MS);
  }
}
