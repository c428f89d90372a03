import { deflateRawSync } from 'node:zlib';
import type { Reading, ReadingLine } from '@lantai/reading';
import { utf8 } from '@lantai/values';
import { type Archive, openReading, type Place, readingPlace } from '../archive/index.ts';
import type { DeskTx } from '../desk/index.ts';
import { indexPage } from '../search/index.ts';

/** The engine of a reading that a person corrected; its version counts the corrections of the page. */
export const PERSON = 'person';

/** The text of a reading, a line a line, as search and export take it. */
export const textOf = (lines: readonly ReadingLine[]): string => lines.map((l) => l.text).join('\n');

/**
 * Stores what was seen on a page and makes it searchable, in the caller's transaction.
 * The same page, engine and version again changes nothing; a newer one stands beside the old and becomes current, unless a person has corrected the
 * page: what somebody read with the own eyes is not displaced by a machine. Returns false when it was there already.
 */
export async function storeReading(
  tx: DeskTx,
  archive: Archive,
  at: { pageId: string; dossierId: string; place: Place },
  reading: Reading,
): Promise<boolean> {
  const { sealer, clock } = archive;
  const ref = { kind: 'dossier', id: at.dossierId } as const;
  const text = textOf(reading.lines);
  const confidence01 = reading.lines.length ? reading.lines.reduce((s, l) => s + l.confidence01, 0) / reading.lines.length : 1;
  const known = await tx.one('select 1 as one from reading where page_id = $1 and engine = $2 and version = $3', [
    at.pageId,
    reading.engine,
    reading.version,
  ]);
  if (known) return false;
  const isByPerson = reading.engine === PERSON;
  const isCurrent =
    isByPerson || !(await tx.one('select 1 as one from reading where page_id = $1 and current and engine = $2', [at.pageId, PERSON]));
  const entryId = await tx.log({
    kind: isByPerson ? 'reading.corrected' : 'reading.made',
    place: at.place,
    dossierId: at.dossierId,
    objectId: at.pageId,
    contentSha256: sealer.primitives.hash('sha256', utf8(text)),
    params: { engine: reading.engine, version: reading.version, lines: reading.lines.length },
  });
  if (isCurrent) await tx.query('update reading set current = false where page_id = $1 and current', [at.pageId]);
  await tx.query(
    `insert into reading (page_id, engine, version, fonds_id, unit_id, category, level, current, text, lines, orientation, skew_millidegrees, line_count, confidence01, entry_id, created_at_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $16, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      at.pageId,
      reading.engine,
      reading.version,
      at.place.fondsId,
      at.place.unitId,
      at.place.category,
      at.place.level,
      sealer.sealBytes(ref, readingPlace('text', at.pageId, reading.engine, reading.version), utf8(text)),
      sealer.sealBytes(ref, readingPlace('lines', at.pageId, reading.engine, reading.version), deflateRawSync(JSON.stringify(reading))),
      reading.orientation,
      Math.round(reading.skewDegrees * 1000),
      reading.lines.length,
      confidence01,
      entryId,
      clock.nowMs(),
      isCurrent,
    ],
  );
  if (!isCurrent) return true;
  // A page that gave way to a better scan while it waited is read for whoever compares the two, and found by no search.
  const gone = await tx.one('select 1 as one from page where id = $1 and superseded_by is not null', [at.pageId]);
  if (!gone) await indexPage(tx, archive, { pageId: at.pageId, dossierId: at.dossierId, place: at.place, lines: reading.lines });
  return true;
}

/** The current reading of a page; null before it was read. The caller has looked at the scope. */
export async function findReading(tx: DeskTx, archive: Archive, pageId: string, dossierId: string): Promise<Reading | null> {
  const row = await tx.one<{ engine: string; version: string; lines: Uint8Array }>(
    'select engine, version, lines from reading where page_id = $1 and current',
    [pageId],
  );
  return row && openReading(archive.sealer, { id: pageId, dossier_id: dossierId, ...row });
}
