import { findNoteVerifier, findTile, TILE_WIDTH, type Tile } from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { ArchiveError, type Finding } from '@lantai/values';
import type { FileSystem } from '@lantai/vault';
import type { Db } from '../db/index.ts';
import { FindingList } from './check-findings.ts';
import { findLastCheckpoint } from './checkpoint-rows.ts';
import { LogWalk } from './log-walk.ts';
import { KEY_CHANGES, TileFolder } from './tile-folder.ts';

/** What {@link checkLog} is told. */
export interface LogCheckOptions {
  readonly origin: string;
  /** Verifier keys of the log. */
  readonly logKeys: readonly string[];
  /** Most findings of one code; default 100. */
  readonly findingLimit?: number;
  /** Told how far the walk is, every 8,192 entries. */
  readonly onProgress?: (checkedCount: number, totalCount: number) => void;
  readonly fs?: FileSystem;
}

/**
 * What a walk over the whole log found. Without a finding of severity error every entry is there, unaltered, and signed for.
 * Findings of severity info are normal while a log works.
 */
export interface LogReport {
  readonly findings: readonly Finding[];
  readonly placedCount: number;
  /** Entries waiting for a position: durable, and normal while acts go on. */
  readonly unplacedCount: number;
  readonly checkpointCount: number;
}

/**
 * Walks the whole log: every row against its leaf hash and its copy in the bundle, every tile against the tree computed anew, every
 * checkpoint against root and signature, the published one against the last, and every file for whether it belongs to anything. Reads one
 * snapshot of the database, so acts may go on meanwhile.
 * @param folder `<data>/log`
 * @throws ArchiveError `log/key-malformed` (caller)
 */
export async function checkLog(db: Db, folder: string, options: LogCheckOptions): Promise<LogReport> {
  const files = new TileFolder(folder, options.fs);
  const verifiers = options.logKeys.map((key) => findNoteVerifier(nodePrimitives, key)).filter((v) => v !== null);
  if (verifiers.length < options.logKeys.length) throw new ArchiveError('log/key-malformed', 'caller');
  const findings = new FindingList(options.findingLimit ?? 100);
  // Published after stored: read first, so that a log that grows meanwhile never seems to be behind.
  const published = await files.findPublished();
  const counts = await db.tx(
    async (sql) => {
      const { placedCount, unplacedCount } = (await sql.one<{ placedCount: number; unplacedCount: number }>(
        `select (select coalesce(max(position) + 1, 0) from entry) as "placedCount",
                (select count(*) from entry where position is null) as "unplacedCount"`,
      ))!;
      const walk = new LogWalk({ sql, files, findings, verifiers, origin: options.origin, onProgress: options.onProgress ?? (() => {}) });
      await walk.run(placedCount, published);
      return { placedCount, unplacedCount, checkpointCount: walk.checkpointCount };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
  await findLeftovers(db, files, findings);
  return { findings: findings.toArray(), ...counts };
}

/** Names the files that belong to nothing: what a death left behind, or a stranger put there. None of them harms the log. */
async function findLeftovers(db: Db, files: TileFolder, findings: FindingList): Promise<void> {
  const paths: string[] = [];
  for await (const path of files.listFiles()) paths.push(path);
  // After the listing, so that tiles written meanwhile are counted for.
  const size = (await findLastCheckpoint(db))?.size ?? 0;
  for (const path of paths) {
    if (path === 'checkpoint' || path === KEY_CHANGES) continue;
    const tile = findTile(path);
    if (!tile || isNeedless(tile, size)) findings.add('info', 'log/leftover-file', { path });
  }
}

/** A tile beyond the tree, or a partial one whose full one is there. */
function isNeedless({ level, index, width }: Tile, size: number): boolean {
  const count = level === 'entries' ? size : Math.floor(size / TILE_WIDTH ** level);
  if (width === TILE_WIDTH) return (index + 1) * TILE_WIDTH > count;
  return index * TILE_WIDTH + width > count || (index + 1) * TILE_WIDTH <= count;
}
