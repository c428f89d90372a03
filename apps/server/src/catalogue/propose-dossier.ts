import { setTimeout as sleep } from 'node:timers/promises';
import { type Advice, askAbout, NO_ADVICE } from '../advising/index.ts';
import type { Archive } from '../archive/index.ts';
import { type DeskTx, deskTx, isRestricted } from '../desk/index.ts';
import { keepExamples } from '../learning/index.ts';
import { CatalogueDraft } from './catalogue-draft.ts';
import { type LoadedCatalogue, lockCatalogueUnscoped } from './catalogue-state.ts';
import { readFieldDefinitions } from './field-definitions.ts';
import { fillBareMaterials, isBare, layProposals } from './lay-proposals.ts';
import { proposalsOf, proposeOf } from './propose-of.ts';
import { saveCatalogue } from './save-catalogue.ts';

/** Dossiers that came whole, were read to the end and hold pages of which nothing was proposed. */
const UNPROPOSED = `select distinct p.dossier_id from page p
  where not p.proposed and p.read_state <> 'waiting' and p.superseded_by is null and ($1::uuid is null or p.dossier_id = $1)
    and not exists (select 1 from page w where w.dossier_id = p.dossier_id and w.read_state = 'waiting' and w.superseded_by is null)
    and not exists (select 1 from import i where i.dossier_id = p.dossier_id and i.state = 'running')
    and not exists (select 1 from pgboss.job j where j.name = 'propose' and j.state < 'active' and j.data->>'dossierId' = p.dossier_id::text)`;

/**
 * Sends a job for each dossier of which proposals are due, or for this one if they are. Asked when a page was read and when an import ended, after
 * their commits: two pages read at once would each take the other for waiting. One job too many finds nothing to do.
 * CRASH: what was not asked for is asked for at the next start.
 */
export async function queueProposals(archive: Archive, dossierId: string | null = null): Promise<void> {
  if (!archive.config.proposes) return;
  await archive.db.system('proposing').tx(async (tx) => {
    const rows = await tx.query<{ dossier_id: string }>(UNPROPOSED, [dossierId]);
    await archive.queue.send(
      tx,
      'propose',
      rows.map((row) => ({ data: { dossierId: row.dossier_id } })),
    );
  });
  archive.queue.wake();
}

const POLL_MS = 200;

/**
 * Resolves when proposals are due of no page of a dossier that was read: true. False when none will come: the archive proposes nothing by itself, the
 * dossier's processing is restricted, or the job has failed for good. Says nothing of pages that still wait to be read.
 */
export async function waitUntilProposed(archive: Archive, dossierId: string): Promise<boolean> {
  if (!archive.config.proposes) return false;
  for (;;) {
    const due = await archive.db
      .system('proposing')
      .one(`select 1 from page where dossier_id = $1 and not proposed and read_state <> 'waiting' and superseded_by is null limit 1`, [
        dossierId,
      ]);
    if (!due) return true;
    const [failed] = await archive.queue.list(archive.db, 'propose', ['failed'], 1, 0, dossierId);
    if (failed || (await isRestricted(archive.db.system('restriction'), dossierId))) return false;
    await sleep(POLL_MS);
  }
}

/**
 * Lays proposals of a dossier's pages once all of it was read, without anybody asking: loose pages become materials, materials that a folder made
 * get their fields. Of each page once, and never of a dossier whose processing is restricted. There is no step of undo, for nobody took it: what is
 * proposed is dissolved like any material. Idempotent: the second time nothing is left to propose of.
 * @throws ArchiveError `proposal/failed`, `proposal/timeout` (environment): the job is tried again
 */
export async function proposeDossier(archive: Archive, dossierId: string): Promise<void> {
  if (await isRestricted(archive.db.system('restriction'), dossierId)) return;
  const advice = await adviseOn(archive, dossierId);
  // CRASH: before the commit nothing was laid and the job runs again, and asks the adviser again; after it the pages count as proposed.
  await archive.db.system('proposing').tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'archive_work');
    const work = await lockDue(tx, archive, dossierId);
    if (!work) return;
    const { loaded, due } = work;
    const draft = new CatalogueDraft(
      loaded.state,
      loaded.pages.map((page) => page.id),
    );
    const count = await layDue(tx, archive, loaded, draft, { due, advice });
    await tx.query('update page set proposed = true where id = any($1::uuid[])', [[...due]]);
    if (!draft.toStep()) return;
    const entryId = archive.clock.newId();
    const changed = await saveCatalogue(tx, archive, loaded, draft.state, entryId);
    await keepExamples(tx, archive, dossierId, draft.laid, entryId);
    const { place, version } = loaded.state.head;
    const params = { operation: 'propose', count, version: version + 1 };
    await tx.log({ id: entryId, kind: 'dossier.arranged', place, dossierId, objectId: dossierId, params, changed });
  });
}

/** The catalogue of a dossier that was read to the end, and the pages of which proposals are due, locked; null when there are none. */
async function lockDue(
  tx: DeskTx,
  archive: Archive,
  dossierId: string,
): Promise<{ readonly loaded: LoadedCatalogue; readonly due: ReadonlySet<string> } | null> {
  const loaded = await lockCatalogueUnscoped(tx, archive, dossierId);
  if (!loaded || loaded.pages.some((page) => page.read_state === 'waiting' && page.superseded_by === null)) return null;
  const due = await tx.query<{ id: string }>(
    'select id from page where dossier_id = $1 and not proposed and superseded_by is null order by id for no key update',
    [dossierId],
  );
  return due.length ? { loaded, due: new Set(due.map((page) => page.id)) } : null;
}

/**
 * What an adviser says of the loose pages. Asked before anything is locked, for its answers take seconds and somebody may be at the desk; what is
 * arranged otherwise meanwhile is not what was asked about, and goes without.
 */
async function adviseOn(archive: Archive, dossierId: string): Promise<Advice> {
  if (!archive.config.adviser) return NO_ADVICE;
  const asked = await archive.db.system('proposing').tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'archive_work');
    const work = await lockDue(tx, archive, dossierId);
    return work && proposalsOf(tx, archive, work.loaded.state, looseOf(work.loaded, work.due));
  });
  return asked ? askAbout(archive, asked.dossier, asked.proposals) : NO_ADVICE;
}

const looseOf = ({ state }: LoadedCatalogue, due: ReadonlySet<string>) => state.arrangement.loose.filter((id) => due.has(id));

/** Lays what is proposed of pages on the draft. Returns of how many materials. */
async function layDue(
  tx: DeskTx,
  archive: Archive,
  loaded: LoadedCatalogue,
  draft: CatalogueDraft,
  { due, advice }: { readonly due: ReadonlySet<string>; readonly advice: Advice },
): Promise<number> {
  const { state } = loaded;
  const definitions = await readFieldDefinitions(tx, state.head.place.fondsId);
  const bare = state.arrangement.materials.filter((m) => isBare(m, draft.getMark(m.id))).flatMap((m) => m.pages);
  const loose = looseOf(loaded, due);
  // One after the other: a loose page must not be taken for the end of a folder's material.
  const filled = fillBareMaterials(draft, bare.some((id) => due.has(id)) ? await proposeOf(tx, archive, state, bare) : [], definitions);
  const newId = () => archive.clock.newId();
  return filled + layProposals(draft, loose.length ? await proposeOf(tx, archive, state, loose, advice) : [], { definitions, newId });
}
