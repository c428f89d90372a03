import {
  bm25,
  couldHold,
  exactRanges,
  type Folded,
  foldedText,
  foldLines,
  foldText,
  holdsAllUnfolded,
  joinLines,
  litBoxes,
  makeSnippet,
  maskText,
  matchPage,
  type Query,
} from '@lantai/search';
import { type LinesRow, openReading, readingPlace, type Sealer } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { type Scope, scopeSql } from '../desk/index.ts';
import { turnBox } from '../pages/index.ts';
import { openDoubts } from './doubts.ts';
import { openFields } from './index-catalogue.ts';
import { queryPrepared } from './prepared.ts';
import { filterSql, type SearchFilters } from './scope-needs.ts';
import type { SearchHit } from './search-result.ts';

/** What a section is asked under: everything is applied to the rows it opens, whatever their tokens said. */
export interface SectionView {
  readonly sealer: Sealer;
  readonly scope: Scope;
  /** Units are being moved: tokens may say where a line was, so every candidate is opened, also to be counted. */
  readonly refiling: boolean;
  readonly filters: SearchFilters;
  /** The units under `filters.unitId`; null without that filter. */
  readonly filterUnits: readonly string[] | null;
  readonly query: Query;
  /** For ordering by relevance: the share of all pages that holds each term; null when the order is by time. */
  readonly weights: readonly number[] | null;
  readonly meanLength: number;
}

/** A candidate that was opened, checked and is a hit. */
export interface Checked {
  readonly id: string;
  readonly certainty: 'exact' | 'possible';
  readonly classCode: string | null;
  readonly year: number | null;
  /** 0 unless ordered by relevance. */
  readonly score: number;
}

interface TextRow {
  id: string;
  dossier_id: string;
  class_code: string | null;
  material_year: number | null;
  engine: string;
  version: string;
  text: Uint8Array;
}

/** Opens the text of a page; what it was sealed for is checked with it. */
function openText(sealer: Sealer, row: TextRow): string {
  const place = readingPlace('text', row.id, row.engine, row.version);
  const bytes = sealer.openBytes({ kind: 'dossier', id: row.dossier_id }, place, row.text);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

const checked = (row: TextRow, certainty: Checked['certainty'], score: number): Checked => ({
  id: row.id,
  certainty,
  classCode: row.class_code,
  year: row.material_year,
  score,
});

/** A page whose text alone does not hold the words. */
interface Doubtful {
  readonly row: TextRow;
  readonly text: string;
}

/** Of pages that do not hold the words as they were read, those that hold them if uncertain characters are read another way. */
async function checkDoubtful(tx: Sql, view: SectionView, pages: readonly Doubtful[]): Promise<Checked[]> {
  const { query, sealer } = view;
  const sealed = await queryPrepared<{ page_id: string; doubts: Uint8Array }>(
    tx,
    'select page_id, doubts from page_gram where page_id = any($1::uuid[]) and doubts is not null',
    [pages.map((p) => p.row.id)],
  );
  const byId = new Map(sealed.map((row) => [row.page_id, row.doubts]));
  const mayBeMisread = query.terms.some((term) => term.number);
  return pages.flatMap(({ row, text }) => {
    const doubts = byId.get(row.id);
    if (!doubts && !mayBeMisread) return [];
    const candidates = doubts ? openDoubts(sealer, row.id, row.dossier_id, doubts) : [];
    if (!couldHold(foldedText(text), candidates, query)) return [];
    const match = matchPage(foldLines([{ text, candidates }]), query);
    return match ? [checked(row, match.certainty, 0)] : [];
  });
}

function scoreOf(folded: Folded, query: Query, weights: readonly number[], meanLength: number): number {
  const terms = query.terms.map((term, i) => ({ count: exactRanges(folded, term).length, share01: weights[i] ?? 1 }));
  return bm25(terms, folded.text.length, meanLength);
}

/** Opens pages of a search and keeps those that are hits, in the order of `ids`. Pages outside scope and filters are not even opened. */
export async function checkPages(tx: Sql, view: SectionView, ids: readonly string[]): Promise<Checked[]> {
  if (!ids.length) return [];
  const { query, weights, meanLength } = view;
  const inScope = scopeSql(view.scope, 'p', 2);
  const filtered = filterSql(view.filters, view.filterUnits, 'p', 2 + inScope.params.length);
  const rows = await queryPrepared<TextRow>(
    tx,
    `select p.id, p.dossier_id, p.class_code, p.material_year, r.engine, r.version, r.text
     from unnest($1::uuid[]) as c(id) join page p on p.id = c.id join reading r on r.page_id = p.id and r.current where ${inScope.sql} and ${filtered.sql}`,
    [ids, ...inScope.params, ...filtered.params],
  );
  const hits = new Map<string, Checked>();
  const doubtful: Doubtful[] = [];
  for (const row of rows) {
    const text = openText(view.sealer, row);
    if (!holdsAllUnfolded(text, query)) doubtful.push({ row, text });
    else hits.set(row.id, checked(row, 'exact', weights ? scoreOf(foldText(text), query, weights, meanLength) : 0));
  }
  // The text decides first; what the reader was unsure of is opened only where it does not hold.
  if (doubtful.length && !view.filters.exactOnly) for (const hit of await checkDoubtful(tx, view, doubtful)) hits.set(hit.id, hit);
  return ids.flatMap((id) => hits.get(id) ?? []);
}

/** Class and year of pages that were not opened, for facets. */
export async function pageFilings(
  tx: Sql,
  view: SectionView,
  ids: readonly string[],
): Promise<{ classCode: string | null; year: number | null }[]> {
  const inScope = scopeSql(view.scope, 'p', 2);
  const filtered = filterSql(view.filters, view.filterUnits, 'p', 2 + inScope.params.length);
  const rows = await queryPrepared<{ class_code: string | null; material_year: number | null }>(
    tx,
    `select p.class_code, p.material_year from unnest($1::uuid[]) as c(id) join page p on p.id = c.id where ${inScope.sql} and ${filtered.sql}`,
    [ids, ...inScope.params, ...filtered.params],
  );
  return rows.map((row) => ({ classCode: row.class_code, year: row.material_year }));
}

interface ShownRow extends LinesRow {
  dossier_code: string;
  scheme: string;
  position: number | null;
  /** Clockwise turn the scan suffered, as it is known now. */
  turned: 0 | 90 | 180 | 270;
  class_code: string | null;
  material_id: string | null;
  dossier_version: number | null;
  dossier_fields: Uint8Array | null;
  material_version: number | null;
  material_fields: Uint8Array | null;
}

/** The hits to be shown: snippet with marks, boxes to light, and what the page belongs to. Call with what {@link checkPages} gave. */
export async function showPages(tx: Sql, view: SectionView, checked: readonly Checked[]): Promise<SearchHit[]> {
  if (!checked.length) return [];
  const rows = await queryPrepared<ShownRow>(
    tx,
    `select p.id, p.dossier_id, d.code as dossier_code, d.scheme, p.position, p.turned, p.class_code, p.material_id, r.engine, r.version, r.lines,
       cd.version as dossier_version, cd.fields as dossier_fields, cm.version as material_version, cm.fields as material_fields
     from unnest($1::uuid[]) as c(id) join page p on p.id = c.id join reading r on r.page_id = p.id and r.current join dossier d on d.id = p.dossier_id
       left join catalogue_gram cd on cd.id = p.dossier_id left join catalogue_gram cm on cm.id = p.material_id`,
    [checked.map((c) => c.id)],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return checked.flatMap(({ id, certainty }) => {
    const row = byId.get(id);
    return row ? [showPage(view, row, certainty)] : [];
  });
}

const masked = (text: string | null): string | null => (text === null ? null : maskText(text));

function showPage({ sealer, query }: SectionView, row: ShownRow, certainty: Checked['certainty']): SearchHit {
  const reading = openReading(sealer, row);
  const { lines } = reading;
  const match = matchPage(foldLines(lines), query);
  const fieldsOf = (id: string | null, version: number | null, fields: Uint8Array | null) =>
    id && version !== null && fields ? openFields(sealer, { id, dossier_id: row.dossier_id, version, fields }) : [];
  const ofDossier = fieldsOf(row.dossier_id, row.dossier_version, row.dossier_fields);
  const ofMaterial = fieldsOf(row.material_id, row.material_version, row.material_fields);
  const value = (fields: typeof ofDossier, field: string) => fields.find((f) => f.field === field)?.value ?? null;
  return {
    kind: 'page',
    certainty,
    dossierId: row.dossier_id,
    dossierCode: row.dossier_code,
    scheme: row.scheme,
    name: value(ofDossier, 'name') ?? '',
    materialId: row.material_id,
    materialTitle: masked(value(ofMaterial, 'title')),
    classCode: row.class_code,
    date: value(ofMaterial, 'date'),
    pageId: row.id,
    position: row.position,
    fields: [],
    snippet: makeSnippet(joinLines(lines), match?.hits ?? [], maskText),
    boxes: litBoxes(lines, match?.hits ?? []).map((lit) => turnBox(lit.box, reading, row.turned)),
  };
}
