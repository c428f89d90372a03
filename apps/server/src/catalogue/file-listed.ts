import { isDeepStrictEqual } from 'node:util';
import { type DescriptionChanges, emptyDescription, planAssemble, planDescribe, planPlacePages } from '@lantai/catalogue';
import type { Finding, MaterialId, PageId, PartialDate } from '@lantai/values';
import { utf8 } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Desk, DeskTx, Scope } from '../desk/index.ts';
import { CatalogueDraft } from './catalogue-draft.ts';
import { type LoadedCatalogue, loadCatalogue } from './catalogue-state.ts';
import { openFileName } from './read-desk.ts';
import { saveCatalogue } from './save-catalogue.ts';
import { insertStep } from './undo-steps.ts';
import { wellFormed } from './well-formed.ts';

/** A material as a list describes it. */
export interface ListedMaterial {
  /** Names it inside the dossier's list, the same whenever the list is applied. */
  readonly key: string;
  /** For what is said of it. */
  readonly row: number;
  readonly classCode: string;
  readonly title: string;
  readonly date: PartialDate | null;
  readonly copies: number;
  readonly remarks: string;
  /** Faces that the list says it has; null: it does not say. */
  readonly pageCount: number | null;
  /** Paths under which its pages were received, in order; null: the list came without images, pages stay where they are. */
  readonly paths: readonly string[] | null;
}

/** What filing a list does to a dossier. */
export interface ListedCounts {
  readonly made: number;
  readonly changed: number;
  readonly same: number;
  /** Materials of the dossier that the list does not name; they stay. */
  readonly others: number;
}

/** What was filed, and what is to be looked at. */
export interface FiledList extends ListedCounts {
  readonly findings: readonly Finding[];
}

const TOKEN_LABEL = 'lantai/manifest/v1';

interface Known {
  readonly loaded: LoadedCatalogue;
  readonly byKey: ReadonlyMap<string, MaterialId>;
  readonly pagesOf: (path: string) => readonly PageId[];
}

function tokenOf(archive: Archive, dossierId: string, key: string): Uint8Array {
  const secret = archive.sealer.subkey({ kind: 'dossier', id: dossierId }, TOKEN_LABEL);
  return archive.sealer.primitives.hmac('sha256', secret, utf8(key));
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

async function load(
  tx: DeskTx,
  archive: Archive,
  scope: Scope,
  dossierId: string,
  listed: readonly ListedMaterial[],
  locks: boolean,
): Promise<Known> {
  const loaded = await loadCatalogue(tx, archive, scope, dossierId, locks);
  const rows = await tx.query<{ id: MaterialId; token: string }>(
    `select id, encode(layout_token, 'hex') as token from material where dossier_id = $1 and layout_token is not null`,
    [dossierId],
  );
  const tokens = new Map(rows.map((r) => [r.token, r.id]));
  const byKey = new Map(
    listed.flatMap(({ key }) => {
      const id = tokens.get(hex(tokenOf(archive, dossierId, key)));
      return id ? [[key, id] as const] : [];
    }),
  );
  const byPath = new Map<string, PageId[]>();
  if (listed.some((l) => l.paths?.length))
    for (const page of loaded.pages) {
      const path = openFileName(archive, dossierId, page);
      if (!byPath.get(path)?.push(page.id)) byPath.set(path, [page.id]);
    }
  return { loaded, byKey, pagesOf: (path) => byPath.get(path) ?? [] };
}

const changesOf = ({ classCode, title, date, copies, remarks }: ListedMaterial): DescriptionChanges => ({
  classCode,
  title: wellFormed(title),
  date,
  copies,
  remarks: wellFormed(remarks),
});

/** What filing a list would do. Changes nothing; images that were not received yet count as a change. @throws ArchiveError `dossier/not-found` (caller) */
export async function planListed(
  tx: DeskTx,
  archive: Archive,
  scope: Scope,
  dossierId: string,
  listed: readonly ListedMaterial[],
): Promise<ListedCounts> {
  const known = await load(tx, archive, scope, dossierId, listed, false);
  const { arrangement } = known.loaded.state;
  let changed = 0;
  for (const one of listed) {
    const material = arrangement.materials.find((m) => m.id === known.byKey.get(one.key));
    if (!material) continue;
    const lacks = one.paths?.some((path) => !known.pagesOf(path).some((id) => material.pages.includes(id)));
    if (lacks || planDescribe(arrangement, material.id, changesOf(one)).length) changed++;
  }
  return counts(known, listed, changed);
}

function counts({ byKey, loaded }: Known, listed: readonly ListedMaterial[], changed: number): ListedCounts {
  const others = loaded.state.arrangement.materials.length - byKey.size;
  return { made: listed.length - byKey.size, changed, same: byKey.size - changed, others };
}

/**
 * Files a dossier's materials as a list has them, in one transaction with one entry and one step of undo: described, their pages put into them,
 * and confirmed, for the list is a person's word. A material whose pages are not as many as the list says stays proposed, with a finding.
 * Doing it again changes nothing. Pages that lie in a material of somebody else's stay there, with a finding.
 * @throws ArchiveError `dossier/not-found` (caller), and what saving a catalogue throws
 */
export function fileListed(archive: Archive, desk: Desk, dossierId: string, listed: readonly ListedMaterial[]): Promise<FiledList> {
  return desk.act('material.change', async (tx, scope) => {
    const known = await load(tx, archive, scope, dossierId, listed, true);
    const { loaded, byKey } = known;
    const draft = new CatalogueDraft(
      loaded.state,
      loaded.pages.map((p) => p.id),
    );
    const fresh: { id: MaterialId; key: string }[] = [];
    const findings: Finding[] = [];
    for (const one of listed) {
      const found = byKey.get(one.key);
      const id = found ?? (archive.clock.newId() as MaterialId);
      if (found) draft.take(planDescribe(draft.arrangement, id, changesOf(one)));
      else {
        draft.take(planAssemble(draft.arrangement, { ...emptyDescription(id), ...changesOf(one) }, []));
        fresh.push({ id, key: one.key });
      }
      const isWhole = one.paths === null || placePages(draft, id, one, known, findings);
      settle(draft, id, isWhole);
    }
    const step = draft.toStep();
    const { materials } = loaded.state.arrangement;
    const isChanged = (id: MaterialId) =>
      !isDeepStrictEqual(
        draft.getMaterial(id),
        materials.find((m) => m.id === id),
      );
    const result = { ...counts(known, listed, [...byKey.values()].filter(isChanged).length), findings };
    if (!step) return result;
    const { place, version } = loaded.state.head;
    const entryId = archive.clock.newId();
    const changed = await saveCatalogue(tx, archive, loaded, draft.state, entryId, { accountId: desk.actor.accountId });
    await tx.log({
      id: entryId,
      kind: 'dossier.arranged',
      place,
      dossierId,
      objectId: dossierId,
      params: { operation: 'manifest', count: listed.length, version: version + 1 },
      changed,
    });
    for (const { id, key } of fresh)
      await tx.query('update material set layout_token = $2 where id = $1', [id, tokenOf(archive, dossierId, key)]);
    await insertStep(tx, archive, desk, { dossierId, place, kind: 'manifest', step, dossierVersion: version + 1 });
    return result;
  });
}

/** A person's word needs no confidence; what does not add up waits for one. */
function settle(draft: CatalogueDraft, id: MaterialId, isWhole: boolean): void {
  const mark = draft.getMark(id);
  if (mark.state !== 'confirmed' && isWhole) {
    draft.setMark(id, { state: 'confirmed', confidence: { classCode: null, title: null, date: null } });
    draft.settleCodes();
  } else if (mark.state === 'draft') draft.setMark(id, { state: 'proposed' });
}

/** Puts the pages received under the listed paths into the material. @returns whether they are as many as the list says */
function placePages(draft: CatalogueDraft, id: MaterialId, one: ListedMaterial, { pagesOf }: Known, findings: Finding[]): boolean {
  const say = (code: string, params: Record<string, number>) =>
    findings.push({ code: `manifest/${code}`, severity: 'warning', params: { row: one.row, ...params } });
  const missing = one.paths?.filter((path) => !pagesOf(path).length) ?? [];
  const { loose } = draft.arrangement;
  const own = new Set(draft.getMaterial(id).pages);
  const free = new Set(loose);
  const received = one.paths?.flatMap(pagesOf) ?? [];
  const mine = received.filter((page) => own.has(page) || free.has(page));
  if (missing.length) say('image-not-received', { count: missing.length });
  if (mine.length < received.length) say('page-elsewhere', { count: received.length - mine.length });
  const pages = draft.getMaterial(id).pages;
  if (mine.some((page, at) => page !== pages[at])) draft.take(planPlacePages(draft.arrangement, mine, { material: id, index: 0 }));
  const isShort = missing.length > 0 || mine.length < received.length;
  if (one.pageCount === null || mine.length === one.pageCount) return !isShort;
  say(mine.length < one.pageCount ? 'pages-fewer' : 'pages-more', { pages: one.pageCount, images: mine.length });
  return false;
}
