import { nodePrimitives } from '@lantai/primitives-node';
import { ArchiveError, type Finding } from '@lantai/values';
import type { SuiteId } from '@lantai/vault';
import { insertAccount, makePassword, type NewAccount } from '../access/index.ts';
import {
  type ArchiveFile,
  type Clock,
  createKeys,
  findArchiveFile,
  findKeyPlaceProblems,
  openLogSigners,
  PURPOSE,
  Sealer,
  systemClock,
  writeArchiveFile,
} from '../archive/index.ts';
import type { Config } from '../config.ts';
import { type Db, migrate, openDb, type RunningDatabase, startDatabase } from '../db/index.ts';
import { deskTx, madeObjects } from '../desk/index.ts';
import { JobQueue } from '../jobs/index.ts';

/** An account made at set-up; the password is shown once and kept nowhere. */
export interface FirstAccount {
  readonly name: string;
  readonly role: NewAccount['role'];
  readonly password: string;
}

export interface SetupInput {
  readonly kind: 'trial' | 'production';
  readonly fonds: { readonly code: string; readonly name: string };
  /** Names and passwords of the first accounts; left out: made. */
  readonly accounts?: readonly { readonly name: string; readonly role: NewAccount['role']; readonly password?: string }[];
}

/** What set-up hands to the person who did it. */
export interface SetupResult {
  readonly accounts: readonly FirstAccount[];
  /** Lines to be printed and locked away. */
  readonly recoveryKit: readonly string[];
  /** What is unwise about where keys and data lie: on one disk, for one. */
  readonly findings: readonly Finding[];
}

/**
 * Makes an archive in an empty data folder: keys, database, first accounts. Running it again after a crash goes on where it stopped.
 * @throws ArchiveError `archive/exists`, `archive/kind-differs` (caller), and what keys and database throw
 */
export async function createArchive(config: Config, input: SetupInput & { readonly suite: SuiteId }): Promise<SetupResult> {
  const clock = systemClock();
  const begun = findArchiveFile(config.dataFolder);
  // INVARIANT: a trial never becomes a production archive: what it is was written before its first row.
  if (begun && begun.kind !== input.kind) throw new ArchiveError('archive/kind-differs', 'caller', { kind: begun.kind });
  const file = begun ?? { format: 1, kind: input.kind, archiveId: clock.newId(), suite: input.suite, createdAtMs: clock.nowMs() };
  const database = await startDatabase(config);
  try {
    if (!begun) writeArchiveFile(config.dataFolder, file);
    const { keys, recoveryKit } = await createKeys(config, nodePrimitives, file.suite);
    try {
      const sealer = new Sealer(nodePrimitives, keys, file.suite);
      await createPurposeKeys(sealer);
      await migrateDatabase(database);
      const db = openDb(database.connection, { poolMax: 2 });
      try {
        const accounts = await fillArchive({ db, sealer, clock }, file, input);
        return { accounts, recoveryKit, findings: await findKeyPlaceProblems(config) };
      } finally {
        await db.close();
      }
    } finally {
      await keys.close();
    }
  } finally {
    await database.stop();
  }
}

/** Brings the schema of a running database, and the job queue's in it, to this program's version. */
export async function migrateDatabase(database: RunningDatabase): Promise<void> {
  await withDb(database.ownerConnection, migrate);
  await withDb(database.connection, JobQueue.install);
}

async function withDb(connection: RunningDatabase['connection'], work: (db: Db) => Promise<void>): Promise<void> {
  const db = openDb(connection, { poolMax: 1 });
  try {
    await work(db);
  } finally {
    await db.close();
  }
}

/** The accounts of a new archive: three administrators apart and an archivist; in a trial one owner. */
const FIRST_ACCOUNTS: Readonly<Record<'trial' | 'production', readonly { name: string; role: NewAccount['role'] }[]>> = {
  trial: [{ name: 'trial', role: 'trial_owner' }],
  production: [
    { name: 'sysadmin', role: 'system_admin' },
    { name: 'secadmin', role: 'security_admin' },
    { name: 'auditadmin', role: 'audit_admin' },
    { name: 'archivist', role: 'archivist' },
  ],
};

const LEVEL_MAX_AT_SETUP = 3;

/** Makes the keys that every archive has. Durable before it resolves; run again it changes nothing. */
export async function createPurposeKeys(sealer: Sealer): Promise<void> {
  await sealer.keys.createMany(Object.values(PURPOSE).map((id) => ({ kind: 'purpose' as const, id, parent: null })));
}

/**
 * Fills an empty database: the archive's row, its fonds with the root unit, and the first accounts, with the log's first entries.
 * One transaction. CRASH: before the commit only keys exist; running set-up again goes on.
 * @throws ArchiveError `archive/exists` (caller), `fonds/code-malformed` (caller)
 */
export async function fillArchive(
  parts: { db: Db; sealer: Sealer; clock: Clock },
  file: ArchiveFile,
  input: SetupInput,
): Promise<FirstAccount[]> {
  const { db, sealer, clock } = parts;
  if (!/^[A-Z][0-9]{3}$/.test(input.fonds.code)) throw new ArchiveError('fonds/code-malformed', 'caller');
  const origin = `lantai.archive/${file.archiveId}`;
  const [signer] = openLogSigners(sealer, origin);
  const fondsId = clock.newId();
  const unitId = clock.newId();
  await sealer.keys.create('fonds', fondsId, null);
  const wanted: NonNullable<SetupInput['accounts']> = input.accounts ?? FIRST_ACCOUNTS[input.kind];
  const accounts = wanted.map((a) => ({ ...a, password: a.password ?? makePassword() }));
  await db.tx(async (raw) => {
    const tx = deskTx(raw, { clock, sealer }, null, 'administration');
    const rows = await tx.query(
      `insert into archive (archive_id, kind, suite, log_origin, log_key, created_at_ms) values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning one`,
      [file.archiveId, file.kind, file.suite, origin, signer.verifierKey, clock.nowMs()],
    );
    if (!rows.length) throw new ArchiveError('archive/exists', 'caller');
    const fondsKey = { kind: 'fonds', id: fondsId } as const;
    const name = (table: string, rowId: string) => sealer.seal(fondsKey, { table, column: 'name', rowId, version: 1 }, input.fonds.name);
    await tx.query('insert into fonds (id, code, name, created_at_ms) values ($1, $2, $3, $4)', [
      fondsId,
      input.fonds.code,
      name('fonds', fondsId),
      clock.nowMs(),
    ]);
    await tx.query('insert into unit (id, fonds_id, code, name) values ($1, $2, $3, $4)', [unitId, fondsId, 'ROOT', name('unit', unitId)]);
    await tx.log({
      kind: 'archive.created',
      objectId: file.archiveId,
      params: { kind: file.kind, suite: file.suite },
      changed: [madeObjects('fonds', [fondsId]), madeObjects('unit', [unitId])],
    });
    for (const a of accounts) {
      const isArchival = a.role === 'archivist' || a.role === 'trial_owner' || a.role === 'unit_clerk';
      await insertAccount(tx, parts, {
        ...a,
        fondsId: isArchival && a.role !== 'trial_owner' ? fondsId : null,
        unitId: null,
        levelMax: LEVEL_MAX_AT_SETUP,
        mustChangePassword: input.kind === 'production',
      });
    }
  });
  return accounts;
}
