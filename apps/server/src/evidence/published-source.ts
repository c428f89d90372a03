import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findBundle, formatBundle, formatTilePath, HASH_BYTES, TILE_WIDTH, type Tile } from '@lantai/log';
import { ArchiveError } from '@lantai/values';
import { findFileErrorCode } from '@lantai/vault';

/** A log as it is published (C2SP tlog-tiles): by path below its prefix, the bytes or null where nothing is. */
export interface PublishedLog {
  /** Whether it gives bundles of entries too: a folder does, a server gives them to auditors alone (docs/spec/log.md, section 2). */
  readonly givesEntries: boolean;
  find(path: string): Promise<Uint8Array | null>;
}

/** No tile, bundle or checkpoint is larger: 256 entries of 65,535 bytes, each behind two. */
const FILE_BYTES_MAX = 256 * (65_535 + 2);
const TIMEOUT_MS = 30_000;

/**
 * Opens a published log for reading: a URL (its prefix, such as `https://archive.example/log`) or a folder (`<data>/log`, or a copy).
 * Reading rejects with ArchiveError `monitor/unreachable` (environment) when host or disk fails.
 * @param token API token of an account that may read the log: over HTTP, entries are read too
 */
export function openPublishedLog(place: string, token: string | null = null): PublishedLog {
  return /^https?:\/\//.test(place)
    ? { givesEntries: token !== null, find: (path) => fetchFile(place.replace(/\/+$/, ''), path, token) }
    : { givesEntries: true, find: (path) => readOrNull(place, path) };
}

async function fetchFile(prefix: string, path: string, token: string | null): Promise<Uint8Array | null> {
  try {
    // INVARIANT: the token goes where it is asked for, and no further: redirects are refused.
    const headers: Record<string, string> = token !== null && path.startsWith('tile/entries/') ? { authorization: `Bearer ${token}` } : {};
    const answer = await fetch(`${prefix}/${path}`, { headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (answer.status === 404) return null;
    if (!answer.ok || !answer.body) throw new ArchiveError('monitor/unreachable', 'environment', { reason: String(answer.status) });
    return await readAtMost(answer.body, FILE_BYTES_MAX);
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError('monitor/unreachable', 'environment', { reason: 'network' }, error);
  }
}

async function readAtMost(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const part = next.value;
    length += part.length;
    if (length > limit) throw new ArchiveError('monitor/unreachable', 'environment', { reason: 'too-large' });
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

async function readOrNull(folder: string, path: string): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await readFile(join(folder, path)));
  } catch (error) {
    const reason = findFileErrorCode(error);
    if (reason === 'ENOENT' || reason === 'ENOTDIR') return null;
    throw new ArchiveError('monitor/unreachable', 'environment', { reason: reason ?? 'disk' }, error);
  }
}

/** The bytes of a tile or bundle, cut from the full one where the partial is gone; null when missing or not of the form. */
export async function findPublishedTile(log: PublishedLog, tile: Tile): Promise<Uint8Array | null> {
  const bytes = (await log.find(formatTilePath(tile))) ?? (await log.find(formatTilePath({ ...tile, width: TILE_WIDTH })));
  if (!bytes) return null;
  if (tile.level !== 'entries') return bytes.length >= tile.width * HASH_BYTES ? bytes.slice(0, tile.width * HASH_BYTES) : null;
  const entries = findBundle(bytes);
  return entries && entries.length >= tile.width ? formatBundle(entries.slice(0, tile.width)) : null;
}
