import type { Reading } from '@lantai/reading';
import { isBackOf } from '@lantai/reading/inspection';
import type { Archive, Place } from '../archive/index.ts';
import type { DeskTx } from '../desk/index.ts';
import { insertFindings } from './findings.ts';
import { findReading } from './readings.ts';

/** Step of the findings made here. */
const STEP = 'faces';

/**
 * Looks whether a blank page is the back of the page before or after it, by what shows through the paper, and writes `back_face` on the blank one,
 * naming the front as `page`: the sheet then has two faces, one of them registered as blank. Call it after `findSameSheets`, which takes the dossier's
 * lock: two neighbours read at one moment see each other. Safe to repeat.
 */
export async function pairFaces(
  tx: DeskTx,
  archive: Archive,
  at: { readonly pageId: string; readonly dossierId: string; readonly place: Place },
  reading: Reading,
): Promise<void> {
  const { pageId, dossierId, place } = at;
  await tx.query(`delete from finding where dossier_id = $2 and step = $3 and (page_id = $1 or params->>'page' = $1::text)`, [
    pageId,
    dossierId,
    STEP,
  ]);
  const say = (back: string, front: string) =>
    insertFindings(tx, archive, { dossierId, place, pageId: back, sourceFileId: null, step: STEP, version: reading.version }, [
      { code: 'back_face', severity: 'info', params: { page: front } },
    ]);
  let isPaired = false;
  for (const neighbour of await listNeighbours(tx, at)) {
    const other = await findReading(tx, archive, neighbour, dossierId);
    if (!other) continue;
    if (!isPaired && isBackOf(reading, other)) {
      await say(pageId, neighbour);
      isPaired = true;
    }
    if (isBackOf(other, reading) && !(await tx.one('select 1 as one from finding where page_id = $1 and step = $2', [neighbour, STEP])))
      await say(neighbour, pageId);
  }
}

/** The pages that arrived next before and next after this one. */
async function listNeighbours(
  tx: DeskTx,
  { pageId, dossierId }: { readonly pageId: string; readonly dossierId: string },
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `(select p.id from page p, page self where self.id = $1 and p.dossier_id = $2 and (p.arrival, p.id) < (self.arrival, self.id)
      order by p.arrival desc, p.id desc limit 1)
     union all
     (select p.id from page p, page self where self.id = $1 and p.dossier_id = $2 and (p.arrival, p.id) > (self.arrival, self.id)
      order by p.arrival, p.id limit 1)`,
    [pageId, dossierId],
  );
  return rows.map((row) => row.id);
}
