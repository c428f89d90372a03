import { askWitness } from '@lantai/anchors/witness';
import { findCosignatures, findWitness } from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { type AnchorWork, settleFailure } from './failures.ts';
import { noteDone, type ProviderRow, type ProviderSettings } from './provider-rows.ts';

type WitnessSettings = Extract<ProviderSettings, { kind: 'witness' }>;
/** Once with the size we believe it remembers, once with the size it says. */
const ATTEMPTS = 2;

/**
 * Asks a witness to cosign the newest checkpoint, and keeps its line. What it does not continue is the alarm of a fork: it has seen another
 * history of this log, or a longer one. No entry is written for a line that holds, for the entry would make a newer checkpoint.
 */
export async function askForCosignature(work: AnchorWork, provider: ProviderRow, settings: WitnessSettings): Promise<void> {
  const { archive } = work;
  try {
    const line = await collectLine(archive, provider, settings);
    if (work.isStopping()) return;
    await archive.db.tx(async (tx) => {
      const nowMs = archive.clock.nowMs();
      if (line)
        await tx.query(
          'insert into cosignature (provider_id, size, line, seen_at_ms) values ($1, $2, $3, $4) on conflict (provider_id, size) do nothing',
          [provider.id, line.size, line.text, line.atMs],
        );
      await noteDone(tx, provider, nowMs, line !== null);
    });
  } catch (error) {
    if (!work.isStopping()) await settleFailure(work, provider, error);
  }
}

/** @returns null when the newest checkpoint has the line already, or there is none @throws ArchiveError `witness/…` */
async function collectLine({ db, log }: Pick<Archive, 'db' | 'log'>, provider: ProviderRow, settings: WitnessSettings) {
  const last = await log.findCheckpoint(db);
  const own = await db.one<{ size: number }>('select coalesce(max(size), 0) as size from cosignature where provider_id = $1', [
    provider.id,
  ]);
  if (!last || own?.size === last.size) return null;
  let oldSize = own?.size ?? 0;
  for (let attempt = 1; ; attempt++) {
    const proof = oldSize === 0 || oldSize === last.size ? [] : await log.proveConsistencyBetween(db, oldSize, last.size);
    const answer = await askWitness(settings.url, { oldSize, proof: proof ?? [], note: last.note });
    if (answer.kind === 'lines') return readLine(settings, last, answer.lines);
    if (answer.kind === 'refused') throw refusal(answer.status, { fromSize: oldSize, size: last.size });
    const { knownSize } = answer;
    if (knownSize === null) throw new ArchiveError('witness/answer-wrong', 'environment', { reason: 'malformed' });
    if (knownSize > last.size) throw new ArchiveError('witness/ahead', 'corruption', { fromSize: knownSize, size: last.size });
    // The same size as we said, and yet a conflict: it remembers another root of it.
    if (knownSize === oldSize || attempt === ATTEMPTS)
      throw new ArchiveError('witness/fork', 'corruption', { fromSize: knownSize, size: last.size });
    oldSize = knownSize;
  }
}

function refusal(status: number, detail: { fromSize: number; size: number }): ArchiveError {
  if (status === 422) return new ArchiveError('witness/fork', 'corruption', detail);
  const reason = `http-${status}`;
  return status >= 500 || status === 429
    ? new ArchiveError('witness/unreachable', 'environment', { reason })
    : new ArchiveError('witness/answer-wrong', 'environment', { reason });
}

/** The witness's own line, checked; lines of others are not kept. */
function readLine(settings: WitnessSettings, last: { size: number; note: string }, lines: string) {
  const witness = findWitness(nodePrimitives, settings.key);
  for (const line of lines.split('\n')) {
    const text = `${line}\n`;
    const [seen] = witness ? findCosignatures(nodePrimitives, last.note + text, [witness]).seenBy : [];
    if (seen) return { size: last.size, text, atMs: seen.atSeconds * 1000 };
  }
  throw new ArchiveError('witness/answer-wrong', 'environment', { reason: 'signature' });
}

/** A checkpoint with the lines of its witnesses under it. */
export async function withCosignatures(sql: Sql, { size, note }: { readonly size: number; readonly note: string }): Promise<string> {
  const rows = await sql.query<{ line: string }>('select line from cosignature where size = $1 order by provider_id', [size]);
  return note + rows.map((row) => row.line).join('');
}

/** The newest checkpoint that a witness has cosigned; null when none has. */
export async function findCosigned(sql: Sql): Promise<string | null> {
  const row = await sql.one<{ size: number; note: string }>(
    'select c.size, c.note from checkpoint c where c.size = (select max(size) from cosignature)',
  );
  return row && withCosignatures(sql, row);
}

/** The newest checkpoint with the lines of its witnesses. @throws ArchiveError `checkpoint/not-found` (caller) */
export async function getNewestCheckpoint({ db, log }: Pick<Archive, 'db' | 'log'>): Promise<string> {
  const last = await log.findCheckpoint(db);
  if (!last) throw new ArchiveError('checkpoint/not-found', 'caller');
  return withCosignatures(db, last);
}
