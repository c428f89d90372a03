import { checkCodeSeries, checkCompleteness, type QualityStandard, scoreDossier } from '@lantai/catalogue';
import type { DossierQuality } from '@lantai/contract';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import type { Desk } from '../desk/index.ts';
import { type CatalogueState, loadCatalogue } from './catalogue-state.ts';
import { codeSuffixes } from './material-codes.ts';
import { titlesOf } from './schemes.ts';
import { standardsInForce } from './standards-in-force.ts';

/** A face that the checks found blank holds no content: a back that is nowhere filed is no loose page. */
const BLANK = 'blank';

/**
 * What a dossier gets by the standard of its scheme, and what is to be chased; an entry, since it tells what the dossier holds.
 * @throws ArchiveError `dossier/not-found`, `quality/no-standard`, `desk/not-allowed` (caller)
 */
export async function scoreDossierQuality(archive: Archive, desk: Desk, dossierId: string): Promise<DossierQuality> {
  return desk.act('dossier.read', async (tx, scope) => {
    const { state, pages } = await loadCatalogue(tx, archive, scope, dossierId);
    const rows = await tx.query<{ page_id: string }>('select distinct page_id from finding where dossier_id = $1 and code = $2', [
      dossierId,
      BLANK,
    ]);
    const blank = new Set(rows.map((r) => r.page_id));
    const loosePages = pages.filter((p) => p.material_id === null && p.superseded_by === null && !blank.has(p.id)).length;
    await tx.log({ kind: 'dossier.opened', place: state.head.place, dossierId });
    return judgeCatalogue(await findQualityStandard(tx, archive, state.scheme.id), state, loosePages);
  });
}

/** The standard in force that judges dossiers of a scheme; null when there is none. */
export async function findQualityStandard(
  sql: Sql,
  archive: Pick<Archive, 'config' | 'clock'>,
  schemeId: string,
): Promise<QualityStandard | null> {
  return (await standardsInForce(sql, archive, 'quality')).find((s) => s.schemes.includes(schemeId)) ?? null;
}

/** Judges a dossier as it was loaded. @throws ArchiveError `quality/no-standard` (caller) */
export function judgeCatalogue(standard: QualityStandard | null, state: CatalogueState, loosePages: number): DossierQuality {
  if (!standard) throw new ArchiveError('quality/no-standard', 'caller');
  const { scheme, arrangement, marks, facts } = state;
  const index = titlesOf(scheme);
  const materials = arrangement.materials.map(({ id, classCode, title, date, pages }) => ({
    id,
    classCode,
    title,
    date,
    pages: pages.length,
    record: marks.get(id)?.origin === 'typed',
  }));
  const { form, suffixes } = codeSuffixes(state);
  const findings = [...checkCompleteness(scheme, materials, facts, index), ...checkCodeSeries(form, suffixes, 'seq')];
  const judged = { scheme, index, materials, facts, loosePages, findings, byPerson: facts.judged ?? {} };
  const { items, chased, ...result } = scoreDossier(standard, judged);
  const { id, version, name, source, total, grades } = standard;
  return {
    standard: { id, version, name, source, total, ...grades },
    ...result,
    items: items.map((item) => ({
      ...item,
      reasons: item.reasons.map(({ code, severity, params }) => ({ code, severity, ...(params ? { params: { ...params } } : {}) })),
    })),
    chased: chased.map((c) => ({ ...c, items: [...c.items] })),
  };
}
