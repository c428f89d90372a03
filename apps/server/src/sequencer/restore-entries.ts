import {
  type Checkpoint,
  decodeEntry,
  Frontier,
  findBundle,
  findNoteVerifier,
  formatTilePath,
  hashLeaf,
  openCheckpoint,
  TILE_WIDTH,
} from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { ArchiveError, equalBytes, isArchiveError } from '@lantai/values';
import type { FileSystem } from '@lantai/vault';
import type { Db, Session } from '../db/index.ts';
import { findLastCheckpoint, insertCheckpoint } from './checkpoint-rows.ts';
import { tryLock } from './lock.ts';
import { hash } from './parts.ts';
import { TileFolder } from './tile-folder.ts';

/** What {@link restoreEntries} did. */
export interface RestoreOutcome {
  /** Entries of the log that the database did not have, now there again without salt and without the objects they speak of. */
  readonly restoredCount: number;
  /** Entries the database had, but had not yet seen placed. */
  readonly placedCount: number;
  readonly size: number;
}

/**
 * The way on after `log/behind-published`: puts the entries that were published but are missing in a restored database back under their
 * ids and positions, out of the entry bundles. First all bundles must give the signed root. Running it again changes nothing.
 * Normative: docs/spec/log.md section 4.
 * @param folder `<data>/log`, newer than the database
 * @throws ArchiveError `log/in-use` (environment) while a sequencer works, `log/published-altered`, `log/bundle-missing`,
 *   `log/bundles-differ`, `log/fork` (corruption)
 */
export function restoreEntries(
  db: Db,
  folder: string,
  options: { origin: string; logKeys: readonly string[]; clock?: { nowMs(): number }; fs?: FileSystem },
): Promise<RestoreOutcome> {
  const files = new TileFolder(folder, options.fs);
  return db.session(async (session) => {
    if (!(await tryLock(session))) throw new ArchiveError('log/in-use', 'environment');
    const { checkpoint, note } = await readPublished(files, options);
    await checkBundles(files, checkpoint);
    const last = await findLastCheckpoint(session);
    const outcome = { restoredCount: 0, placedCount: 0, size: checkpoint.size };
    for (let start = last ? last.size - (last.size % TILE_WIDTH) : 0; start < checkpoint.size; start += TILE_WIDTH) {
      const put = await putBack(session, start, await readBundle(files, start, checkpoint.size));
      outcome.restoredCount += put.restored;
      outcome.placedCount += put.placed;
    }
    // CRASH: some entries are back and no checkpoint counts them: the alarm stays, and running again goes on from the last stored one.
    if (!last || last.size < checkpoint.size) await insertCheckpoint(session, checkpoint, note, options.clock?.nowMs() ?? Date.now());
    return outcome;
  });
}

async function readPublished(files: TileFolder, options: { origin: string; logKeys: readonly string[] }) {
  const verifiers = options.logKeys.map((key) => findNoteVerifier(nodePrimitives, key)).filter((v) => v !== null);
  const note = await files.findPublished();
  const opened = note === null ? null : openCheckpoint(note, verifiers);
  if (!note || opened?.kind !== 'opened' || opened.checkpoint.origin !== options.origin)
    throw new ArchiveError('log/published-altered', 'corruption', { reason: opened?.kind === 'refused' ? opened.fault : 'missing' });
  return { note, checkpoint: opened.checkpoint };
}

/** INVARIANT: nothing is put back before every bundle was read and together they gave the root that was signed. */
async function checkBundles(files: TileFolder, checkpoint: Checkpoint): Promise<void> {
  const frontier = new Frontier(hash);
  for (let start = 0; start < checkpoint.size; start += TILE_WIDTH)
    for (const entry of await readBundle(files, start, checkpoint.size)) frontier.append(hashLeaf(hash, entry));
  if (!equalBytes(frontier.root(), checkpoint.root)) throw new ArchiveError('log/bundles-differ', 'corruption', { size: checkpoint.size });
}

async function readBundle(files: TileFolder, start: number, size: number): Promise<Uint8Array[]> {
  const tile = { level: 'entries', index: start / TILE_WIDTH, width: Math.min(TILE_WIDTH, size - start) } as const;
  const bytes = (await files.findTileBytes(tile)) ?? (await files.findTileBytes({ ...tile, width: TILE_WIDTH }));
  const entries = bytes && findBundle(bytes);
  if (!entries || entries.length < tile.width) throw new ArchiveError('log/bundle-missing', 'corruption', { path: formatTilePath(tile) });
  return entries.slice(0, tile.width);
}

/** One bundle's entries, in one transaction. A row that is there must hold the same bytes under the same position, or none yet. */
async function putBack(session: Session, start: number, bundle: readonly Uint8Array[]): Promise<{ restored: number; placed: number }> {
  const entries = bundle.map((bytes, i) => ({ ...decodeEntry(bytes), bytes, position: start + i }));
  const ids = entries.map((entry) => entry.id);
  return session.tx(async (tx) => {
    const known = await tx.query<{ id: string; position: number | null; bytes: Uint8Array }>(
      'select id, position, bytes from entry where id = any($1::uuid[])',
      [ids],
    );
    const knownById = new Map(known.map((row) => [row.id, row]));
    for (const { id, bytes, position } of entries) {
      const row = knownById.get(id);
      if (row && (!equalBytes(row.bytes, bytes) || (row.position ?? position) !== position)) throw forkAt(position);
    }
    const missing = entries.filter(({ id }) => !knownById.has(id));
    const unplaced = entries.filter(({ id }) => knownById.get(id)?.position === null);
    try {
      await tx.execute(
        `insert into entry (id, kind, bytes, dossier_id, actor_id, at_ms, position)
         select * from unnest($1::uuid[], $2::text[], $3::bytea[], $4::uuid[], $5::uuid[], $6::bigint[], $7::bigint[])`,
        [
          missing.map((e) => e.id),
          missing.map((e) => e.kind),
          missing.map((e) => e.bytes),
          missing.map((e) => e.dossier ?? null),
          missing.map((e) => (e.actor === 'system' ? null : e.actor.slice(e.actor.indexOf(':') + 1))),
          missing.map((e) => e.atMs),
          missing.map((e) => e.position),
        ],
      );
      await tx.execute(
        'update entry set position = list.position from unnest($1::uuid[], $2::bigint[]) as list(id, position) where entry.id = list.id',
        [unplaced.map((e) => e.id), unplaced.map((e) => e.position)],
      );
    } catch (error) {
      // Another entry stands at a published position: the database was written to after it went back in time.
      if (isArchiveError(error, 'db/unique')) throw forkAt(start);
      throw error;
    }
    return { restored: missing.length, placed: unplaced.length };
  });
}

const forkAt = (position: number) => new ArchiveError('log/fork', 'corruption', { position, reason: 'entry-differs' });
