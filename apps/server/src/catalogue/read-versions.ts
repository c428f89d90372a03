import type { MaterialVersions } from '@lantai/contract';
import { Masker } from '@lantai/search';
import { ArchiveError, formatPartialDate } from '@lantai/values';
import { accountNames } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import type { Desk, DeskTx } from '../desk/index.ts';
import { NOTHING_SHOWN, type ShownNow } from '../masking/index.ts';
import { loadCatalogue, type PageFacts } from './catalogue-state.ts';
import { fieldNamer, readFieldDefinitions } from './field-definitions.ts';
import { type CataloguedAs, openVersion, readVersions } from './material-versions.ts';
import { openReason } from './replacement-rows.ts';

/**
 * What a material was before: how it was catalogued, and which scans gave way to better ones. One entry; numbers masked.
 * @throws ArchiveError `dossier/not-found`, `material/not-found`, `desk/not-allowed` (caller)
 */
export function readMaterialVersions(
  archive: Archive,
  desk: Desk,
  { dossierId, materialId }: { readonly dossierId: string; readonly materialId: string },
  { shown, untilMs }: ShownNow = NOTHING_SHOWN,
): Promise<MaterialVersions> {
  return desk.act('dossier.read', async (tx, scope) => {
    const { state, pages } = await loadCatalogue(tx, archive, scope, dossierId);
    const material = state.arrangement.materials.find((m) => m.id === materialId);
    const rows = await readVersions(tx, dossierId, materialId);
    if (!material && !rows.length) throw new ArchiveError('material/not-found', 'caller');
    const masker = new Masker(shown);
    const nameOf = fieldNamer(await readFieldDefinitions(tx, state.head.place.fondsId));
    const former = await readFormer(tx, dossierId);
    const names = await accountNames(archive, tx, [...rows.flatMap((v) => v.actor_id ?? []), ...former.map((f) => f.made_by)]);
    const pageOf = new Map<string, PageFacts>(pages.map((p) => [p.id, p]));
    const scans = (material?.pages ?? []).map((pageId, at) => ({
      pageId,
      place: at + 1,
      former: formerOf(pageId, former).map((row) => ({
        pageId: row.page_id,
        turned: pageOf.get(row.page_id)?.turned ?? 0,
        byPageId: row.by_page_id,
        reason: masker.text(openReason(archive.sealer, dossierId, row)),
        byName: names.get(row.made_by) ?? '',
        atMs: row.created_at_ms,
        entryId: row.entry_id,
        receivedAtMs: pageOf.get(row.page_id)?.created_at_ms ?? row.created_at_ms,
        findings: row.findings,
      })),
    }));
    const view: MaterialVersions = {
      materialId,
      isGone: !material,
      catalogued: rows.map((row) => {
        const { before, after } = openVersion(archive, row);
        return {
          id: row.id,
          atMs: row.created_at_ms,
          byName: names.get(row.actor_id ?? '') ?? '',
          entryId: row.entry_id,
          before: stateView(before, masker, nameOf),
          after: after && stateView(after, masker, nameOf),
        };
      }),
      scans: scans.filter((face) => face.former.length),
      masking: { hidden: masker.hidden, shownUntilMs: untilMs },
    };
    const count = view.scans.reduce((n, face) => n + face.former.length, 0);
    await tx.log({
      kind: 'versions.opened',
      place: state.head.place,
      dossierId,
      objectId: materialId,
      params: { catalogued: rows.length, scans: count },
    });
    return view;
  });
}

interface FormerRow {
  readonly id: string;
  readonly page_id: string;
  readonly by_page_id: string;
  readonly reason: Uint8Array;
  readonly made_by: string;
  readonly created_at_ms: number;
  readonly entry_id: string;
  readonly findings: string[];
}

const readFormer = (tx: DeskTx, dossierId: string): Promise<FormerRow[]> =>
  tx.query<FormerRow>(
    `select r.id, r.page_id, r.by_page_id, r.reason, r.made_by, r.created_at_ms, r.entry_id,
       array(select distinct f.code from finding f where f.page_id = r.page_id order by f.code) as findings
     from page_replacement r where r.dossier_id = $1 and r.ended_at_ms is null order by r.id`,
    [dossierId],
  );

/** The scans that a page, or one of them, took the place of; newest first. */
function formerOf(pageId: string, all: readonly FormerRow[]): FormerRow[] {
  const row = all.find((r) => r.by_page_id === pageId);
  return row ? [row, ...formerOf(row.page_id, all)] : [];
}

function stateView({ description: d, mark }: CataloguedAs, masker: Masker, nameOf: (code: string) => string) {
  return {
    code: mark.code,
    classCode: d.classCode,
    title: masker.text(d.title ?? ''),
    date: d.date && formatPartialDate(d.date),
    copies: d.copies,
    remarks: masker.text(d.remarks),
    tags: d.tags.map((tag) => masker.text(tag)),
    fields: Object.entries(d.fields).map(([code, value]) => ({ code, value: masker.field(nameOf(code), value) })),
    state: mark.state,
  };
}
