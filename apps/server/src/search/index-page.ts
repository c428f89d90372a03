import { foldLines, type IndexCipher, type TextLine, tokensOfPage } from '@lantai/search';
import type { Archive, Place } from '../archive/index.ts';
import type { Tx } from '../db/index.ts';
import { sealDoubts } from './doubts.ts';
import { type Filing, FilingTokens } from './filing.ts';
import { indexCipher } from './index-cipher.ts';
import { int4Array, int4Literal } from './int4-array.ts';

/** What indexing needs of the archive. */
export type IndexParts = Pick<Archive, 'sealer'>;

/** A page with what was read on it. */
export interface PageToIndex {
  readonly pageId: string;
  readonly dossierId: string;
  readonly place: Place;
  readonly lines: readonly TextLine[];
}

interface FiledRow {
  id: string;
  dossier_id: string;
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  class_code: string | null;
  material_year: number | null;
}

const filingOf = (row: FiledRow): Filing => ({
  place: { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level },
  dossierId: row.dossier_id,
  classCode: row.class_code,
  materialYear: row.material_year,
});

const readFilings = (tx: Tx, pageIds: readonly string[]) =>
  tx.queryNamed<FiledRow>(
    'search-page-filing',
    'select id, dossier_id, fonds_id, unit_id, category, level, class_code, material_year from page where id = any($1::uuid[])',
    [pageIds],
  );

/** Rows of one INSERT; four parameters each. */
const ROWS_AT_ONCE = 50;

const insertText = (count: number) => {
  const rows = Array.from({ length: count }, (_, i) => {
    const at = i * 4;
    return `($${at + 1}::uuid, $${at + 2}::smallint, $${at + 3}::integer[], $${at + 4}::bytea)`;
  });
  return `insert into page_gram (page_id, filing_count, g, doubts) values ${rows.join(', ')}
    on conflict (page_id) do update set filing_count = excluded.filing_count, g = excluded.g, doubts = excluded.doubts`;
};

/** The row of a page for `page_gram`, four values. */
function rowOf({ sealer }: IndexParts, cipher: IndexCipher, filing: Int32Array, { pageId, dossierId, lines }: PageToIndex): unknown[] {
  const words = tokensOfPage(cipher, foldLines(lines));
  return [pageId, filing.length, int4Array(filing, words), sealDoubts(sealer, pageId, dossierId, lines)];
}

/**
 * Makes pages searchable by what was read on them, in the caller's transaction; doing it again replaces what was there.
 * The pages' rows must exist: class and year are taken from them.
 */
export async function indexPages(tx: Tx, parts: IndexParts, pages: readonly PageToIndex[]): Promise<void> {
  if (!pages.length) return;
  const found = await readFilings(
    tx,
    pages.map((p) => p.pageId),
  );
  const filed = new Map(found.map((row) => [row.id, filingOf(row)]));
  const ciphers = new Map<string, IndexCipher>();
  const cipherOf = (fondsId: string) => {
    const cipher = ciphers.get(fondsId) ?? indexCipher(parts.sealer, fondsId);
    ciphers.set(fondsId, cipher);
    return cipher;
  };
  const filings = new FilingTokens(tx, cipherOf);
  const lines: { page: PageToIndex; cipher: IndexCipher; filing: Int32Array }[] = [];
  for (const page of pages) {
    const filing = filed.get(page.pageId) ?? { place: page.place, dossierId: page.dossierId, classCode: null, materialYear: null };
    lines.push({ page, cipher: cipherOf(filing.place.fondsId), filing: await filings.of(filing) });
  }
  let written: Promise<unknown> = Promise.resolve();
  for (let at = 0; at < lines.length; at += ROWS_AT_ONCE) {
    // The tokens of the next rows are made while the database writes the last ones.
    const rows = lines.slice(at, at + ROWS_AT_ONCE).flatMap(({ page, cipher, filing }) => rowOf(parts, cipher, filing, page));
    await written;
    written = tx.queryNamed(`search-index-pages-${rows.length / 4}`, insertText(rows.length / 4), rows);
    // Awaited above or below; if making tokens throws in between, its error is the one to report.
    written.catch(() => undefined);
  }
  await written;
}

/** {@link indexPages} for one page. */
export function indexPage(tx: Tx, parts: IndexParts, page: PageToIndex): Promise<void> {
  return indexPages(tx, parts, [page]);
}

/**
 * Writes anew where pages are filed (unit, category, level, dossier, class, year), after their rows changed; what stands on them is left as it is.
 * Must run in the transaction that changes the rows: a scope is only as true as these tokens.
 */
export async function refilePages(tx: Tx, parts: IndexParts, pageIds: readonly string[]): Promise<void> {
  if (!pageIds.length) return;
  const filings = new FilingTokens(tx, (fondsId) => indexCipher(parts.sealer, fondsId));
  const [ids, tokens]: [string[], string[]] = [[], []];
  for (const row of await readFilings(tx, pageIds)) {
    ids.push(row.id);
    tokens.push(int4Literal(await filings.of(filingOf(row))));
  }
  await tx.queryNamed(
    'search-refile-pages',
    `update page_gram x set g = t.g || x.g[x.filing_count + 1 :], filing_count = cardinality(t.g)
     from (select id, g::integer[] as g from unnest($1::uuid[], $2::text[]) as n(id, g)) t
     where x.page_id = t.id and x.g[1 : x.filing_count] <> t.g`,
    [ids, tokens],
  );
}

/** Takes pages out of the index, in the transaction that makes them none of what is searched. */
export async function unindexPages(tx: Tx, pageIds: readonly string[]): Promise<void> {
  if (pageIds.length) await tx.queryNamed('search-unindex-pages', 'delete from page_gram where page_id = any($1::uuid[])', [pageIds]);
}
