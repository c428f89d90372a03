import type { Tx } from '../db/index.ts';
import { FilingTokens } from './filing.ts';
import { indexCipher } from './index-cipher.ts';
import { type IndexParts, refilePages } from './index-page.ts';
import { int4Literal } from './int4-array.ts';

interface LineRow {
  id: string;
  dossier_id: string;
  kind: 'dossier' | 'material';
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  class_code: string | null;
  material_year: number | null;
}

/**
 * Keeps the pages of dossiers as they are until the transaction ends: whoever reads one of them has stored it or begins after. Returns their ids.
 * INVARIANT: taken before anything that hangs on a page (findings, readings, index), as the reader does; else each could wait for the other.
 */
export async function lockPagesOf(tx: Tx, dossierIds: readonly string[]): Promise<string[]> {
  const pages = await tx.query<{ id: string }>('select id from page where dossier_id = any($1::uuid[]) order by id for no key update', [
    dossierIds,
  ]);
  return pages.map((p) => p.id);
}

/**
 * Files dossiers anew in the index, their pages and catalogue lines, after their unit, category or level changed.
 * Must run in the transaction that changed them: a scope is only as true as these tokens.
 */
export async function refileDossiers(tx: Tx, parts: IndexParts, dossierIds: readonly string[]): Promise<void> {
  if (!dossierIds.length) return;
  await refilePages(tx, parts, await lockPagesOf(tx, dossierIds));
  const filings = new FilingTokens(tx, (fondsId) => indexCipher(parts.sealer, fondsId));
  const lines = await tx.query<LineRow>(
    `select c.id, c.dossier_id, c.kind, d.fonds_id, d.unit_id, d.category, d.level, c.class_code, c.material_year
     from catalogue_gram c join dossier d on d.id = c.dossier_id where c.dossier_id = any($1::uuid[])`,
    [dossierIds],
  );
  const [ids, tokens]: [string[], string[]] = [[], []];
  for (const row of lines) {
    const filing = await filings.of({
      place: { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level },
      dossierId: row.dossier_id,
      classCode: row.class_code,
      materialYear: row.material_year,
      kind: row.kind,
    });
    ids.push(row.id);
    tokens.push(int4Literal(filing));
  }
  await tx.query(
    `update catalogue_gram c set unit_id = d.unit_id, category = d.category, level = d.level, g = t.g || c.g[c.filing_count + 1 :],
       filing_count = cardinality(t.g)
     from (select id, g::integer[] as g from unnest($1::uuid[], $2::text[]) as n(id, g)) t, dossier d
     where c.id = t.id and d.id = c.dossier_id`,
    [ids, tokens],
  );
}
