import { type Query, termShare01 } from '@lantai/search';
import type { Sealer } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { type Desk, type DeskTx, type Scope, scopeFonds } from '../desk/index.ts';
import { frequenciesOf, type IndexFrequencies } from './frequencies.ts';
import { indexCipher } from './index-cipher.ts';
import type { SectionView } from './page-section.ts';
import type { HitKind, SearchFilters } from './scope-needs.ts';
import type { SearchRequest } from './search-result.ts';
import { type Section, sectionsOf } from './sections.ts';

/** Hits come in this order: whom it is about, which material, then the pages. */
const KINDS: readonly HitKind[] = ['dossier', 'material', 'page'];

/** A search under way. */
export interface Search {
  readonly tx: DeskTx;
  readonly view: SectionView;
  readonly limit: number;
  readonly order: 'newest' | 'relevance';
  readonly exactCount: boolean;
  /** By kind, in the order of hits; one for each fonds in scope. */
  readonly sections: ReadonlyMap<HitKind, readonly Section[]>;
  /** Dossiers whose address is the whole query. */
  readonly byAddress: readonly Section[];
}

/** Binds a query to a scope and chooses the plans. */
export async function openSearch(
  tx: DeskTx,
  desk: Desk,
  scope: Scope,
  query: Query,
  request: SearchRequest,
  limit: number,
): Promise<Search> {
  const { sealer } = desk;
  const filters: SearchFilters = request.filters ?? {};
  const frequencies = await frequenciesOf(tx, sealer, desk.clock.nowMs());
  const fondsIds = (await listFonds(tx, scope)).filter((id) => !filters.fondsId || id === filters.fondsId);
  const order = request.order ?? 'newest';
  const view: SectionView = {
    sealer,
    scope,
    refiling: (await tx.queryNamed('search-refiling', `select 1 from reorganisation where state = 'running' limit 1`)).length > 0,
    filters,
    filterUnits: filters.unitId ? await listUnitsUnder(tx, filters.unitId) : null,
    query,
    weights: order === 'relevance' ? termShares(sealer, fondsIds, query, frequencies) : null,
    meanLength: frequencies.meanLength,
  };
  const kinds = KINDS.filter((kind) => !filters.kinds || filters.kinds.includes(kind));
  return {
    tx,
    view,
    limit,
    order,
    exactCount: request.exactCount ?? false,
    sections: new Map(kinds.map((kind) => [kind, sectionsOf(tx, view, frequencies, fondsIds, kind)])),
    byAddress: kinds.includes('dossier') && mayBeAddress(query) ? sectionsOf(tx, view, frequencies, fondsIds, 'dossier', 'address') : [],
  };
}

/** Addresses are of some length and are no number; shorter queries are not looked for among them. */
const mayBeAddress = (query: Query): boolean => query.whole.length >= 4 && query.terms.every((term) => !term.number);

async function listFonds(tx: Sql, scope: Scope): Promise<readonly string[]> {
  const fonds = scopeFonds(scope);
  if (fonds !== 'all') return fonds;
  return (await tx.query<{ id: string }>('select id from fonds order by created_at_ms, id')).map((r) => r.id);
}

async function listUnitsUnder(tx: Sql, unitId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    'with recursive sub(id) as (select id from unit where id = $1 union all select u.id from unit u join sub on u.parent_id = sub.id) select id from sub',
    [unitId],
  );
  return rows.map((r) => r.id);
}

/** How common each term is in the first fonds. */
function termShares(sealer: Sealer, fondsIds: readonly string[], query: Query, frequencies: IndexFrequencies): number[] {
  const cipher = fondsIds[0] ? indexCipher(sealer, fondsIds[0]) : null;
  return query.terms.map((term) => (cipher ? termShare01(cipher, term, frequencies) : 1));
}
