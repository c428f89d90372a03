import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveError } from '@lantai/values';
import { encodeContext, openObject, sealObject } from '@lantai/vault';
import { type Archive, PURPOSE } from '../archive/index.ts';

/** Bytes sealed and flushed together while an upload arrives: what a broken line may lose, and no more. */
const CHUNK_BYTES = 1024 * 1024;
/** Uploads that nobody imports are thrown away after a day. */
export const UPLOAD_LIFE_MS = 24 * 60 * 60_000;
/** Largest file by upload; larger ones are imported from a folder. */
export const UPLOAD_BYTES_MAX = 512 * 1024 * 1024;

/** An upload on its way. */
export interface Upload {
  readonly id: string;
  readonly byteCount: number;
  /** How much of it is durable. */
  readonly offset: number;
}

interface Row {
  id: string;
  byte_count: number;
  expires_at_ms: number;
}

const folderOf = (archive: Archive, id: string) => join(archive.config.dataFolder, 'uploads', id);
const context = (id: string, offset: number) => encodeContext('lantai/upload/v1', id, String(offset));
const keyOf = (archive: Archive, id: string, offset: number) =>
  archive.sealer.subkey({ kind: 'purpose', id: PURPOSE.upload }, `lantai/upload/v1/${id}/${offset}`);

/** Begins an upload. @param linkId the capture link that it comes by; left out: the account's own @throws ArchiveError `upload/too-large` (caller) */
export async function createUpload(archive: Archive, accountId: string, byteCount: number, linkId: string | null = null): Promise<string> {
  if (byteCount > UPLOAD_BYTES_MAX) throw new ArchiveError('upload/too-large', 'caller', { maxBytes: UPLOAD_BYTES_MAX });
  const id = archive.clock.newId();
  const nowMs = archive.clock.nowMs();
  await archive.db.query(
    'insert into upload (id, account_id, byte_count, created_at_ms, expires_at_ms, link_id) values ($1, $2, $3, $4, $5, $6)',
    [id, accountId, byteCount, nowMs, nowMs + UPLOAD_LIFE_MS, linkId],
  );
  return id;
}

/** An upload of this account, with what of it is durable. @param linkId only one that came by this capture link @throws ArchiveError `upload/not-found`, `upload/expired` (caller) */
export async function getUpload(archive: Archive, accountId: string, id: string, linkId: string | null = null): Promise<Upload> {
  const row = /^[0-9a-f-]{36}$/.test(id)
    ? await archive.db.one<Row>(
        'select id, byte_count, expires_at_ms from upload where id = $1 and account_id = $2 and ($3::uuid is null or link_id = $3)',
        [id, accountId, linkId],
      )
    : null;
  if (!row) throw new ArchiveError('upload/not-found', 'caller');
  if (row.expires_at_ms < archive.clock.nowMs()) throw new ArchiveError('upload/expired', 'caller');
  return { id, byteCount: row.byte_count, offset: (await listChunks(archive, id)).end };
}

/** Chunks that follow each other without a gap from the first byte. A chunk's name is `offset-length`. */
async function listChunks(archive: Archive, id: string): Promise<{ chunks: { offset: number; name: string }[]; end: number }> {
  const names = await readdir(folderOf(archive, id)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const all = names
    .map((name) => /^(\d+)-(\d+)$/.exec(name))
    .filter((m) => m !== null)
    .map((m) => ({ name: m[0], offset: Number(m[1]), length: Number(m[2]) }))
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  const chunks: { offset: number; name: string }[] = [];
  let end = 0;
  for (const chunk of all) {
    if (chunk.offset !== end) continue;
    chunks.push(chunk);
    end += chunk.length;
  }
  return { chunks, end };
}

/**
 * Takes bytes from `offset` on; each whole chunk is sealed and durable before the next is read, so a broken line loses less than one.
 * Returns the new offset. @throws ArchiveError `upload/offset`, `upload/too-large` (caller)
 */
export async function appendUpload(archive: Archive, upload: Upload, offset: number, body: AsyncIterable<Uint8Array>): Promise<number> {
  if (offset !== upload.offset) throw new ArchiveError('upload/offset', 'caller', { offset: upload.offset });
  const folder = folderOf(archive, upload.id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let at = offset;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  const flush = async () => {
    if (!heldBytes) return;
    const plain = Buffer.concat(held);
    await writeChunk(archive, folder, upload.id, at, plain);
    at += plain.length;
    held = [];
    heldBytes = 0;
  };
  try {
    for await (const piece of body) {
      if (at + heldBytes + piece.length > upload.byteCount)
        throw new ArchiveError('upload/too-large', 'caller', { maxBytes: upload.byteCount });
      held.push(piece);
      heldBytes += piece.length;
      if (heldBytes >= CHUNK_BYTES) await flush();
    }
  } finally {
    // What arrived before the line broke is kept too: resuming goes on exactly there.
    await flush();
  }
  return at;
}

async function writeChunk(archive: Archive, folder: string, id: string, offset: number, plain: Uint8Array): Promise<void> {
  const { primitives, suite } = archive.sealer;
  const sealed = sealObject(primitives, { suite, key: keyOf(archive, id, offset), context: context(id, offset), plain });
  const path = join(folder, `${offset}-${plain.length}`);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(sealed);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  const directory = await open(folder, 'r');
  await directory.sync().finally(() => directory.close());
}

/** The whole of a complete upload. @throws ArchiveError `upload/incomplete` (caller), `object/…` (corruption) */
export async function readUpload(archive: Archive, upload: Upload): Promise<Uint8Array> {
  const { chunks, end } = await listChunks(archive, upload.id);
  if (end !== upload.byteCount) throw new ArchiveError('upload/incomplete', 'caller');
  const parts: Uint8Array[] = [];
  for (const chunk of chunks) {
    const sealed = await readFile(join(folderOf(archive, upload.id), chunk.name));
    parts.push(
      openObject(archive.sealer.primitives, {
        key: keyOf(archive, upload.id, chunk.offset),
        context: context(upload.id, chunk.offset),
        sealed,
      }),
    );
  }
  return Buffer.concat(parts);
}

/** Throws an upload away: its row first, so that nothing names bytes that are gone. CRASH: a folder without a row is swept by the next expiry. */
export async function removeUpload(archive: Archive, id: string): Promise<void> {
  await archive.db.query('delete from upload where id = $1', [id]);
  await rm(folderOf(archive, id), { recursive: true, force: true });
}

/** Throws away uploads nobody imported in time, and folders whose row is gone. Returns how many. */
export async function expireUploads(archive: Archive): Promise<number> {
  const expired = await archive.db.system('uploads').query<{ id: string }>(
    `delete from upload u where expires_at_ms < $1 and not exists (select 1 from import_upload i where i.upload_id = u.id)
         and not exists (select 1 from manifest m where m.account_id = u.account_id and m.state = 'filing') returning id`,
    [archive.clock.nowMs()],
  );
  const root = join(archive.config.dataFolder, 'uploads');
  const folders = await readdir(root).catch(() => []);
  const rows = new Set((await archive.db.query<{ id: string }>('select id from upload')).map((r) => r.id));
  for (const name of folders) if (!rows.has(name)) await rm(join(root, name), { recursive: true, force: true });
  return expired.length;
}
