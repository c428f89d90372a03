import { digestDistance01, findSameness, MAX_DIGEST_DISTANCE_01, type Reading, type Sameness } from '@lantai/reading';
import type { Archive, Place } from '../archive/index.ts';
import type { DeskTx } from '../desk/index.ts';
import { insertFindings } from './findings.ts';
import { findReading } from './readings.ts';

/** Step of the findings made here. */
const STEP = 'compare';
const NEAR_STEP = 'compare-near';
/** Dossiers whose digests are kept in memory. */
const KEPT_DOSSIERS = 64;

interface OtherRow {
  page_id: string;
  engine: string;
  version: string;
  is_earlier: boolean;
}

interface ReadPage {
  readonly pageId: string;
  readonly isEarlier: boolean;
  readonly sameness: Sameness;
}

/** Digests of readings by page, engine and version; they are sealed in the database, for a form's layout tells its kind. */
type Digests = Map<string, string>;
const digestsByArchive = new WeakMap<Archive['sealer'], Map<string, Digests>>();

/**
 * Compares a page that was just read with the dossier's other pages and writes the finding `duplicate` on each sheet that was fed twice:
 * on the page that arrived later, naming the earliest one as `page`, and `near_duplicate` likewise on a copy or a sheet with something added.
 * No page is dropped; a person decides.
 * Safe to repeat, and the same in whatever order the pages were read.
 * @param tx of the transaction that stored the reading
 */
export async function findSameSheets(
  tx: DeskTx,
  archive: Archive,
  at: { readonly pageId: string; readonly dossierId: string; readonly place: Place },
  reading: Reading,
): Promise<void> {
  // Two pages read at the same moment would not see each other: the second waits until the first is committed.
  await tx.query(`select pg_advisory_xact_lock(hashtext('lantai/same-sheets'), hashtext($1))`, [at.dossierId]);
  await tx.query(`delete from finding where dossier_id = $2 and step = any($3) and (page_id = $1 or params->>'page' = $1::text)`, [
    at.pageId,
    at.dossierId,
    [STEP, NEAR_STEP],
  ]);
  const alike = await findAlike(tx, archive, at, reading);
  await sayNear(tx, archive, { ...at, version: reading.version }, alike);
  const same = alike.filter((p) => p.sameness === 'same');
  const original = same.find((p) => p.isEarlier)?.pageId ?? at.pageId;
  const say = (pageId: string) =>
    insertFindings(
      tx,
      archive,
      { dossierId: at.dossierId, place: at.place, pageId, sourceFileId: null, step: STEP, version: reading.version },
      [{ code: 'duplicate', severity: 'warning', params: { page: original } }],
    );
  if (original !== at.pageId) await say(at.pageId);
  for (const { pageId, isEarlier } of same) {
    if (isEarlier) continue;
    const named = await tx.one<{ is_earlier: boolean }>(
      `select (o.arrival, o.id) <= (p.arrival, p.id) as is_earlier from finding f join page o on o.id = (f.params->>'page')::uuid, page p
       where f.page_id = $1 and f.step = $2 and p.id = $3`,
      [pageId, STEP, original],
    );
    if (named?.is_earlier) continue;
    await tx.query('delete from finding where page_id = $1 and step = $2', [pageId, STEP]);
    await say(pageId);
  }
}

/** Each of two pages that are nearly one sheet is told once: on the later of them, naming the earliest that it is like. */
async function sayNear(
  tx: DeskTx,
  archive: Archive,
  at: { readonly pageId: string; readonly dossierId: string; readonly place: Place; readonly version: string },
  alike: readonly ReadPage[],
): Promise<void> {
  const say = (pageId: string, page: string) =>
    insertFindings(
      tx,
      archive,
      { dossierId: at.dossierId, place: at.place, pageId, sourceFileId: null, step: NEAR_STEP, version: at.version },
      [{ code: 'near_duplicate', severity: 'info', params: { page } }],
    );
  const near = alike.filter((p) => p.sameness === 'near');
  const earliest = near.find((p) => p.isEarlier);
  // A sheet scanned twice says so; that both scans are like a third page is told of the first alone.
  if (earliest && !alike.some((p) => p.sameness === 'same' && p.isEarlier)) await say(at.pageId, earliest.pageId);
  for (const { pageId, isEarlier } of near) {
    if (isEarlier) continue;
    const told = await tx.one(`select 1 as one from finding where page_id = $1 and code in ('duplicate', 'near_duplicate')`, [pageId]);
    if (!told) await say(pageId, at.pageId);
  }
}

/** The dossier's other pages that show the same sheet or nearly, by arrival. */
async function findAlike(
  tx: DeskTx,
  archive: Archive,
  at: { readonly pageId: string; readonly dossierId: string },
  reading: Reading,
): Promise<ReadPage[]> {
  const others = await tx.query<OtherRow>(
    `select r.page_id, r.engine, r.version, (p.arrival, p.id) < (self.arrival, self.id) as is_earlier
     from page self join page p on p.dossier_id = self.dossier_id and p.id <> self.id join reading r on r.page_id = p.id and r.current
     where self.id = $1 and self.superseded_by is null and p.superseded_by is null order by p.arrival, p.id`,
    [at.pageId],
  );
  const digests = digestsOf(archive, at.dossierId);
  const out: ReadPage[] = [];
  for (const row of others) {
    const key = `${row.page_id} ${row.engine} ${row.version}`;
    let digest = digests.get(key);
    let other: Reading | null = null;
    if (digest === undefined) {
      other = await findReading(tx, archive, row.page_id, at.dossierId);
      digest = other?.pageDigest ?? '';
      digests.set(key, digest);
    }
    if (digestDistance01(digest, reading.pageDigest) > MAX_DIGEST_DISTANCE_01) continue;
    other ??= await findReading(tx, archive, row.page_id, at.dossierId);
    const sameness = other && findSameness(other, reading);
    if (sameness) out.push({ pageId: row.page_id, isEarlier: row.is_earlier, sameness });
  }
  return out;
}

function digestsOf(archive: Archive, dossierId: string): Digests {
  const byDossier = digestsByArchive.get(archive.sealer) ?? new Map<string, Digests>();
  digestsByArchive.set(archive.sealer, byDossier);
  const digests: Digests = byDossier.get(dossierId) ?? new Map();
  byDossier.delete(dossierId);
  byDossier.set(dossierId, digests);
  for (const oldest of byDossier.keys()) {
    if (byDossier.size <= KEPT_DOSSIERS) break;
    byDossier.delete(oldest);
  }
  return digests;
}
