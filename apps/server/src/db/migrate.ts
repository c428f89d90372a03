import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ArchiveError, assert } from '@lantai/values';
import type { Db, Tx } from './sql.ts';

/** One numbered file of SQL, forward only. */
interface Migration {
  readonly version: number;
  readonly name: string;
  readonly text: string;
  /** SHA-256 of the file. */
  readonly digest: Buffer;
}

interface AppliedMigration {
  readonly version: number;
  readonly digest: Buffer;
}

/** Beside this file in the source and beside the bundle in dist. */
const MIGRATIONS_FOLDER = fileURLToPath(new URL('./migrations/', import.meta.url));

/** Any number that no other program on the same database server is likely to take: "lantai" in ASCII as an integer. */
const MIGRATION_LOCK = 0x6c616e746169;

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const migrations = await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(`${folder}/${name}`);
      return { version: Number(name.slice(0, 4)), name, text: bytes.toString('utf8'), digest: createHash('sha256').update(bytes).digest() };
    }),
  );
  migrations.forEach((m, i) => {
    const before = migrations[i - 1]?.version ?? 0;
    assert(/^\d{4}_[a-z0-9-]+\.sql$/.test(m.name) && m.version > before, `migration ${m.name} does not come after number ${before}`);
  });
  return migrations;
}

async function readApplied(tx: Tx): Promise<AppliedMigration[]> {
  // Released with the transaction, so a migrating process that dies leaves nothing locked.
  await tx.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  const table = await tx.one<{ found: string | null }>(`SELECT to_regclass('public.schema_version')::text AS found`);
  if (table?.found) return tx.query<AppliedMigration>('SELECT version, digest FROM public.schema_version ORDER BY version');
  await tx.script(`
    CREATE TABLE public.schema_version (
      version integer PRIMARY KEY,
      name text COLLATE "C" NOT NULL,
      digest bytea NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    );
    GRANT SELECT ON public.schema_version TO PUBLIC`);
  return [];
}

function checkApplied(applied: readonly AppliedMigration[], known: ReadonlyMap<number, Migration>): void {
  for (const { version, digest } of applied) {
    const own = known.get(version);
    if (!own) throw new ArchiveError('db/schema-newer', 'environment', { found: version, known: Math.max(0, ...known.keys()) });
    if (!own.digest.equals(digest)) throw new ArchiveError('db/migration-altered', 'corruption', { version });
  }
}

/**
 * Applies the next missing migration; false when none is missing, or it goes beyond `through`. One with a lower number than what is there
 * already is applied too: branches of the program are numbered before they meet.
 */
async function applyNext(tx: Tx, known: readonly Migration[], through: number): Promise<boolean> {
  const applied = await readApplied(tx);
  checkApplied(applied, new Map(known.map((m) => [m.version, m])));
  const done = new Set(applied.map((a) => a.version));
  const next = known.find((m) => !done.has(m.version));
  if (!next || next.version > through) return false;
  await tx.script(next.text);
  await tx.query('INSERT INTO public.schema_version (version, name, digest) VALUES ($1, $2, $3)', [next.version, next.name, next.digest]);
  return true;
}

/**
 * Brings the schema to the version this program knows, each step in a transaction of its own. Safe to call by several processes at once.
 * @param db under the owner role
 * @param folder where the numbered files `NNNN_name.sql` lie; default the program's own
 * @param through the last version to go to: rows of an older backup are loaded under the schema they were written under
 * @throws ArchiveError `db/schema-newer` (environment) when a newer program has been here: this one must not touch what it does not know
 * @throws ArchiveError `db/migration-altered` (corruption) when an applied file is no longer what was applied
 */
export async function migrate(db: Db, folder = MIGRATIONS_FOLDER, through = Number.POSITIVE_INFINITY): Promise<void> {
  const known = await readMigrations(folder);
  // CRASH: between two steps the schema is at the last whole step; running again goes on there.
  while (await db.tx((tx) => applyNext(tx, known, through)));
}

/** The version of the schema in this database; 0 before the first migration. */
export async function readSchemaVersion(db: Db): Promise<number> {
  const table = await db.one<{ found: string | null }>(`SELECT to_regclass('public.schema_version')::text AS found`);
  if (!table?.found) return 0;
  const row = await db.one<{ version: number | null }>('SELECT max(version) AS version FROM public.schema_version');
  return row?.version ?? 0;
}
