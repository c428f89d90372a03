import { type CatalogueField, maskText, matchCatalogue } from '@lantai/search';
import type { Sql } from '../db/index.ts';
import { scopeSql } from '../desk/index.ts';
import { openFields } from './index-catalogue.ts';
import type { Checked, SectionView } from './page-section.ts';
import { queryPrepared } from './prepared.ts';
import { filterSql } from './scope-needs.ts';
import type { SearchHit } from './search-result.ts';

interface LineRow {
  id: string;
  kind: 'dossier' | 'material';
  dossier_id: string;
  dossier_code: string;
  scheme: string;
  class_code: string | null;
  material_year: number | null;
  version: number;
  fields: Uint8Array;
}

/** A catalogue hit with what is needed to show it. */
export interface CheckedLine extends Checked {
  readonly row: LineRow;
  readonly fields: readonly CatalogueField[];
  readonly hitFields: readonly string[];
}

/** Opens catalogue lines of a search and keeps those that are hits, in the order of `ids`. */
export async function checkCatalogue(
  tx: Sql,
  view: SectionView,
  kind: 'dossier' | 'material',
  ids: readonly string[],
): Promise<CheckedLine[]> {
  if (!ids.length) return [];
  const inScope = scopeSql(view.scope, 'c', 3);
  const filtered = filterSql(view.filters, view.filterUnits, 'c', 3 + inScope.params.length);
  const rows = await queryPrepared<LineRow>(
    tx,
    `select c.id, c.kind, c.dossier_id, d.code as dossier_code, d.scheme, c.class_code, c.material_year, c.version, c.fields
     from unnest($1::uuid[]) as i(id) join catalogue_gram c on c.id = i.id join dossier d on d.id = c.dossier_id
     where c.kind = $2 and ${inScope.sql} and ${filtered.sql}`,
    [ids, kind, ...inScope.params, ...filtered.params],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const hits: CheckedLine[] = [];
  for (const id of ids) {
    const row = byId.get(id);
    if (!row) continue;
    const fields = openFields(view.sealer, row);
    const hitFields = matchCatalogue(fields, view.query);
    if (hitFields)
      hits.push({ id, certainty: 'exact', classCode: row.class_code, year: row.material_year, score: 0, row, fields, hitFields });
  }
  return hits;
}

const textOf = (fields: readonly CatalogueField[], code: string) => fields.find((f) => f.field === code)?.value ?? null;

/** What a hit shows: the fields that were hit, but never a number, a phone or an address. */
export function showLine({ row, fields, hitFields }: CheckedLine): SearchHit {
  const shown = fields.filter((f) => hitFields.includes(f.field) && (f.kind === 'name' || f.kind === 'text')).map((f) => f.value);
  return {
    kind: row.kind,
    certainty: 'exact',
    dossierId: row.dossier_id,
    dossierCode: row.dossier_code,
    scheme: row.scheme,
    name: textOf(fields, row.kind === 'dossier' ? 'name' : 'subject') ?? '',
    materialId: row.kind === 'material' ? row.id : null,
    materialTitle: row.kind === 'material' ? maskText(textOf(fields, 'title') ?? '') : null,
    classCode: row.class_code,
    date: textOf(fields, 'date'),
    pageId: null,
    position: null,
    fields: hitFields,
    snippet: { text: maskText(shown.join(' ')), hits: [], before: false, after: false },
    boxes: [],
  };
}
