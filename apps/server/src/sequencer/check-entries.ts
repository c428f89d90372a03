import { type Entry, findBundle, findEntry, formatTilePath, HASH_BYTES, hashLeaf, TILE_WIDTH, type Tile } from '@lantai/log';
import { equalBytes } from '@lantai/values';
import type { Sql } from '../db/index.ts';
import type { FindingList } from './check-findings.ts';
import { hash } from './parts.ts';
import type { TileFolder } from './tile-folder.ts';

/** A placed row with the columns that repeat what its bytes say. */
export interface CheckedRow {
  readonly id: string;
  readonly kind: string;
  readonly bytes: Uint8Array;
  readonly position: number;
  readonly dossier_id: string | null;
  readonly actor_id: string | null;
  readonly at_ms: number;
}

/** Placed rows with positions from `from` up to `to` (excluded), in order. */
export function readRows(sql: Sql, from: number, to: number): Promise<CheckedRow[]> {
  return sql.queryNamed<CheckedRow>(
    'check-rows',
    'select id, kind, bytes, position, dossier_id, actor_id, at_ms from entry where position >= $1 and position < $2 order by position',
    [from, to],
  );
}

/** The columns are copies for searching; the bytes are what was signed. */
export function checkColumns(row: CheckedRow, findings: FindingList): void {
  const entry = findEntry(row.bytes);
  if (!entry) {
    findings.add('error', 'log/entry-malformed', { id: row.id });
    return;
  }
  const said: Record<string, Entry[keyof Entry] | null> = {
    id: entry.id,
    kind: entry.kind,
    at_ms: entry.atMs,
    dossier_id: entry.dossier ?? null,
    actor_id: entry.actor === 'system' ? null : entry.actor.slice(entry.actor.indexOf(':') + 1),
  };
  const column = Object.keys(said).find((name) => said[name] !== row[name as keyof CheckedRow]);
  if (column) findings.add('error', 'log/row-differs', { id: row.id, column });
}

/**
 * Compares the three copies of the entries under one level-0 tile: row, bundle and leaf hash. Two that agree outvote the third, which is
 * then named; the checkpoints' roots judge the votes in the end.
 * @returns the leaf hashes by the vote; null where nothing is left of an entry
 */
export async function checkTile(
  files: TileFolder,
  index: number,
  width: number,
  rows: ReadonlyMap<number, CheckedRow>,
  findings: FindingList,
): Promise<(Uint8Array | null)[]> {
  const hashTile = await findHashTile(files, { level: 0, index, width }, findings);
  const bundle = await findBundleEntries(files, { level: 'entries', index, width }, findings);
  const altered = { tile: false, bundle: false };
  const leaves = Array.from({ length: width }, (_, i) => {
    const position = index * TILE_WIDTH + i;
    const row = rows.get(position);
    const byRow = row ? hashLeaf(hash, row.bytes) : null;
    const byBundle = bundle?.[i] ? hashLeaf(hash, bundle[i]) : null;
    const byTile = hashTile ? hashTile.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES) : null;
    const leaf = vote(byTile, byRow, byBundle);
    if (!row) findings.add('error', 'log/entry-missing', { position });
    else if (!leaf || !equalBytes(byRow!, leaf)) findings.add('error', 'log/entry-altered', { position, id: row.id });
    altered.tile ||= byTile !== null && leaf !== null && !equalBytes(byTile, leaf);
    altered.bundle ||= byBundle !== null && leaf !== null && !equalBytes(byBundle, leaf);
    return leaf;
  });
  if (altered.tile) findings.add('error', 'log/tile-altered', { path: formatTilePath({ level: 0, index, width }) });
  if (altered.bundle) findings.add('error', 'log/bundle-altered', { path: formatTilePath({ level: 'entries', index, width }) });
  return leaves;
}

/** The hash that two of the three name; where no two agree, the tile's, which readers' proofs are made of. */
function vote(byTile: Uint8Array | null, byRow: Uint8Array | null, byBundle: Uint8Array | null): Uint8Array | null {
  const agree = (a: Uint8Array | null, b: Uint8Array | null) => a !== null && b !== null && equalBytes(a, b);
  if (agree(byRow, byBundle)) return byRow;
  return byTile ?? byRow ?? byBundle;
}

/** A hash tile of exactly this width, cut from the full one when that has replaced it; null, and a finding, when missing or misshapen. */
export async function findHashTile(files: TileFolder, tile: Tile, findings: FindingList): Promise<Uint8Array | null> {
  const path = formatTilePath(tile);
  const bytes = (await files.findTileBytes(tile)) ?? (await files.findTileBytes({ ...tile, width: TILE_WIDTH }));
  if (!bytes) findings.add('error', 'log/tile-missing', { path });
  else if (bytes.length === tile.width * HASH_BYTES || bytes.length === TILE_WIDTH * HASH_BYTES)
    return bytes.subarray(0, tile.width * HASH_BYTES);
  else findings.add('error', 'log/tile-altered', { path });
  return null;
}

async function findBundleEntries(files: TileFolder, tile: Tile, findings: FindingList): Promise<Uint8Array[] | null> {
  const path = formatTilePath(tile);
  const bytes = (await files.findTileBytes(tile)) ?? (await files.findTileBytes({ ...tile, width: TILE_WIDTH }));
  if (!bytes) {
    findings.add('error', 'log/bundle-missing', { path });
    return null;
  }
  const entries = findBundle(bytes);
  if (entries && entries.length >= tile.width) return entries.slice(0, tile.width);
  findings.add('error', 'log/bundle-altered', { path });
  return null;
}
