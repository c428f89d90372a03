import { parseQuery, type Query } from '@lantai/search';
import { ArchiveError, formatHex, utf8 } from '@lantai/values';
import { SUITES } from '@lantai/vault';
import { PURPOSE, type Sealer } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { type Desk, type DeskTx, type Scope, scopeSql } from '../desk/index.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import { countFacets } from './facets.ts';
import { listHits, windowOf } from './list-hits.ts';
import { queryPrepared } from './prepared.ts';
import type { HitKind } from './scope-needs.ts';
import { openSearch } from './search-context.ts';
import type { Count, SearchRequest, SearchResult } from './search-result.ts';
import { type Survey, surveyKinds, totalOf } from './survey.ts';

const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 100;
const UNREAD_MAX = 10_000;
const DIGEST_BYTES = 16;
const DIGEST_LABEL = 'lantai/query-digest/v1';

/**
 * Searches readings and catalogue inside the desk's scope. The first page of a query is an entry of the log, and so is its count when that is
 * asked for alone: a keyed digest of the query, and the query itself sealed for the audit.
 * @throws ArchiveError `search/query-empty`, `search/query-too-long`, `search/limit`, `search/cursor-malformed`, `desk/not-allowed` (caller)
 */
export async function searchArchive(desk: Desk, request: SearchRequest): Promise<SearchResult> {
  const query = parseQuery(request.query);
  if (!query) throw new ArchiveError('search/query-empty', 'caller');
  const limit = request.limit ?? LIMIT_DEFAULT;
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) throw new ArchiveError('search/limit', 'caller', { max: LIMIT_MAX });
  const from = request.cursor ? parseCursor(request.cursor) : null;
  return desk.act('search', async (tx, scope) => {
    const search = await openSearch(tx, desk, scope, query, request, limit);
    const counts = from ? 'without' : (request.counts ?? 'with');
    const surveys = counts === 'without' ? new Map<HitKind, Survey>() : await surveyKinds(search, (kind) => windowOf(search, kind, limit));
    const { hits, cursor } = counts === 'only' ? { hits: [], cursor: null } : await listHits(search, from, surveys);
    const { facets, facetsOf } = await countFacets(tx, search.view, surveys);
    const count = counts === 'without' ? null : totalOf(surveys, search.exactCount);
    // INVARIANT: in the transaction that read the hits; if the entry cannot be appended nothing is shown.
    if (!from)
      await logSearch(tx, desk.sealer, { query, typed: request.query, kind: counts === 'only' ? 'search.counted' : 'search.made', count });
    return {
      hits,
      cursor: cursor && formatCursor(cursor),
      count,
      facets,
      facetsOf,
      pagesSearched: search.sections.get('page')?.length !== 0,
      unreadPages: from ? 0 : await countUnread(tx, scope),
    };
  });
}

interface LoggedSearch {
  readonly query: Query;
  readonly typed: string;
  readonly kind: 'search.made' | 'search.counted';
  /** Null when the hits were not counted. */
  readonly count: Count | null;
}

/** The digest tells an auditor that the same was asked again; without the audit key it tells nobody what. */
async function logSearch(tx: DeskTx, sealer: Sealer, { query, typed, kind, count }: LoggedSearch): Promise<void> {
  const key = sealer.subkey({ kind: 'purpose', id: PURPOSE.audit }, DIGEST_LABEL);
  const digest = sealer.primitives.hmac(SUITES[sealer.tokenSuite].digest, key, utf8(query.whole)).subarray(0, DIGEST_BYTES);
  const found = count ? { hits: count.value, more: count.more ? 1 : 0 } : {};
  await tx.log({ kind, params: { query: formatHex(digest), ...found }, detail: typed });
}

/** Pages in scope whose text is not known yet, to 10,000. */
async function countUnread(tx: Sql, scope: Scope): Promise<number> {
  const inScope = scopeSql(scope, 'p', 1);
  const [row] = await queryPrepared<{ n: number }>(
    tx,
    `select count(*)::int as n from (select 1 from page p where p.read_state in ('waiting', 'needs_person') and p.superseded_by is null and ${inScope.sql} limit ${UNREAD_MAX}) unread`,
    inScope.params,
  );
  return row?.n ?? 0;
}
