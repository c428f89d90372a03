import { lastDayKept, type MaterialDescription, retentionOf, type Scheme } from '@lantai/catalogue';
import type { Desk as DeskView, FindingView, Material, PageLine } from '@lantai/contract';
import { Masker } from '@lantai/search';
import { type Box, formatPartialDate, type MaterialId, type PageId } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Desk, DeskTx, Scope } from '../desk/index.ts';
import { NOTHING_SHOWN, type ShownNow } from '../masking/index.ts';
import { turnBox } from '../pages/index.ts';
import { checkCatalogue } from './catalogue-findings.ts';
import { inCatalogueOrder, type LoadedCatalogue, loadCatalogue, type PageFacts } from './catalogue-state.ts';
import { checkView, readChecksShown } from './check-views.ts';
import { fieldNamer, readFieldDefinitions } from './field-definitions.ts';
import { readHeldDocuments } from './held-documents.ts';
import type { FieldEvidence, MaterialDoubt } from './material-rows.ts';
import { readPersonNames } from './page-persons.ts';
import { titlesOf } from './schemes.ts';
import { findLastStep } from './undo-steps.ts';

/**
 * Opens the desk of a dossier: all its materials and pages in one answer and one entry.
 * @throws ArchiveError `dossier/not-found`, `desk/not-allowed` (caller)
 */
export function openDossierDesk(archive: Archive, desk: Desk, dossierId: string, shown: ShownNow = NOTHING_SHOWN): Promise<DeskView> {
  return desk.act('dossier.read', async (tx, scope) => {
    const view = await readDossierDesk(tx, archive, desk, scope, dossierId, shown);
    await tx.log({ kind: 'desk.opened', place: view.place, dossierId, params: { pages: view.desk.pages.length } });
    return view.desk;
  });
}

/** The desk as the transaction sees it. The caller makes the entry. */
export async function readDossierDesk(
  tx: DeskTx,
  archive: Archive,
  desk: Desk,
  scope: Scope,
  dossierId: string,
  { shown, untilMs }: ShownNow = NOTHING_SHOWN,
) {
  const loaded = await loadCatalogue(tx, archive, scope, dossierId);
  const { state } = loaded;
  const definitions = await readFieldDefinitions(tx, state.head.place.fondsId);
  const findings = checkCatalogue(state, definitions);
  const masker = new Masker(shown);
  const nameOf = fieldNamer(definitions);
  const undo = await findLastStep(tx, dossierId, desk.actor.accountId);
  const held = await readHeldDocuments(tx, dossierId);
  const checks = await readChecksShown(tx, archive, desk, state);
  const checkOf = (id: MaterialId) => checks && checkView(archive, state, id, checks, { masker, nameOf });
  const view: DeskView = {
    dossierId,
    version: state.head.version,
    countercheck: checks !== null,
    materials: listMaterials(loaded, findings.byMaterial, masker, nameOf).map((m) => ({
      ...m,
      documentOf: held.get(m.id) ?? null,
      countercheck: checkOf(m.id as MaterialId),
    })),
    pages: await listPages(tx, archive, loaded, masker),
    masking: { hidden: masker.hidden, shownUntilMs: untilMs },
    undo: undo && { operationId: undo.id, kind: undo.kind, atMs: undo.atMs },
  };
  return { desk: view, place: state.head.place };
}

function listMaterials(
  { state, rows, pages }: LoadedCatalogue,
  findings: ReadonlyMap<string, readonly FindingView[]>,
  masker: Masker,
  nameOf: (code: string) => string,
): Omit<Material, 'countercheck' | 'documentOf'>[] {
  const pageOf = new Map<string, PageFacts>(pages.map((p) => [p.id, p]));
  return inCatalogueOrder(state).map(({ material: m, numberInClass }) => {
    const mark = state.marks.get(m.id)!;
    return {
      id: m.id,
      code: mark.code,
      classCode: m.classCode,
      sequence: numberInClass,
      title: masker.text(m.title ?? ''),
      date: m.date && formatPartialDate(m.date),
      copies: m.copies,
      retention: retentionView(state.scheme, m),
      remarks: masker.text(m.remarks),
      tags: m.tags.map((tag) => masker.text(tag)),
      fields: Object.entries(m.fields).map(([code, value]) => {
        const evidence = mark.evidence[code];
        return {
          code,
          value: masker.field(nameOf(code), value),
          confidence01: evidence?.confidence01 ?? null,
          pageId: evidence?.pageId ?? null,
          box: evidence ? boxOnPage(evidence, pageOf.get(evidence.pageId ?? '')) : null,
        };
      }),
      confidence: { ...mark.confidence },
      origin: mark.origin,
      state: mark.state,
      pageIds: [...m.pages],
      findings: [...(findings.get(m.id) ?? []), ...(mark.doubts ?? []).map((doubt) => doubtView(doubt, m.id, pageOf))],
      version: rows.get(m.id)?.version ?? 1,
    };
  });
}

/** How long a material is kept by its scheme, with the last day where it is known. */
function retentionView(scheme: Scheme, material: MaterialDescription): Material['retention'] {
  const retention = retentionOf(scheme, titlesOf(scheme), material);
  const until = retention && lastDayKept(retention, material.date);
  return retention && { ...retention, until: until && formatPartialDate(until) };
}

/** A doubt of the machine as a finding of the material, with the place that a person should look at. */
function doubtView(
  { code, field, pageId, box, turned }: MaterialDoubt,
  materialId: string,
  pageOf: ReadonlyMap<string, PageFacts>,
): FindingView {
  const page = pageOf.get(pageId ?? '');
  const lit = page ? boxOnPage({ confidence01: null, pageId, box, ...(turned === undefined ? {} : { turned }) }, page) : null;
  return {
    code,
    severity: 'warning',
    materialId,
    ...(page && pageId ? { pageId } : {}),
    ...(lit ? { box: lit } : {}),
    ...(field ? { params: { field } } : {}),
  };
}

/** Where a value stands on its page as that is shown now: a person, or the reader, may have turned it since. */
export function boxOnPage({ box, turned }: FieldEvidence, page: PageFacts | undefined): number[] | null {
  if (!box || !page || turned === undefined || turned === page.turned) return box && [...box];
  const isSideways = turned % 180 !== 0;
  const frame = {
    widthPx: isSideways ? page.height_px : page.width_px,
    heightPx: isSideways ? page.width_px : page.height_px,
    orientation: turned,
  };
  return [...turnBox(box as Box, frame, page.turned)];
}

interface FindingRow {
  page_id: string | null;
  source_file_id: string | null;
  code: string;
  severity: FindingView['severity'];
  box: number[] | null;
  params: Record<string, string | number | boolean>;
}

async function listPages(tx: DeskTx, archive: Archive, { state, pages }: LoadedCatalogue, masker: Masker): Promise<PageLine[]> {
  const { dossierId } = state.head;
  const rows = await tx.queryNamed<FindingRow>(
    'desk-findings',
    'select page_id, source_file_id, code, severity, box, params from finding where dossier_id = $1 order by code, id',
    [dossierId],
  );
  const names = await readPersonNames(tx, archive, [...new Set([...state.persons.values()].flat())]);
  const byOwner = new Map<string, FindingRow[]>();
  for (const row of rows) {
    const owner = row.page_id ?? row.source_file_id ?? '';
    if (!byOwner.get(owner)?.push(row)) byOwner.set(owner, [row]);
  }
  const place = new Map<string, MaterialId>(state.arrangement.materials.flatMap((m) => m.pages.map((p) => [p, m.id] as const)));
  const scansOf = countScans(pages);
  // A page that gave way is nobody's work any more; what was said of it beside another (the same sheet twice) is settled.
  const isSettled = (f: FindingRow) => typeof f.params.page === 'string' && state.superseded.has(f.params.page as PageId);
  return pages
    .filter((p) => p.superseded_by === null)
    .map((p) => ({
      id: p.id,
      scans: scansOf(p.id),
      materialId: place.get(p.id) ?? null,
      fileName: masker.text(openFileName(archive, dossierId, p)),
      origin: p.origin,
      mediaType: p.media_type,
      widthPx: p.width_px,
      heightPx: p.height_px,
      turned: p.turned,
      readState: p.read_state,
      readReason: p.read_reason,
      persons: (state.persons.get(p.id) ?? []).map((id) => names.get(id) ?? ''),
      entryId: p.entry_id,
      receivedAtMs: p.created_at_ms,
      findings: [...(byOwner.get(p.id) ?? []), ...(byOwner.get(p.source_file_id) ?? [])]
        .filter((f) => !isSettled(f))
        .map((f) => ({
          code: f.code,
          severity: f.severity,
          pageId: p.id,
          ...(f.box ? { box: f.box } : {}),
          ...(Object.keys(f.params).length ? { params: f.params } : {}),
        })),
    }));
}

/** How many scans of a face there are: its own and those that it, or one of them, took the place of. */
function countScans(pages: readonly PageFacts[]): (id: string) => number {
  const former = new Map<string, string[]>();
  for (const { id, superseded_by: by } of pages) if (by !== null && !former.get(by)?.push(id)) former.set(by, [id]);
  const count = (id: string): number => (former.get(id) ?? []).reduce((n, one) => n + count(one), 1);
  return count;
}

/** Path of the file that a page came from, as it was sent. */
export const openFileName = (archive: Archive, dossierId: string, page: PageFacts): string =>
  archive.sealer.get(
    { kind: 'dossier', id: dossierId },
    { table: 'source_file', column: 'name', rowId: page.source_file_id, version: 1 },
    page.file_name,
  );
