import type { KeyFactCode } from '@lantai/catalogue';
import { ALTERATION_CHECK, type AlterationHint } from '@lantai/reading/alteration';
import { type Box, formatHex } from '@lantai/values';
import { type Archive, type ObjectRow, openStoredObject } from '../archive/index.ts';
import { type FiledDossier, lockFiledDossier } from '../catalogue/index.ts';
import { type AlterationsReply, type DecoderRequest, retryIfKilled } from '../children/index.ts';
import { type DeskTx, deskTx, isRestricted } from '../desk/index.ts';
import { judgeDossier } from './judge-dossier.ts';

/** Dossiers with a page that was proposed of and never looked at by this version. */
const UNSEEN = `select distinct p.dossier_id from page p
  where p.proposed and p.superseded_by is null and ($2::uuid is null or p.dossier_id = $2)
    and not exists (select 1 from alteration_look l where l.page_id = p.id and split_part(l.looked_as, ' ', 1) = $1)
    and not exists (select 1 from pgboss.job j where j.name = 'examine' and j.state < 'active' and j.data->>'dossierId' = p.dossier_id::text)`;

/**
 * Sends a job for each dossier whose fields are to be looked at, or for this one if they are. Asked when proposals were laid and at the start.
 * CRASH: what was not asked for is asked for at the next start.
 */
export async function queueExaminations(archive: Archive, dossierId: string | null = null): Promise<void> {
  await archive.db.system('hints').tx(async (tx) => {
    const rows = await tx.query<{ dossier_id: string }>(UNSEEN, [ALTERATION_CHECK.version, dossierId]);
    await archive.queue.send(
      tx,
      'examine',
      rows.map((row) => ({ data: { dossierId: row.dossier_id } })),
    );
  });
  archive.queue.wake();
}

interface PageRow extends ObjectRow {
  page_id: string;
  turned: 0 | 90 | 180 | 270;
  skew_millidegrees: number | null;
  looked_as: string | null;
}

/** A field that a key fact rests on, where it stands. */
interface Place {
  readonly materialId: string;
  readonly fact: KeyFactCode;
  readonly box: Box;
  readonly written: string;
}

interface DuePage {
  readonly row: PageRow;
  readonly lookedAs: string;
  readonly places: readonly Place[];
}

/**
 * Looks at the fields of a dossier that its key facts rest on for hints of alteration, each page once for the places and the version: decodes it in a child
 * and writes what is hinted at. Hints that a person answered stay; open ones of the pages looked at give way to the new ones. One entry.
 * Nothing is concluded and no assertion weighs otherwise by it. Idempotent: the second time no page is due.
 * @throws ArchiveError `child/…` (environment): the job is tried again; `blob/…`, `page/undecodable` (corruption)
 */
export async function examineDossier(archive: Archive, dossierId: string): Promise<void> {
  if (await isRestricted(archive.db.system('restriction'), dossierId)) return;
  const due = await archive.db.system('hints').tx((raw) => listDue(deskTx(raw, archive, null, 'archive_work'), archive, dossierId));
  if (!due.length) return;
  const found = new Map<string, readonly (readonly AlterationHint[])[]>();
  for (const page of due) if (page.places.length) found.set(page.row.page_id, await lookAt(archive, page));
  // CRASH: before the commit nothing was written and the job looks again; after it no page is due.
  await archive.db.system('hints').tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'archive_work');
    const now = new Map((await listDue(tx, archive, dossierId)).map((page) => [page.row.page_id, page.lookedAs]));
    // What was arranged otherwise meanwhile is looked at by the job that the arrangement asks for, or at the next start.
    const still = due.filter((page) => now.get(page.row.page_id) === page.lookedAs);
    if (still.length) await write(tx, archive, dossierId, still, found);
  });
}

/** The pages to be looked at, with the places on them; a page without a place is due once, so that it is not asked for again. */
async function listDue(tx: DeskTx, archive: Archive, dossierId: string): Promise<DuePage[]> {
  const dossier = await lockFiledDossier(tx, archive, dossierId);
  if (!dossier) return [];
  const places = placesByPage(archive, dossier);
  const rows = await tx.query<PageRow>(
    `select p.id as page_id, p.turned, r.skew_millidegrees, l.looked_as, o.address, o.dossier_id, o.object_id, o.suite, o.wrapped_key
     from page p join stored_object o on o.address = p.object_address left join reading r on r.page_id = p.id and r.current
       left join alteration_look l on l.page_id = p.id
     where p.dossier_id = $1 and p.proposed and p.superseded_by is null order by p.arrival, p.id`,
    [dossierId],
  );
  return rows
    .map((row): DuePage => {
      // How a page lies that nobody read is not known: its fields were typed and have no place.
      const own = row.skew_millidegrees === null ? [] : (places.get(row.page_id) ?? []);
      return { row, places: own, lookedAs: `${ALTERATION_CHECK.version} ${own.length ? digestOf(archive, row, own) : '-'}` };
    })
    .filter((page) => page.row.looked_as !== page.lookedAs);
}

function placesByPage(archive: Archive, dossier: FiledDossier): Map<string, Place[]> {
  const places = new Map<string, Place[]>();
  for (const fact of judgeDossier(archive, dossier, { determinations: [], marks: new Map() })) {
    for (const { materialId, pageId, box, written } of fact.assertions) {
      if (!pageId || !box) continue;
      const place = { materialId, fact: fact.code, box: [...box] as unknown as Box, written };
      places.set(pageId, [...(places.get(pageId) ?? []), place]);
    }
  }
  return places;
}

function digestOf({ sealer }: Archive, { turned }: PageRow, places: readonly Place[]): string {
  const said = JSON.stringify([turned, places.map((p) => [p.materialId, p.fact, p.box])]);
  return formatHex(sealer.primitives.hash('sha256', new TextEncoder().encode(said)));
}

async function lookAt(archive: Archive, { row, places }: DuePage): Promise<readonly (readonly AlterationHint[])[]> {
  const bytes = await openStoredObject(archive, row);
  const lie = { orientation: row.turned, skewDegrees: (row.skew_millidegrees ?? 0) / 1000 };
  const fields = places.map(({ box, written }) => ({ box, written }));
  const answer = await retryIfKilled(() =>
    archive.decoders.run<DecoderRequest, AlterationsReply>({ kind: 'alterations', lie, fields }, [bytes]),
  );
  return answer.reply.hints;
}

async function write(
  tx: DeskTx,
  archive: Archive,
  dossierId: string,
  pages: readonly DuePage[],
  found: ReadonlyMap<string, readonly (readonly AlterationHint[])[]>,
): Promise<void> {
  const head = await tx.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
    'select fonds_id, unit_id, category, level from dossier where id = $1',
    [dossierId],
  );
  if (!head) return;
  const [entryId, nowMs] = [archive.clock.newId(), archive.clock.nowMs()];
  const pageIds = pages.map((p) => p.row.page_id);
  await tx.query(`delete from alteration_hint where page_id = any($1::uuid[]) and state = 'open'`, [pageIds]);
  const answered = await tx.query<{ page_id: string; material_id: string; fact: string; code: string }>(
    'select page_id, material_id, fact, code from alteration_hint where page_id = any($1::uuid[])',
    [pageIds],
  );
  let [hints, fields] = [0, 0];
  for (const { row, places, lookedAs } of pages) {
    fields += places.length;
    await tx.query(
      `insert into alteration_look (page_id, dossier_id, looked_as, entry_id, created_at_ms) values ($1, $2, $3, $4, $5)
       on conflict (page_id) do update set looked_as = excluded.looked_as, entry_id = excluded.entry_id, created_at_ms = excluded.created_at_ms,
         dossier_id = excluded.dossier_id`,
      [row.page_id, dossierId, lookedAs, entryId, nowMs],
    );
    for (const [i, place] of places.entries()) {
      for (const hint of found.get(row.page_id)?.[i] ?? []) {
        const isAnswered = answered.some(
          (a) => a.page_id === row.page_id && a.material_id === place.materialId && a.fact === place.fact && a.code === hint.code,
        );
        if (isAnswered) continue;
        hints++;
        await tx.query(
          `insert into alteration_hint (id, dossier_id, page_id, material_id, fact, code, box, turned, measured, limit_value, version, state,
             created_at_ms, entry_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12, $13)`,
          [
            ...[archive.clock.newId(), dossierId, row.page_id, place.materialId, place.fact, hint.code, [...hint.box], row.turned],
            ...[hint.measured, hint.limit, ALTERATION_CHECK.version, nowMs, entryId],
          ],
        );
      }
    }
  }
  await tx.log({
    id: entryId,
    kind: 'alterations.examined',
    place: { fondsId: head.fonds_id, unitId: head.unit_id, category: head.category, level: head.level },
    dossierId,
    objectId: dossierId,
    params: { pages: pages.length, fields, hints, version: ALTERATION_CHECK.version },
  });
}
