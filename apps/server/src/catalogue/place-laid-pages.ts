import { type DossierMaterial, emptyDescription, type LaidMaterial, planAssemble, planPlacePages } from '@lantai/catalogue';
import { type MaterialId, type PageId, utf8 } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { DeskTx, Scope } from '../desk/index.ts';
import { refilePages } from '../search/index.ts';
import { CatalogueDraft } from './catalogue-draft.ts';
import { type LoadedCatalogue, loadCatalogue } from './catalogue-state.ts';
import { openFileName } from './read-desk.ts';
import { saveCatalogue } from './save-catalogue.ts';
import { wellFormed } from './well-formed.ts';

/** Where a folder layout puts the pages of one file. */
export interface LaidPlace {
  /** Names the material inside the dossier's layout, the same at every import of the same folders; null for a loose page. */
  readonly key: string | null;
  readonly material: LaidMaterial | null;
  /** Place of the material among those of the layout. */
  readonly order: number;
  /** Place of the file in its material. */
  readonly rank: number;
  /** Class of a loose page, when its folder gives one. */
  readonly classCode: string | null;
}

/** Tells where a path belongs; null when the layout says nothing of it. */
export interface LayoutLookup {
  find(path: string): LaidPlace | null;
}

/** A page just received. */
export interface LaidPage {
  readonly pageId: string;
  readonly path: string;
}

const TITLE_UNITS_MAX = 500;
const TOKEN_LABEL = 'lantai/layout/v1';

interface Group {
  readonly place: LaidPlace & { readonly key: string; readonly material: LaidMaterial };
  readonly token: Uint8Array;
  readonly pages: PageId[];
}

/**
 * Puts pages just received into the materials that their folders show, making those that are not there yet, in the receiving transaction.
 * An import that goes on finds the material it began by its folder; one that a person has touched since is left alone, and its pages stay loose.
 * The dossier's version does not rise: an import adds, it changes nothing that an archivist has in hand.
 */
export async function placeLaidPages(
  tx: DeskTx,
  archive: Archive,
  scope: Scope,
  dossierId: string,
  layout: LayoutLookup,
  pages: readonly LaidPage[],
): Promise<void> {
  await classLoosePages(tx, archive, layout, pages);
  const groups = gather(archive, dossierId, layout, pages);
  if (!groups.length) return;
  const loaded = await loadCatalogue(tx, archive, scope, dossierId);
  const known = await findLaidMaterials(tx, dossierId);
  const draft = new CatalogueDraft(
    loaded.state,
    loaded.pages.map((p) => p.id),
  );
  const pathOf = fileNames(archive, loaded);
  const fresh: { id: MaterialId; token: Uint8Array }[] = [];
  const orders = new Map<MaterialId, number>();
  for (const id of known.values()) {
    const order = layout.find(pathOf(firstPage(loaded, id)))?.order;
    if (order !== undefined) orders.set(id, order);
  }
  for (const group of groups) {
    const found = known.get(hex(group.token));
    if (found && draft.getMark(found).state !== 'proposed') continue;
    const id = found ?? (archive.clock.newId() as MaterialId);
    if (!found) {
      propose(draft, id, group, orders);
      fresh.push({ id, token: group.token });
    }
    const { length } = draft.getMaterial(id).pages;
    draft.take(planPlacePages(draft.arrangement, group.pages, { material: id, index: length }));
    sortPages(draft, draft.getMaterial(id), (page) => layout.find(pathOf(page)), group.place.key);
  }
  const step = draft.toStep();
  if (!step) return;
  const { place } = loaded.state.head;
  const entryId = archive.clock.newId();
  // The entries of pages just received hold their digests; those that lay here before are watched like any other.
  const received = new Set(pages.map((p) => p.pageId));
  const changed = await saveCatalogue(tx, archive, loaded, draft.state, entryId, { received });
  await tx.log({
    id: entryId,
    kind: 'dossier.arranged',
    place,
    dossierId,
    objectId: dossierId,
    params: { operation: 'layout', count: groups.length },
    changed,
  });
  for (const { id, token } of fresh) await tx.query('update material set layout_token = $2 where id = $1', [id, token]);
}

const hex = (token: Uint8Array) => Buffer.from(token).toString('hex');

async function classLoosePages(tx: DeskTx, archive: Archive, layout: LayoutLookup, pages: readonly LaidPage[]): Promise<void> {
  const classed = pages.flatMap(({ pageId, path }) => {
    const place = layout.find(path);
    return place?.key === null && place.classCode !== null ? [{ pageId, classCode: place.classCode }] : [];
  });
  if (!classed.length) return;
  const ids = classed.map((c) => c.pageId);
  await tx.query('update page p set class_code = t.c from unnest($1::uuid[], $2::text[]) as t(id, c) where p.id = t.id', [
    ids,
    classed.map((c) => c.classCode),
  ]);
  await refilePages(tx, archive, ids);
}

/** The pages by material, materials in the layout's order, pages in the order received. */
function gather(archive: Archive, dossierId: string, layout: LayoutLookup, pages: readonly LaidPage[]): Group[] {
  const key = archive.sealer.subkey({ kind: 'dossier', id: dossierId }, TOKEN_LABEL);
  const groups = new Map<string, Group>();
  for (const { pageId, path } of pages) {
    const place = layout.find(path);
    if (!place || place.key === null || !place.material) continue;
    const { key: name, material } = place;
    const group = groups.get(name) ?? {
      place: { ...place, key: name, material },
      token: archive.sealer.primitives.hmac('sha256', key, utf8(name)),
      pages: [],
    };
    group.pages.push(pageId as PageId);
    groups.set(name, group);
  }
  return [...groups.values()].sort((a, b) => a.place.order - b.place.order);
}

async function findLaidMaterials(tx: DeskTx, dossierId: string): Promise<Map<string, MaterialId>> {
  const rows = await tx.query<{ id: MaterialId; token: string }>(
    `select id, encode(layout_token, 'hex') as token from material where dossier_id = $1 and layout_token is not null`,
    [dossierId],
  );
  return new Map(rows.map((r) => [r.token, r.id]));
}

const firstPage = ({ state }: LoadedCatalogue, id: MaterialId): PageId | null =>
  state.arrangement.materials.find((m) => m.id === id)?.pages[0] ?? null;

/** Opens the names of files as they are asked for. */
function fileNames(archive: Archive, loaded: LoadedCatalogue): (page: PageId | null) => string {
  const rows = new Map(loaded.pages.map((p) => [p.id, p]));
  const opened = new Map<PageId, string>();
  return (id) => {
    const row = id === null ? undefined : rows.get(id);
    if (!row) return '';
    const name = opened.get(row.id) ?? openFileName(archive, loaded.state.head.dossierId, row);
    opened.set(row.id, name);
    return name;
  };
}

/** Makes a proposed material behind the last one that the layout puts before it. */
function propose(draft: CatalogueDraft, id: MaterialId, { place }: Group, orders: Map<MaterialId, number>): void {
  const { materials } = draft.arrangement;
  const later = materials.findIndex((m) => (orders.get(m.id) ?? -1) > place.order && draft.getMark(m.id).state === 'proposed');
  const title = place.material.title === null ? null : wellFormed(place.material.title.slice(0, TITLE_UNITS_MAX));
  const description = {
    ...emptyDescription(id),
    classCode: place.material.classCode,
    title: title?.trim() ? title : null,
    date: place.material.date,
  };
  draft.take(planAssemble(draft.arrangement, description, [], later < 0 ? materials.length : later));
  draft.setMark(id, { state: 'proposed' });
  orders.set(id, place.order);
}

/**
 * Puts the pages of a material in the layout's order: batches may be received out of it, and refused files come back later.
 * Pages that the layout does not know stay behind the others, as they lay.
 */
function sortPages(draft: CatalogueDraft, material: DossierMaterial, find: (page: PageId) => LaidPlace | null, key: string): void {
  const rank = (page: PageId) => {
    const place = find(page);
    return place?.key === key ? place.rank : Number.MAX_SAFE_INTEGER;
  };
  const ranked = material.pages.map((page, at) => ({ page, at, rank: rank(page) }));
  const sorted = [...ranked].sort((a, b) => a.rank - b.rank || a.at - b.at).map((r) => r.page);
  if (sorted.some((page, at) => page !== material.pages[at]))
    draft.take(planPlacePages(draft.arrangement, sorted, { material: material.id, index: 0 }));
}
