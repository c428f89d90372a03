import type { Reading } from '@lantai/reading';
import { ArchiveError, isArchiveError } from '@lantai/values';
import { type Archive, openStoredObject, type Place } from '../archive/index.ts';
import { queueProposals } from '../catalogue/index.ts';
import { retryIfKilled } from '../children/index.ts';
import { type DeskTx, deskTx, isRestricted } from '../desk/index.ts';
import { insertFindings } from './findings.ts';
import { judgeReading } from './judge-reading.ts';
import { pairFaces } from './pair-faces.ts';
import { storeReading } from './readings.ts';
import { findSameSheets } from './same-sheets.ts';

interface PlaceRow {
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
}

interface PageRow {
  dossier_id: string;
  read_state: string;
  address: Uint8Array;
  object_id: string;
  suite: 'intl' | 'gm';
  wrapped_key: Uint8Array;
}

/** What killed or stopped a reading child: the page is kept and a person is asked. Anything else is tried again. */
const PAGE_IS_TO_BLAME = new Set(['child/killed', 'child/timeout', 'child/memory', 'child/protocol', 'reading/undecodable']);

/**
 * The read step: recognises one page in a child process and stores what was seen.
 * Idempotent: a page already read by this engine and version is left alone. The last try keeps the page and asks for a person.
 * @throws ArchiveError of fault environment: the job is tried again; of fault corruption: alarm
 */
export async function readPage(archive: Archive, pageId: string, attempt: { readonly isLastTry: boolean }): Promise<void> {
  const { readers } = archive;
  if (!readers) throw new ArchiveError('reader/off', 'environment');
  const row = await archive.db.system('reading').one<PageRow>(
    `select p.dossier_id, p.read_state, o.address, o.object_id, o.suite, o.wrapped_key
     from page p join stored_object o on o.address = p.object_address where p.id = $1`,
    [pageId],
  );
  // The page was disposed of while its job waited: nothing is left to read.
  if (!row || row.read_state === 'read') return;
  // Restricted data is kept and not processed: the page waits, and is queued again when the restriction is lifted.
  if (await isRestricted(archive.db.system('restriction'), row.dossier_id)) return;
  const bytes = await openStoredObject(archive, row);
  let reading: Reading;
  try {
    reading = (await retryIfKilled(() => readers.run<{ kind: 'read' }, Reading>({ kind: 'read' }, [bytes]))).reply;
  } catch (error) {
    const code = isArchiveError(error) ? error.code : 'reading/failed';
    if (!attempt.isLastTry && !PAGE_IS_TO_BLAME.has(code)) throw error;
    await askPerson(archive, pageId, row.dossier_id, code);
    await queueProposals(archive, row.dossier_id);
    return;
  }
  // CRASH: before the commit nothing was kept and the job runs again; after it the job finds the page read.
  await archive.db.system('reading').tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'archive_work');
    const place = await lockPage(tx, pageId, row.dossier_id);
    if (!place) return;
    const fresh = await storeReading(tx, archive, { pageId, dossierId: row.dossier_id, place }, reading);
    if (!fresh) return;
    await tx.query(`delete from finding where page_id = $1 and step = 'read'`, [pageId]);
    await insertFindings(
      tx,
      archive,
      { dossierId: row.dossier_id, place, pageId, sourceFileId: null, step: 'read', version: reading.version },
      await judgeReading(tx, archive, row.dossier_id, reading),
    );
    await findSameSheets(tx, archive, { pageId, dossierId: row.dossier_id, place }, reading);
    await pairFaces(tx, archive, { pageId, dossierId: row.dossier_id, place }, reading);
    await tx.query(`update page set read_state = 'read', read_reason = null where id = $1`, [pageId]);
    if (reading.orientation !== 0) await turnPage(tx, { pageId, dossierId: row.dossier_id, place }, reading.orientation);
    // How it lies is known now. Whoever reads goes first: the image is made when the machine has nothing better to do.
    if (archive.config.optimises)
      await archive.queue.send(raw, 'optimise', [{ data: { pageId, dossierId: row.dossier_id }, priority: -10 }]);
  });
  archive.moments.pass('reading-stored');
  await queueProposals(archive, row.dossier_id);
}

/** A turn that a person gave stands; the machine says one only where nobody did. */
async function turnPage(tx: DeskTx, at: { pageId: string; dossierId: string; place: Place }, orientation: number): Promise<void> {
  const { pageId, dossierId, place } = at;
  const changed = [await tx.watch('page', [pageId])];
  const turned = await tx.execute('update page set turned = $2 where id = $1 and turned = 0', [pageId, orientation]);
  if (turned) await tx.log({ kind: 'page.turned', place, dossierId, objectId: pageId, params: { orientation }, changed });
}

async function askPerson(archive: Archive, pageId: string, dossierId: string, code: string): Promise<void> {
  await archive.db.system('reading').tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'archive_work');
    const place = await lockPage(tx, pageId, dossierId);
    if (!place) return;
    await tx.query(`update page set read_state = 'needs_person', read_reason = $2 where id = $1`, [pageId, code]);
    await tx.log({ kind: 'reading.failed', place, dossierId, objectId: pageId, params: { code } });
  });
}

/**
 * Keeps a page as it is until the transaction ends, and says where it belongs now: while it was read it may have been arranged, moved or disposed of (null).
 * INVARIANT: locks are taken in the order dossier, page, index, by whoever arranges a dossier as by the reader; else each could wait for the other.
 */
async function lockPage(tx: DeskTx, pageId: string, dossierId: string): Promise<Place | null> {
  await tx.query('select 1 from dossier where id = $1 for key share', [dossierId]);
  const row = await tx.one<PlaceRow>('select fonds_id, unit_id, category, level from page where id = $1 for no key update', [pageId]);
  return row && { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
}
