import type { PageReading } from '@lantai/proposals';
import { type Advice, type AdvisedDossier, NO_ADVICE, takeAdvice } from '../advising/index.ts';
import { type Archive, type LinesRow, openReading } from '../archive/index.ts';
import type { DeskTx } from '../desk/index.ts';
import { reviseProposals, type TracedProposal } from '../learning/index.ts';
import { turnReading } from '../pages/index.ts';
import { proposePages } from '../proposing/index.ts';
import type { CatalogueState } from './catalogue-state.ts';

interface ReadingRow extends LinesRow {
  readonly turned: 0 | 90 | 180 | 270;
  readonly findings: string[];
}

/**
 * What the readings of pages of a dossier say of the materials they make: of these pages, or of those that lie in no material. Pages that were not
 * read yet are left out. What the archive has learned is laid over what the rules say, and what an adviser said before over that. The caller has
 * looked at the scope.
 */
export async function proposeOf(
  tx: DeskTx,
  archive: Archive,
  state: CatalogueState,
  of: readonly string[] | 'loose',
  advice: Advice = NO_ADVICE,
): Promise<readonly TracedProposal[]> {
  return takeAdvice((await proposalsOf(tx, archive, state, of)).proposals, advice);
}

/** What is proposed, and what an adviser is to know to be asked about it. */
export async function proposalsOf(
  tx: DeskTx,
  archive: Archive,
  state: CatalogueState,
  of: readonly string[] | 'loose',
): Promise<{ readonly proposals: readonly TracedProposal[]; readonly dossier: AdvisedDossier }> {
  const { dossierId, subjectId } = state.head;
  const pages = await readPages(tx, archive, dossierId, of);
  const subjectName = await findPersonName(tx, archive, subjectId);
  const dossier = { dossierId, place: state.head.place, scheme: state.scheme, subjectName, pages };
  if (!pages.length) return { proposals: [], dossier };
  const said = await proposePages(archive.config, state.scheme, pages, subjectName ? { subjectName } : {});
  const place = { fondsId: state.head.place.fondsId, schemeId: state.scheme.id };
  return { proposals: await reviseProposals(tx, archive, place, said), dossier };
}

/** The name of the subject; null when it is no person. */
async function findPersonName(tx: DeskTx, { sealer }: Pick<Archive, 'sealer'>, subjectId: string): Promise<string | null> {
  const row = await tx.one<{ name: Uint8Array; version: number }>(`select name, version from subject where id = $1 and kind = 'person'`, [
    subjectId,
  ]);
  return (
    row &&
    sealer.get({ kind: 'dossier', id: subjectId }, { table: 'subject', column: 'name', rowId: subjectId, version: row.version }, row.name)
  );
}

/** The readings of pages as they are shown now, in order of arrival. */
async function readPages(
  tx: DeskTx,
  { sealer }: Pick<Archive, 'sealer'>,
  dossierId: string,
  of: readonly string[] | 'loose',
): Promise<PageReading[]> {
  const rows = await tx.queryNamed<ReadingRow>(
    'catalogue-propose-readings',
    `select p.id, p.dossier_id, p.turned, r.engine, r.version, r.lines,
       array(select distinct f.code from finding f where f.page_id = p.id order by f.code) as findings
     from page p join reading r on r.page_id = p.id and r.current 
     where p.dossier_id = $1 and (($2::uuid[] is null and p.material_id is null and p.superseded_by is null) or p.id = any($2::uuid[])) order by p.arrival, p.id`,
    [dossierId, of === 'loose' ? null : of],
  );
  return rows.map((row) => {
    const { widthPx, heightPx, skewDegrees, lines } = turnReading(openReading(sealer, row), row.turned);
    return { pageId: row.id, widthPx, heightPx, skewDegrees, findings: row.findings, lines };
  });
}
