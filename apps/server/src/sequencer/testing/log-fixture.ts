import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentCommitment, createNoteSigner, type Entry, encodeEntry, type NoteSigner } from '@lantai/log';
import { nodePrimitives as p } from '@lantai/primitives-node';
import type { Db, Sql } from '../../db/index.ts';
import { openLogReader } from '../log-reader.ts';
import { type SequencerOptions, startSequencer } from '../sequencer.ts';

export const ORIGIN = 'log.example/test';

/** A fresh Ed25519 log key. */
export const makeSigner = (origin = ORIGIN): NoteSigner =>
  createNoteSigner(p, { name: origin, algorithm: 'ed25519', ...p.generateSigner('ed25519') });

/** The bytes an invented page would have. */
export const pageBytes = (id: string): Uint8Array => new TextEncoder().encode(`page of ${id}`);

/** Inserts entries as an act does, in the transaction given; each commits to {@link pageBytes} of its id. @returns their ids */
export async function insertEntries(sql: Sql, count: number, change: Partial<Entry> = {}): Promise<string[]> {
  const actor = randomUUID();
  const dossier = randomUUID();
  const rows = Array.from({ length: count }, (_, i) => {
    const id = randomUUID();
    const salt = new Uint8Array(randomBytes(32));
    const commit = contentCommitment((key, ...parts) => p.hmac('sha256', key, ...parts), salt, p.hash('sha256', pageBytes(id)));
    const entry: Entry = { id, atMs: 1_763_769_600_000 + i, kind: 'page.received', actor, dossier, commit, ...change };
    return { ...entry, salt, bytes: encodeEntry(entry) };
  });
  await sql.query(
    `insert into entry (id, kind, bytes, salt, dossier_id, actor_id, at_ms)
     select * from unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[], $5::uuid[], $6::uuid[], $7::bigint[])`,
    [
      rows.map((r) => r.id),
      rows.map((r) => r.kind),
      rows.map((r) => r.bytes),
      rows.map((r) => r.salt),
      rows.map((r) => r.dossier ?? null),
      rows.map((r) => (r.actor === 'system' ? null : r.actor)),
      rows.map((r) => r.atMs),
    ],
  );
  return rows.map((r) => r.id);
}

/** A log of its own in a temporary folder, on the database given. */
export async function makeLog(db: Db) {
  const folder = join(await mkdtemp(join(tmpdir(), 'lantai-log-')), 'log');
  const signer = makeSigner();
  const started: { stop(): Promise<void> }[] = [];
  return {
    folder,
    signer,
    reader: openLogReader(folder),
    start(options: Partial<SequencerOptions> = {}) {
      const sequencer = startSequencer({ db, folder, signer, origin: ORIGIN, intervalMs: 20, ...options });
      started.push(sequencer);
      return sequencer;
    },
    async dispose() {
      for (const sequencer of started) await sequencer.stop();
      await rm(join(folder, '..'), { recursive: true });
    },
  };
}

/** Empties the log's tables, as the owner. */
export async function emptyTables(ownerDb: Db): Promise<void> {
  await ownerDb.script('truncate entry, checkpoint cascade');
}
