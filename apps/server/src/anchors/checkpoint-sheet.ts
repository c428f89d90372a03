import type { CheckpointSheet } from '@lantai/documents/sheets';
import { findCosignatures, findNoteVerifier, findWitness, openCheckpoint } from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { ArchiveError, formatHex } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { runSheetWorker } from '../catalogue/index.ts';
import { type Desk, deskTx } from '../desk/index.ts';
import { withCosignatures } from './cosign.ts';
import { allProviders } from './provider-rows.ts';

const ALGORITHMS = { ed25519: 'Ed25519', sm2: 'SM2' } as const;
const MINUTE_MS = 60_000;
/** The day that stands on the sheet is the archive's: UTC+8. */
const UTC_OFFSET_MS = 480 * MINUTE_MS;

/**
 * The newest checkpoint as a page to be printed, signed and kept. Printing is an entry.
 * @throws ArchiveError `checkpoint/not-found` (caller), `log/checkpoint-altered` (corruption), `sheet/…` (environment)
 */
export async function printCheckpoint(
  archive: Archive,
  desk: Desk,
  language: 'zh' | 'en',
): Promise<{ readonly bytes: Uint8Array; readonly fileName: string; readonly size: number }> {
  const sheet = await readCheckpointSheet(archive);
  await archive.db.tx(async (raw) => {
    await deskTx(raw, archive, desk.actor.accountId, desk.purpose).log({ kind: 'checkpoint.printed', params: { size: sheet.size } });
  });
  const bytes = await runSheetWorker(archive.config, { checkpoint: sheet, language });
  return { bytes, fileName: `checkpoint-${sheet.size}.pdf`, size: sheet.size };
}

/** What the page will say, out of the tables; the note is opened by the log's own keys first. */
export async function readCheckpointSheet(archive: Pick<Archive, 'db' | 'log' | 'identity' | 'clock'>): Promise<CheckpointSheet> {
  const { db, log, identity, clock } = archive;
  const last = await log.findCheckpoint(db);
  if (!last) throw new ArchiveError('checkpoint/not-found', 'caller');
  const verifiers = identity.logKeys.map((key) => findNoteVerifier(nodePrimitives, key)).filter((v) => v !== null);
  const opened = openCheckpoint(last.note, verifiers);
  if (opened.kind === 'refused') throw new ArchiveError('log/checkpoint-altered', 'corruption', { size: last.size });
  const row = await db.one<{ at_ms: number }>('select at_ms from checkpoint where size = $1', [last.size]);
  const day = new Date(clock.nowMs() + UTC_OFFSET_MS);
  return {
    origin: opened.checkpoint.origin,
    size: last.size,
    root: formatHex(opened.checkpoint.root),
    note: last.note,
    signedAt: new Date(row?.at_ms ?? 0).toISOString(),
    signatures: opened.signedBy.map((v) => ({ algorithm: ALGORITHMS[v.algorithm], name: v.name, keyId: formatHex(v.keyId) })),
    outside: await readOutside(archive, last),
    printedOn: { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() },
  };
}

/** The newest anchor of each provider, and the witnesses of this checkpoint. */
async function readOutside({ db }: Pick<Archive, 'db'>, last: { size: number; note: string }): Promise<CheckpointSheet['outside']> {
  const anchors = await db.query<{ name: string; kind: string; size: number; anchored_at_ms: number }>(
    `select distinct on (p.id) p.name, p.kind, a.size, a.anchored_at_ms from anchor a join anchor_provider p on p.id = a.provider_id
     where a.state = 'held' order by p.id, a.size desc`,
  );
  const providers = await allProviders(db);
  const witnesses = providers.flatMap(({ settings }) =>
    settings.kind === 'witness' ? (findWitness(nodePrimitives, settings.key) ?? []) : [],
  );
  const { seenBy } = findCosignatures(nodePrimitives, await withCosignatures(db, last), witnesses);
  return [
    ...anchors.map((a) => ({ name: a.name, kind: a.kind, size: a.size, at: new Date(a.anchored_at_ms).toISOString() })),
    ...seenBy.map(({ name, atSeconds }) => ({ name, kind: 'witness', size: last.size, at: new Date(atSeconds * 1000).toISOString() })),
  ];
}
