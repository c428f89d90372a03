import type { Tx } from '../db/index.ts';
import { FilingTokens } from './filing.ts';
import { indexCipher } from './index-cipher.ts';
import { type IndexParts, refilePages } from './index-page.ts';
import { int4Array } from './int4-array.ts';

interface LineRow {
  id: string;
  kind: 'dossier' | 'material';
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  class_code: string | null;
  material_year: number | null;
}

/**
 * Keeps the pages of a dossier as they are until the transaction ends: whoever reads one of them has stored it or begins after. Returns their ids.
 * INVARIANT: taken before anything that hangs on a page (findings, readings, index), as the reader does; else each could wait for the other.
 */
export async function lockPagesOf(tx: Tx, dossierId: string): Promise<string[]> {
  const pages = await tx.query<{ id: string }>('select id from page where dossier_id = $1 order by id for no key update', [dossierId]);
  return pages.map((p) => p.id);
}

/**
 * Files a dossier anew in the index, its pages and catalogue lines, after its unit, category or level changed.
 * Must run in the transaction that changed them: a scope is only as true as these tokens.
 */
export async function refileDossier(tx: Tx, parts: IndexParts, dossierId: string): Promise<void> {
  await refilePages(tx, parts, await lockPagesOf(tx, dossierId));
  const filings = new FilingTokens(tx, (fondsId) => indexCipher(parts.sealer, fondsId));
  const lines = await tx.query<LineRow>(
    `select c.id, c.kind, d.fonds_id, d.unit_id, d.category, d.level, c.class_code, c.material_year from catalogue_gram c join dossier d on d.id = c.dossier_id where c.dossier_id = $1`,
    [dossierId],
  );
  for (const row of lines) {
    const tokens = await filings.of({
      place: { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level },
      dossierId,
      classCode: row.class_code,
      materialYear: row.material_year,
      kind: row.kind,
    });
    await tx.query(
      `update catalogue_gram set unit_id = $2, category = $3, level = $4, g = $5::integer[] || g[filing_count + 1 :], filing_count = $6 where id = $1`,
      [row.id, row.unit_id, row.category, row.level, int4Array(tokens), tokens.length],
    );
  }
}
