import { ArchiveError } from '@lantai/values';
import type { Archive, Place } from '../archive/index.ts';
import { leaveUnfitBoxes } from '../boxes/index.ts';
import { findCountercheckRefusal } from '../countercheck/index.ts';
import { findFilingRefusal } from '../counting/index.ts';
import { type Desk, type DeskTx, inScope, type Scope, scopeSql, type Watched, watchedOne } from '../desk/index.ts';
import { findFilingCheckRefusal } from '../filing-check/index.ts';
import { lockPagesOf, refileDossiers } from '../search/index.ts';
import { dossierColumn } from './catalogue-state.ts';
import { DOSSIER_FOLLOWERS } from './dossier-followers.ts';
import { indexDossierLine } from './index-lines.ts';

/** One change laid on many dossiers. */
export interface DossierChange {
  readonly state?: 'open' | 'in_review' | 'filed' | 'closed' | undefined;
  readonly unitId?: string | undefined;
  readonly category?: string | undefined;
  readonly level?: number | undefined;
  readonly addTags?: readonly string[] | undefined;
  readonly removeTags?: readonly string[] | undefined;
}

/** What became of it; `undoToken` takes the whole back. */
export interface BulkOutcome {
  readonly changed: number;
  /** With what its code's words name: the items of a check. */
  readonly refused: { dossierId: string; code: string; params?: { items: string } }[];
  readonly undoToken: string | null;
  readonly undoUntilMs: number | null;
}

interface Row {
  id: string;
  subject_id: string;
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  state: NonNullable<DossierChange['state']>;
  tags: Uint8Array | null;
  version: number;
}

/** How a dossier was, and the version it got by the change: an undo leaves alone what was changed since. */
interface Before {
  readonly dossierId: string;
  readonly versionAfter: number;
  readonly state: NonNullable<DossierChange['state']>;
  readonly unitId: string;
  readonly category: string;
  readonly level: number;
  readonly tags: readonly string[];
}

const UNDO_MS = 24 * 60 * 60_000;

const tagPlace = (id: string, version: number) => ({ table: 'dossier', column: 'tags', rowId: id, version });

/**
 * Changes many dossiers in one transaction, with one step of undo. What may not be seen or changed is named in `refused`.
 * @throws ArchiveError `unit/not-found` (caller)
 */
export function editDossiers(archive: Archive, desk: Desk, dossierIds: readonly string[], change: DossierChange): Promise<BulkOutcome> {
  return desk.act('dossier.change', async (tx, scope) => {
    const target = change.unitId === undefined ? null : await getUnit(tx, change.unitId);
    const rows = await lockRows(tx, scope, dossierIds);
    const refused = dossierIds.filter((id) => !rows.has(id)).map((dossierId) => ({ dossierId, code: 'dossier/not-found' }));
    const befores: Before[] = [];
    const watched = await tx.watch('dossier', [...rows.keys()]);
    for (const row of rows.values()) {
      const next: Place = {
        fondsId: row.fonds_id,
        unitId: change.unitId ?? row.unit_id,
        category: change.category ?? row.category,
        level: change.level ?? row.level,
      };
      const { state: _, ...others } = change;
      const filing = { state: change.state, isChangedToo: Object.values(others).some((value) => value !== undefined) };
      const placing = refusalOf(desk, scope, next, row, target);
      const refusal = placing ? { code: placing } : await filingRefusal(tx, archive, desk, row, filing);
      if (refusal) refused.push({ dossierId: row.id, ...refusal });
      else befores.push(await applyChange(tx, archive, row, next, change, watched));
    }
    return { ...(await keepUndo(tx, archive, desk, befores)), refused };
  });
}

/** INVARIANT: no way leads to `filed` past the gates of counting, of the countercheck and of the four-property check, taking a step back neither. */
async function filingRefusal(
  tx: DeskTx,
  archive: Archive,
  desk: Desk,
  row: Row,
  { state, isChangedToo }: { readonly state: DossierChange['state']; readonly isChangedToo: boolean },
): Promise<{ code: string; params?: { items: string } } | null> {
  if (state !== 'filed' || row.state === 'filed') return null;
  const code =
    (await findFilingRefusal(tx, desk, { dossierId: row.id, place: placeOf(row) })) ?? (await findCountercheckRefusal(tx, row.id));
  return code ? { code } : findFilingCheckRefusal(tx, archive, { dossierId: row.id, isChangedToo });
}

const placeOf = ({ fonds_id: fondsId, unit_id: unitId, category, level }: Row): Place => ({ fondsId, unitId, category, level });

/** Why a dossier cannot come to lie there; null when it can. */
function refusalOf(desk: Desk, scope: Scope, next: Place, row: Row, target: { fonds_id: string } | null): string | null {
  if (target && target.fonds_id !== row.fonds_id) return 'unit/other-fonds';
  if (next.level > desk.highestLevel) return 'level/consult-paper';
  return inScope(scope, { ...next, dossierId: row.id }) ? null : 'desk/not-allowed';
}

async function getUnit(tx: DeskTx, unitId: string): Promise<{ fonds_id: string }> {
  const unit = await tx.one<{ fonds_id: string }>('select fonds_id from unit where id = $1 and merged_into is null', [unitId]);
  if (!unit) throw new ArchiveError('unit/not-found', 'caller');
  return unit;
}

async function lockRows(tx: DeskTx, scope: Scope, ids: readonly string[]): Promise<Map<string, Row>> {
  const where = scopeSql(scope, 'd', 2);
  const rows = await tx.query<Row>(
    `select d.id, d.subject_id, d.fonds_id, d.unit_id, d.category, d.level, d.state, d.tags, d.version from dossier d where d.id = any($1::uuid[]) and ${where.sql} order by d.id for no key update`,
    [ids, ...where.params],
  );
  return new Map(rows.map((r) => [r.id, r]));
}

async function applyChange(tx: DeskTx, archive: Archive, row: Row, place: Place, change: DossierChange, watched: Watched): Promise<Before> {
  const ref = { kind: 'dossier', id: row.id } as const;
  const text = archive.sealer.open(ref, tagPlace(row.id, row.version), row.tags);
  const tags: string[] = text ? (JSON.parse(text) as string[]) : [];
  const nextTags = [...new Set([...tags.filter((t) => !change.removeTags?.includes(t)), ...(change.addTags ?? [])])];
  await writeRow(tx, archive, row, { place, state: change.state ?? row.state, tags: nextTags }, watched);
  return {
    dossierId: row.id,
    versionAfter: row.version + 1,
    state: row.state,
    unitId: row.unit_id,
    category: row.category,
    level: row.level,
    tags,
  };
}

async function writeRow(
  tx: DeskTx,
  archive: Archive,
  row: Row,
  { place, state, tags }: { readonly place: Place; readonly state: string; readonly tags: readonly string[] },
  watched: Watched,
): Promise<void> {
  const version = row.version + 1;
  const ref = { kind: 'dossier', id: row.id } as const;
  const sealed = archive.sealer.seal(ref, tagPlace(row.id, version), tags.length ? JSON.stringify(tags) : null);
  const { fields, facts } = await openOthers(tx, archive, row);
  await tx.query(
    'update dossier set unit_id = $2, category = $3, level = $4, state = $5, tags = $6, fields = $7, version = $8, changed_at_ms = $9, facts = $10 where id = $1',
    [
      row.id,
      place.unitId,
      place.category,
      place.level,
      state,
      sealed,
      // Sealed columns are bound to the row's version, so those that did not change are sealed anew with it.
      archive.sealer.seal(ref, dossierColumn('fields', row.id, version), fields),
      version,
      archive.clock.nowMs(),
      archive.sealer.seal(ref, dossierColumn('facts', row.id, version), facts),
    ],
  );
  if (place.unitId !== row.unit_id || place.category !== row.category || place.level !== row.level)
    await moveDossierRows(tx, archive, [row.id]);
  // What it lay in may hold it no longer: it leaves the box in the same act.
  const left = place.category !== row.category || place.level > row.level ? await leaveUnfitBoxes(tx, row.id) : null;
  const tagsBefore = archive.sealer.open(ref, tagPlace(row.id, row.version), row.tags) ?? '[]';
  if (tagsBefore !== JSON.stringify(tags)) {
    const head = { dossierId: row.id, subjectId: row.subject_id, place };
    await indexDossierLine(tx, archive, { head, tags, fields: JSON.parse(fields ?? '{}') as Record<string, string> });
  }
  await tx.log({
    kind: state === 'filed' && row.state !== 'filed' ? 'dossier.filed' : 'dossier.changed',
    place,
    dossierId: row.id,
    objectId: row.id,
    params: { state, version },
    changed: [watchedOne(watched, row.id), ...(left ? [left] : [])],
  });
}

/** The sealed columns that a bulk edit does not touch, opened. */
async function openOthers(tx: DeskTx, archive: Archive, row: Row): Promise<{ fields: string | null; facts: string | null }> {
  const found = await tx.one<{ fields: Uint8Array | null; facts: Uint8Array | null }>('select fields, facts from dossier where id = $1', [
    row.id,
  ]);
  const open = (column: 'fields' | 'facts') =>
    archive.sealer.open({ kind: 'dossier', id: row.id }, dossierColumn(column, row.id, row.version), found?.[column] ?? null);
  return { fields: open('fields'), facts: open('facts') };
}

/**
 * Rows that lie where their dossier lies follow it there, and the search tokens with them: a scope is only as true as these.
 * The dossiers' own rows were changed before.
 */
export async function moveDossierRows(tx: DeskTx, archive: Archive, dossierIds: readonly string[]): Promise<void> {
  const there = 'unit_id = d.unit_id, category = d.category, level = d.level';
  await lockPagesOf(tx, dossierIds);
  for (const table of DOSSIER_FOLLOWERS)
    await tx.query(`update ${table} x set ${there} from dossier d where d.id = x.dossier_id and d.id = any($1::uuid[])`, [dossierIds]);
  for (const table of ['reading', 'page_subject'])
    await tx.query(
      `update ${table} x set ${there} from page p, dossier d where p.id = x.page_id and d.id = p.dossier_id and d.id = any($1::uuid[])`,
      [dossierIds],
    );
  // A dossier's subject, and the persons named on its pages now or before: each was made by an entry of the dossier.
  await tx.query(
    `update subject s set ${there} from entry e, dossier d where e.id = s.entry_id and d.id = e.dossier_id and d.id = any($1::uuid[])`,
    [dossierIds],
  );
  await refileDossiers(tx, archive, dossierIds);
}

async function keepUndo(tx: DeskTx, archive: Archive, desk: Desk, befores: readonly Before[]): Promise<Omit<BulkOutcome, 'refused'>> {
  const first = befores[0];
  if (!first) return { changed: 0, undoToken: null, undoUntilMs: null };
  const undoToken = archive.clock.newId();
  const nowMs = archive.clock.nowMs();
  // Sealed under the first dossier's key, and kept with it: tags may say something of a person.
  const place = await tx.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
    'select fonds_id, unit_id, category, level from dossier where id = $1',
    [first.dossierId],
  );
  await tx.query(
    `insert into undo (id, fonds_id, unit_id, category, level, dossier_id, actor_id, kind, inverse, created_at_ms) values ($1, $2, $3, $4, $5, $6, $7, 'bulk', $8, $9)`,
    [
      undoToken,
      place?.fonds_id,
      place?.unit_id,
      place?.category,
      place?.level,
      first.dossierId,
      desk.actor.accountId,
      archive.sealer.seal(
        { kind: 'dossier', id: first.dossierId },
        { table: 'undo', column: 'inverse', rowId: undoToken, version: 1 },
        JSON.stringify(befores),
      ),
      nowMs,
    ],
  );
  return { changed: befores.length, undoToken, undoUntilMs: nowMs + UNDO_MS };
}

/**
 * Takes a bulk change back; a dossier changed since is left alone and named. The undo itself can be undone.
 * @throws ArchiveError `undo/not-found`, `undo/expired`, `undo/done` (caller)
 */
export function undoBulkEdit(archive: Archive, desk: Desk, undoToken: string): Promise<BulkOutcome> {
  return desk.act('dossier.change', async (tx, scope) => {
    const row = await tx.one<{ dossier_id: string; inverse: Uint8Array; done: boolean; created_at_ms: number }>(
      `select dossier_id, inverse, done, created_at_ms from undo where id = $1 and actor_id = $2 and kind = 'bulk' for update`,
      [undoToken, desk.actor.accountId],
    );
    if (!row) throw new ArchiveError('undo/not-found', 'caller');
    if (row.done) throw new ArchiveError('undo/done', 'caller');
    if (row.created_at_ms + UNDO_MS < archive.clock.nowMs()) throw new ArchiveError('undo/expired', 'caller');
    const ref = { kind: 'dossier', id: row.dossier_id } as const;
    const befores = JSON.parse(
      archive.sealer.get(ref, { table: 'undo', column: 'inverse', rowId: undoToken, version: 1 }, row.inverse),
    ) as Before[];
    const rows = await lockRows(
      tx,
      scope,
      befores.map((b) => b.dossierId),
    );
    const refused: BulkOutcome['refused'] = [];
    const again: Before[] = [];
    const watched = await tx.watch('dossier', [...rows.keys()]);
    for (const b of befores) {
      const now = rows.get(b.dossierId);
      if (!now || now.version !== b.versionAfter) {
        refused.push({ dossierId: b.dossierId, code: now ? 'dossier/changed' : 'dossier/not-found' });
        continue;
      }
      const tagsNow = archive.sealer.open({ kind: 'dossier', id: now.id }, tagPlace(now.id, now.version), now.tags);
      const isSame = b.unitId === now.unit_id && b.category === now.category && b.level === now.level;
      const isChangedToo = !isSame || JSON.stringify(b.tags) !== (tagsNow ?? '[]');
      const refusal = await filingRefusal(tx, archive, desk, now, { state: b.state, isChangedToo });
      if (refusal) {
        refused.push({ dossierId: b.dossierId, ...refusal });
        continue;
      }
      const place = { fondsId: now.fonds_id, unitId: b.unitId, category: b.category, level: b.level };
      await writeRow(tx, archive, now, { place, state: b.state, tags: b.tags }, watched);
      again.push({
        dossierId: now.id,
        versionAfter: now.version + 1,
        state: now.state,
        unitId: now.unit_id,
        category: now.category,
        level: now.level,
        tags: tagsNow ? (JSON.parse(tagsNow) as string[]) : [],
      });
    }
    await tx.query('update undo set done = true where id = $1', [undoToken]);
    return { ...(await keepUndo(tx, archive, desk, again)), refused };
  });
}
