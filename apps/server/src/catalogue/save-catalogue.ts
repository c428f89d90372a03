import { isDeepStrictEqual } from 'node:util';
import type { DossierMaterial } from '@lantai/catalogue';
import type { MaterialId, PageId } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { isCountercheckRequired, reopenChecks } from '../countercheck/index.ts';
import type { DeskTx, Watched } from '../desk/index.ts';
import { refilePages, unindexMaterials } from '../search/index.ts';
import {
  type CatalogueState,
  dossierColumn,
  inCatalogueOrder,
  type LoadedCatalogue,
  NOTHING_KNOWN,
  type SealedDossierColumn,
} from './catalogue-state.ts';
import { recheckable } from './counterchecked.ts';
import { refuseHeldDocuments } from './held-documents.ts';
import { indexDossierLine, indexMaterials } from './index-lines.ts';
import { type MaterialMark, sealMaterial } from './material-rows.ts';
import { insertVersions, recatalogued } from './material-versions.ts';
import { endReplacements, indexStandingPages, insertReplacements, replacementsOf } from './save-replacements.ts';

/** A material's place: in its class, and among all as filed. */
interface Place {
  readonly sequence: number;
  readonly filed: number;
}

/** What is not the same whoever saves. */
interface SaveOptions {
  /** An import adds these pages and changes nothing else, so the dossier's version stays; their entries are their own. */
  readonly received?: ReadonlySet<string>;
  /** Who acts; left out where the archive itself does, which replaces no page. */
  readonly accountId?: string;
  /** The act takes another back. */
  readonly isUndo?: boolean;
}

/**
 * Writes what differs between a dossier as loaded and as it is to be: rows, sealed columns, counts and search tokens.
 * The caller holds the dossier's lock, and appends the entry behind it.
 * @param entryId the entry that new rows name
 * @returns the objects that changed, for the entry
 * @throws ArchiveError `determination/document-held` (caller)
 */
export async function saveCatalogue(
  tx: DeskTx,
  archive: Archive,
  loaded: LoadedCatalogue,
  next: CatalogueState,
  entryId: string,
  { received, accountId, isUndo = false }: SaveOptions = {},
): Promise<Watched[]> {
  const { dossierId } = next.head;
  const before = new Map(loaded.state.arrangement.materials.map((m) => [m.id, m]));
  await refuseHeldDocuments(tx, loaded.state, next);
  const places = placesOf(next);
  const { materials } = next.arrangement;
  const fresh = materials.filter((m) => !before.has(m.id));
  const changed = materials.filter((m) => before.has(m.id) && isRewritten(loaded.state, next, before.get(m.id)!, m));
  const gone = [...before.keys()].filter((id) => !next.marks.has(id));
  const replaced = materials.filter((m) => isReplaced(loaded, m, places.get(m.id)!, before.get(m.id)?.pages.length));
  const pages = movedPages(loaded, next);
  const watched = [
    await tx.watch('material', [...new Set([...fresh, ...changed, ...replaced].map((m) => m.id)), ...gone]),
    await tx.watch('page', watchedPages(loaded, next, pages, received)),
    await tx.watch('dossier', isDossierRewritten(loaded.state, next) ? [dossierId] : []),
  ];
  const { begun, ended } = replacementsOf(loaded.state, next);
  if ((begun.length || ended.length) && accountId === undefined) throw new Error('INVARIANT: only a person replaces a page');
  const acting = { entryId, accountId: accountId ?? '' };
  const required = await isCountercheckRequired(tx, { fondsId: next.head.place.fondsId, schemeId: next.scheme.id });
  const isCorrecting = required && accountId !== undefined && !isUndo;
  await insertVersions(tx, archive, next, recatalogued(loaded.state, next, isCorrecting), entryId);
  watched.push(...(await endReplacements(tx, archive, next, ended, acting)));
  await insertMaterials(tx, archive, next, fresh, places, entryId);
  await updateMaterials(tx, archive, loaded, next, changed);
  await updatePlaces(tx, replaced, places);
  const refiled = await updatePages(tx, pages);
  watched.push(...(await insertReplacements(tx, archive, next, begun, acting)));
  await indexStandingPages(tx, archive, next, ended);
  if (gone.length) {
    await unindexMaterials(tx, gone);
    await tx.query('delete from material where dossier_id = $1 and id = any($2::uuid[])', [dossierId, gone]);
  }
  const renamed = await updatePersons(tx, loaded.state, next);
  const acted = { dossierId, accountId: accountId ?? null, entryId, required, isUndo };
  watched.push(...(await reopenChecks(tx, archive, { ...recheckable(loaded.state, next), ...acted })));
  if (received) await countMaterials(tx, archive, next);
  else await updateDossier(tx, archive, loaded.state, next);
  const touched = materials.filter(
    (m) =>
      fresh.includes(m) ||
      changed.includes(m) ||
      m.pages.some((id) => renamed.has(id)) ||
      !isDeepStrictEqual(before.get(m.id)?.pages, m.pages),
  );
  await indexMaterials(tx, archive, next, touched);
  await refilePages(tx, archive, refiled);
  return watched;
}

/** Pages whose state an act changes: where they stand, how they are turned, who is named on them. Pages just received have entries of their own. */
function watchedPages(
  loaded: LoadedCatalogue,
  next: CatalogueState,
  moved: readonly MovedPage[],
  received: ReadonlySet<string> = new Set(),
): PageId[] {
  return [...new Set([...moved.map((r) => r.page.id), ...renamedPages(loaded.state, next)])].filter((id) => !received.has(id));
}

const isDossierRewritten = (old: CatalogueState, next: CatalogueState): boolean =>
  !isDeepStrictEqual([old.tags, old.fields, old.facts], [next.tags, next.fields, next.facts]);

function placesOf(state: CatalogueState): Map<MaterialId, Place> {
  const filed = new Map(state.arrangement.materials.map((m, at) => [m.id, at]));
  return new Map(
    inCatalogueOrder(state).map(({ material, numberInClass }) => [
      material.id,
      { sequence: numberInClass, filed: filed.get(material.id) ?? 0 },
    ]),
  );
}

const withoutPages = ({ pages: _, ...description }: DossierMaterial) => description;

const isRewritten = (old: CatalogueState, next: CatalogueState, a: DossierMaterial, b: DossierMaterial): boolean =>
  !isDeepStrictEqual(withoutPages(a), withoutPages(b)) || !isDeepStrictEqual(old.marks.get(a.id), next.marks.get(b.id));

/** The clear columns of a material in the order in which both statements below name them. */
function columnsOf(state: CatalogueState, m: DossierMaterial): unknown[] {
  const mark = state.marks.get(m.id)!;
  return [
    m.classCode,
    mark.code,
    m.date?.year ?? null,
    m.copies,
    m.follows,
    mark.origin,
    mark.state,
    mark.confidence.classCode,
    mark.confidence.title,
    mark.confidence.date,
    leastSure01(m, mark),
  ];
}

/** What a doubt of the machine makes of a material in the queue of reviews. */
const DOUBTED_01 = 0.5;

/** How sure the machine was where it was least sure of a material that waits for a person; null for any other. */
function leastSure01(m: DossierMaterial, { state, confidence, evidence, doubts }: MaterialMark): number | null {
  if (state !== 'proposed') return null;
  if (m.classCode === null || m.title === null) return 0;
  const said = [...Object.values(confidence), ...Object.values(evidence).map((e) => e.confidence01)];
  return Math.min(1, ...said.filter((share01) => share01 !== null), ...(doubts ?? []).map(() => DOUBTED_01));
}

async function insertMaterials(
  tx: DeskTx,
  archive: Archive,
  state: CatalogueState,
  materials: readonly DossierMaterial[],
  places: ReadonlyMap<MaterialId, Place>,
  entryId: string,
): Promise<void> {
  const { dossierId, place } = state.head;
  for (const m of materials) {
    const { sequence, filed } = places.get(m.id)!;
    const sealed = sealMaterial(archive, dossierId, { description: m, mark: state.marks.get(m.id)!, version: 1 });
    await tx.queryNamed(
      'catalogue-insert-material',
      `insert into material (id, fonds_id, unit_id, category, level, dossier_id, sequence, filed, page_count, entry_id, created_at_ms, changed_at_ms,
         class_code, code, material_year, copies, follows, origin, state, class_confidence01, title_confidence01, date_confidence01, least01, title, date, remarks, tags, fields)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)`,
      [
        m.id,
        place.fondsId,
        place.unitId,
        place.category,
        place.level,
        dossierId,
        sequence,
        filed,
        m.pages.length,
        entryId,
        archive.clock.nowMs(),
        ...columnsOf(state, m),
        ...sealed,
      ],
    );
  }
}

/** INVARIANT: sealed columns are bound to the row's version, so all of them are sealed anew with it. One statement, however many there are. */
async function updateMaterials(
  tx: DeskTx,
  archive: Archive,
  loaded: LoadedCatalogue,
  next: CatalogueState,
  materials: readonly DossierMaterial[],
): Promise<void> {
  if (!materials.length) return;
  const rows = materials.map((m) => {
    const version = (loaded.rows.get(m.id)?.version ?? 1) + 1;
    const sealed = sealMaterial(archive, next.head.dossierId, { description: m, mark: next.marks.get(m.id)!, version });
    return [m.id, version, ...columnsOf(next, m), ...sealed];
  });
  const columns = Array.from({ length: rows[0]!.length }, (_, at) => rows.map((row) => row[at]));
  await tx.queryNamed(
    'catalogue-update-materials',
    `update material m set version = t.version, changed_at_ms = $1, class_code = t.class_code, code = t.code, material_year = t.material_year, copies = t.copies,
       follows = t.follows, origin = t.origin, state = t.state, class_confidence01 = t.class01, title_confidence01 = t.title01, date_confidence01 = t.date01,
       least01 = t.least01, title = t.title, date = t.date, remarks = t.remarks, tags = t.tags, fields = t.fields
     from unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::smallint[], $7::smallint[], $8::uuid[], $9::text[], $10::text[], $11::real[], $12::real[], $13::real[],
       $14::real[], $15::bytea[], $16::bytea[], $17::bytea[], $18::bytea[], $19::bytea[])
       as t(id, version, class_code, code, material_year, copies, follows, origin, state, class01, title01, date01, least01, title, date, remarks, tags, fields)
     where m.id = t.id`,
    [archive.clock.nowMs(), ...columns],
  );
}

function isReplaced(loaded: LoadedCatalogue, m: DossierMaterial, is: Place, pageCount: number | undefined): boolean {
  const was = loaded.rows.get(m.id);
  return !!was && (was.sequence !== is.sequence || was.filed !== is.filed || pageCount !== m.pages.length);
}

/** Places and counts are not sealed and move often: they are written without a new version. */
async function updatePlaces(tx: DeskTx, moved: readonly DossierMaterial[], places: ReadonlyMap<MaterialId, Place>): Promise<void> {
  if (!moved.length) return;
  await tx.query(
    `update material m set sequence = t.s, filed = t.f, page_count = t.n
     from unnest($1::uuid[], $2::int[], $3::int[], $4::int[]) as t(id, s, f, n) where m.id = t.id`,
    [
      moved.map((m) => m.id),
      moved.map((m) => places.get(m.id)!.sequence),
      moved.map((m) => places.get(m.id)!.filed),
      moved.map((m) => m.pages.length),
    ],
  );
}

/** A page that stands elsewhere than its row says, or is turned otherwise. */
interface MovedPage {
  readonly page: LoadedCatalogue['pages'][number];
  readonly material: MaterialId | null;
  readonly position: number | null;
  readonly classCode: string | null;
  readonly year: number | null;
  readonly turned: number | null;
}

const isRefiled = (r: MovedPage) => r.classCode !== r.page.class_code || r.year !== r.page.material_year;

function movedPages(loaded: LoadedCatalogue, next: CatalogueState): MovedPage[] {
  const stands = new Map(
    next.arrangement.materials.flatMap((m) =>
      m.pages.map((id, at) => [id, { material: m.id, position: at + 1, classCode: m.classCode, year: m.date?.year ?? null }] as const),
    ),
  );
  const rows = loaded.pages.map((p): MovedPage => {
    const at = stands.get(p.id);
    // A page that was loose and still is keeps the class its folder gave it.
    const kept = p.material_id === null && !at;
    return {
      page: p,
      material: at?.material ?? null,
      position: at?.position ?? null,
      classCode: at ? at.classCode : kept ? p.class_code : null,
      year: at ? at.year : kept ? p.material_year : null,
      // Null: left to the reader, which may have turned it since it was loaded.
      turned: next.turns.get(p.id) === p.turned ? null : (next.turns.get(p.id) ?? null),
    };
  });
  return rows.filter((r) => isRefiled(r) || r.material !== r.page.material_id || r.position !== r.page.position || r.turned !== null);
}

/** Writes where pages stand and how they are turned. Returns those whose class or year changed. */
async function updatePages(tx: DeskTx, moved: readonly MovedPage[]): Promise<PageId[]> {
  if (moved.length)
    await tx.query(
      `update page p set material_id = t.m, position = t.o, class_code = t.c, material_year = t.y, turned = coalesce(t.t, p.turned), version = p.version + 1
       from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::smallint[], $6::smallint[]) as t(id, m, o, c, y, t) where p.id = t.id`,
      [
        moved.map((r) => r.page.id),
        moved.map((r) => r.material),
        moved.map((r) => r.position),
        moved.map((r) => r.classCode),
        moved.map((r) => r.year),
        moved.map((r) => r.turned),
      ],
    );
  return moved.filter(isRefiled).map((r) => r.page.id);
}

/** Pages on which others are named than before. */
function renamedPages(old: CatalogueState, next: CatalogueState): Set<PageId> {
  const pages = new Set([...old.persons.keys(), ...next.persons.keys()]);
  return new Set([...pages].filter((id) => !isDeepStrictEqual(old.persons.get(id), next.persons.get(id))));
}

/** Writes who is named on which page. Returns the pages that changed. */
async function updatePersons(tx: DeskTx, old: CatalogueState, next: CatalogueState): Promise<Set<PageId>> {
  const changed = renamedPages(old, next);
  if (!changed.size) return changed;
  const { fondsId, unitId, category, level } = next.head.place;
  await tx.query('delete from page_subject where page_id = any($1::uuid[])', [[...changed]]);
  const rows = [...changed].flatMap((page) => (next.persons.get(page) ?? []).map((subject, at) => ({ page, subject, at })));
  if (rows.length)
    await tx.query(
      `insert into page_subject (page_id, subject_id, place, fonds_id, unit_id, category, level)
       select t.p, t.s, t.o, $4, $5, $6, $7 from unnest($1::uuid[], $2::uuid[], $3::smallint[]) as t(p, s, o)`,
      [rows.map((r) => r.page), rows.map((r) => r.subject), rows.map((r) => r.at), fondsId, unitId, category, level],
    );
  return changed;
}

async function updateDossier(tx: DeskTx, archive: Archive, old: CatalogueState, next: CatalogueState): Promise<void> {
  const { dossierId } = next.head;
  const version = old.head.version + 1;
  const seal = (column: SealedDossierColumn, value: string | null) =>
    archive.sealer.seal({ kind: 'dossier', id: dossierId }, dossierColumn(column, dossierId, version), value);
  await tx.query(
    'update dossier set version = $2, changed_at_ms = $3, material_count = $4, tags = $5, fields = $6, facts = $7 where id = $1',
    [
      dossierId,
      version,
      archive.clock.nowMs(),
      next.arrangement.materials.length,
      seal('tags', next.tags.length ? JSON.stringify(next.tags) : null),
      seal('fields', Object.keys(next.fields).length ? JSON.stringify(next.fields) : null),
      seal('facts', isDeepStrictEqual(next.facts, NOTHING_KNOWN) ? null : JSON.stringify(next.facts)),
    ],
  );
  if (!isDeepStrictEqual(old.tags, next.tags) || !isDeepStrictEqual(old.fields, next.fields)) await indexDossierLine(tx, archive, next);
}

async function countMaterials(tx: DeskTx, archive: Archive, next: CatalogueState): Promise<void> {
  await tx.query('update dossier set material_count = $2, changed_at_ms = $3 where id = $1', [
    next.head.dossierId,
    next.arrangement.materials.length,
    archive.clock.nowMs(),
  ]);
}
