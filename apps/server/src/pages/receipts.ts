import { setTimeout as sleep } from 'node:timers/promises';
import { ArchiveError } from '@lantai/values';
import { type Archive, type ObjectRow, openStoredObject } from '../archive/index.ts';
import { type Desk, scopeSql } from '../desk/index.ts';

/** The sequencer orders entries a few times a second; nobody waits longer than this for it. */
const RECEIPT_WAIT_MS = 10_000;
const RECEIPT_POLL_MS = 100;

/** The entry by which a page was received, and on request the page as received, for checking one against the other. */
export interface PageForReceipt {
  readonly entryId: string;
  readonly bytes: Uint8Array | null;
}

/**
 * Finds what a receipt of a page stands on. Making a receipt is an entry; taking the page's bytes with it needs the right to download.
 * @throws ArchiveError `page/not-found`, `desk/not-allowed` (caller)
 */
export function findPageForReceipt(archive: Archive, desk: Desk, pageId: string, withBytes: boolean): Promise<PageForReceipt> {
  return desk
    .act(withBytes ? 'page.download' : 'receipt.make', async (tx, scope) => {
      const where = scopeSql(scope, 'p', 2);
      const row = await tx.one<ObjectRow & { entry_id: string; fonds_id: string; unit_id: string; category: string; level: number }>(
        `select p.entry_id, p.fonds_id, p.unit_id, p.category, p.level, o.address, o.dossier_id, o.object_id, o.suite, o.wrapped_key
         from page p join stored_object o on o.address = p.object_address where p.id = $1 and ${where.sql}`,
        [pageId, ...where.params],
      );
      if (!row) throw new ArchiveError('page/not-found', 'caller');
      const place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
      await tx.log({ kind: 'receipt.made', place, dossierId: row.dossier_id, objectId: pageId, params: { bytes: withBytes ? 1 : 0 } });
      return row;
    })
    .then(async (row) => ({ entryId: row.entry_id, bytes: withBytes ? await openStoredObject(archive, row) : null }));
}

/** The receipt of an entry, waiting until the log holds it. @throws ArchiveError `entry/not-found` (caller), `entry/not-integrated` (environment) */
export async function receiptWhenReady(archive: Archive, entryId: string): Promise<string> {
  const endMs = archive.clock.nowMs() + RECEIPT_WAIT_MS;
  for (;;) {
    const made = await archive.log.makeReceipt(archive.db, entryId);
    if (made.kind === 'receipt') return made.text;
    if (made.kind === 'unknown') throw new ArchiveError('entry/not-found', 'caller');
    if (archive.clock.nowMs() > endMs) throw new ArchiveError('entry/not-integrated', 'environment');
    await sleep(RECEIPT_POLL_MS);
  }
}

/** A page's receipt and its bytes as received, in one: what a stranger needs to check the one against the other. */
export async function receiptForPage(archive: Archive, desk: Desk, pageId: string): Promise<{ receipt: string; bytes: Uint8Array }> {
  const { entryId, bytes } = await findPageForReceipt(archive, desk, pageId, true);
  if (!bytes) throw new ArchiveError('page/not-found', 'caller');
  return { receipt: await receiptWhenReady(archive, entryId), bytes };
}
