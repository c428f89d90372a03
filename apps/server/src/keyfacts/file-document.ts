import { determinationTitles } from '@lantai/catalogue';
import type { Operation } from '@lantai/contract';
import { ArchiveError, isArchiveError } from '@lantai/values';
import { accountNames } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { type FiledDossier, findHead, operateDossier, readFiledDossier, runSheetWorker } from '../catalogue/index.ts';
import { type Desk, type DeskTx, madeObjects, type Scope } from '../desk/index.ts';
import { importFiles } from '../ingest/index.ts';
import { layDeterminationForm } from './determination-form.ts';
import { type DeterminationRow, findDetermination, getDossierOf, openBody, openReview, readDeterminations } from './determination-rows.ts';
import { readDocuments } from './document-rows.ts';
import { evidenceWordsOf } from './evidence-words.ts';
import { refuseOwnDossier } from './propose-determination.ts';

type Language = 'zh' | 'en';

/** A determination that holds or held, with what it is of. */
interface Determined {
  readonly row: DeterminationRow;
  readonly dossier: FiledDossier;
}

/** @throws ArchiveError `determination/not-found`, `determination/not-confirmed`, `determination/own-dossier` (caller) */
async function getConfirmed(tx: DeskTx, archive: Archive, desk: Desk, scope: Scope, id: string): Promise<Determined> {
  const dossier = await readFiledDossier(tx, archive, scope, await getDossierOf(tx, scope, id), true);
  const row = await findDetermination(tx, id, desk.actor.accountId);
  if (!row) throw new ArchiveError('determination/not-found', 'caller');
  if (row.state !== 'confirmed') throw new ArchiveError('determination/not-confirmed', 'caller');
  await refuseOwnDossier(tx, desk, dossier.subjectId);
  return { row, dossier };
}

/** As what the scheme files it. @throws ArchiveError `determination/no-form` (caller) */
function titleOf(archive: Archive, { scheme }: FiledDossier) {
  const [title] = determinationTitles(evidenceWordsOf(archive.config), scheme);
  if (!title) throw new ArchiveError('determination/no-form', 'caller', { scheme: scheme.id });
  return title;
}

/**
 * Makes the document of a determination (认定材料) as a PDF, files it as a material of the class that the scheme says, and ties the two.
 * What was filed before stays; the new one is in force.
 *
 * CRASH: before its pages lie in a material they are loose pages of the dossier, and before the two are tied the material is there like any other: it is
 * attached, or taken apart and made anew.
 * @returns the material's id
 * @throws ArchiveError (caller) `determination/not-found`, `determination/not-confirmed`, `determination/own-dossier`, `determination/no-form`;
 *   `sheet/…` (environment) and what importing throws
 */
export async function makeDocument(archive: Archive, desk: Desk, determinationId: string, language: Language): Promise<string> {
  const asked = await desk.act('material.change', async (tx, scope) => {
    const { row, dossier } = await getConfirmed(tx, archive, desk, scope, determinationId);
    const head = await findHead(tx, archive, scope, { id: dossier.dossierId });
    if (!head) throw new ArchiveError('dossier/not-found', 'caller');
    const rows = await readDeterminations(tx, dossier.dossierId, desk.actor.accountId);
    const former = rows.filter((r) => r.fact === row.fact && r.state === 'confirmed' && r.id < row.id);
    const names = await accountNames(archive, tx, [row.made_by, ...(row.decided_by ? [row.decided_by] : [])]);
    const { sealer } = archive;
    const report = layDeterminationForm({
      title: titleOf(archive, dossier),
      head,
      dossier,
      fact: row.fact,
      body: openBody(sealer, row),
      review: openReview(sealer, row),
      proposer: { name: names.get(row.made_by) ?? '', atMs: row.created_at_ms },
      reviewer: { name: names.get(row.decided_by ?? '') ?? '', atMs: row.decided_at_ms ?? 0 },
      former: former.map((r) => openBody(sealer, r)),
      language,
      nowMs: archive.clock.nowMs(),
      utcOffsetMinutes: desk.utcOffsetMinutes,
    });
    return { dossier, title: titleOf(archive, dossier), date: openBody(sealer, row).decidedOn, report };
  });
  const bytes = await runSheetWorker(archive.config, { report: asked.report });
  const { dossierId } = asked.dossier;
  const path = `determination-${archive.clock.newId()}.pdf`;
  const { importId, pages } = await importFiles(archive, desk, dossierId, [{ path, byteCount: bytes.length, read: async () => bytes }], {
    isLaidElsewhere: true,
  });
  if (pages === 0) throw new ArchiveError('determination/document-refused', 'environment');
  const pageIds = await pagesOf(desk, importId);
  const edit = { classCode: asked.title.classCode, title: asked.title.name, date: asked.date };
  const materialId = await fileAsMaterial(archive, desk, dossierId, pageIds, edit);
  await tieDocument(archive, desk, determinationId, materialId, 'made');
  return materialId;
}

async function pagesOf(desk: Desk, importId: string): Promise<string[]> {
  const rows = await desk.sql.query<{ id: string }>(
    'select p.id from page p join source_file f on f.id = p.source_file_id where f.import_id = $1 order by p.arrival, p.id',
    [importId],
  );
  return rows.map((row) => row.id);
}

const TRIES = 3;

/** Somebody else may arrange the dossier meanwhile: then it is done on what stands after that. */
async function fileAsMaterial(
  archive: Archive,
  desk: Desk,
  dossierId: string,
  pageIds: readonly string[],
  edit: { readonly classCode: string; readonly title: string; readonly date: string },
): Promise<string> {
  for (let tried = 1; ; tried++)
    try {
      const row = await desk.sql.one<{ version: number }>('select version from dossier where id = $1', [dossierId]);
      const assemble: Operation = { type: 'assemble', pageIds: [...pageIds], edit };
      const view = await operateDossier(archive, desk, dossierId, { baseVersion: row?.version ?? 1, operations: [assemble] });
      const made = view.materials.find((m) => m.pageIds.includes(pageIds[0] ?? ''));
      if (!made) throw new Error('INVARIANT: pages that were assembled lie in a material');
      await operateDossier(archive, desk, dossierId, { baseVersion: view.version, operations: [{ type: 'confirm', materialId: made.id }] });
      return made.id;
    } catch (error) {
      if (tried === TRIES || !isArchiveError(error, 'dossier/changed')) throw error;
    }
}

/**
 * Ties a material of the dossier, the scan of what was decided on paper, to its determination. It lies where the scheme files such documents, and is
 * confirmed. What was tied before stays in the rows; the new one is in force.
 * @throws ArchiveError (caller) `determination/not-found`, `determination/not-confirmed`, `determination/own-dossier`, `determination/no-form`,
 *   `determination/material`, `determination/document-class`, `determination/document-open`, `determination/document-same`
 */
export const attachDocument = (
  archive: Archive,
  desk: Desk,
  determinationId: string,
  { materialId }: { readonly materialId: string },
): Promise<void> => tieDocument(archive, desk, determinationId, materialId, 'attached');

function tieDocument(archive: Archive, desk: Desk, determinationId: string, materialId: string, way: 'made' | 'attached'): Promise<void> {
  return desk.act('material.change', async (tx, scope) => {
    const { row, dossier } = await getConfirmed(tx, archive, desk, scope, determinationId);
    const material = dossier.materials.find((m) => m.id === materialId);
    if (!material) throw new ArchiveError('determination/material', 'caller');
    const classes = determinationTitles(evidenceWordsOf(archive.config), dossier.scheme).map((t) => t.classCode);
    if (!classes.length) throw new ArchiveError('determination/no-form', 'caller', { scheme: dossier.scheme.id });
    if (material.classCode === null || !classes.includes(material.classCode))
      throw new ArchiveError('determination/document-class', 'caller', { class: classes[0]! });
    if (material.state !== 'confirmed' || !material.pageIds.length) throw new ArchiveError('determination/document-open', 'caller');
    const documents = await readDocuments(tx, dossier.dossierId);
    const inForce = documents.filter((d) => d.determination_id === determinationId).at(-1);
    if (inForce?.material_id === materialId) throw new ArchiveError('determination/document-same', 'caller');
    const [id, entryId] = [desk.clock.newId(), desk.clock.newId()];
    await tx.query(
      `insert into determination_document (id, dossier_id, determination_id, material_id, way, made_by, created_at_ms, entry_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, dossier.dossierId, determinationId, materialId, way, desk.actor.accountId, desk.clock.nowMs(), entryId],
    );
    const { place, dossierId } = dossier;
    await tx.log({
      id: entryId,
      kind: 'determination.document-filed',
      place,
      dossierId,
      objectId: determinationId,
      params: { fact: row.fact, way, supersedes: inForce ? 1 : 0 },
      changed: [madeObjects('determination_document', [id])],
    });
  });
}
