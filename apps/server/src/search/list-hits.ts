import { NEWEST } from './candidates.ts';
import { type CheckedLine, showLine } from './catalogue-section.ts';
import type { SearchCursor } from './cursor.ts';
import { type Checked, showPages } from './page-section.ts';
import type { HitKind } from './scope-needs.ts';
import type { Search } from './search-context.ts';
import type { SearchHit } from './search-result.ts';
import { newestHits, type Section } from './sections.ts';
import { mergeNewest, type Survey } from './survey.ts';

/** Ordering by relevance looks at so many of the newest hits at a time. */
const RELEVANCE_WINDOW = 200;

/** How many hits of a kind are fetched to show `limit` of them. */
export const windowOf = ({ order }: Pick<Search, 'order'>, kind: HitKind, limit: number): number =>
  order === 'relevance' && kind === 'page' ? Math.max(RELEVANCE_WINDOW, limit) : limit;

/** One page of hits, and where the next begins. */
export interface HitList {
  readonly hits: readonly SearchHit[];
  readonly cursor: SearchCursor | null;
}

interface Slice {
  readonly hits: readonly Checked[];
  /** Where this kind goes on; null when it is through. */
  readonly next: SearchCursor | null;
}

/** Hits of one kind from a cursor on; `newest` are those below it, more than the window when there are more. */
function sliceOf(search: Search, at: SearchCursor, newest: readonly Checked[], room: number): Slice {
  const size = windowOf(search, at.kind, room);
  const window = newest.slice(0, size);
  const after = newest.length > size ? { kind: at.kind, before: window.at(-1)?.id ?? at.before, skip: 0 } : null;
  if (size === room) return { hits: window, next: after };
  const ranked = [...window].sort((a, b) => b.score - a.score);
  const end = at.skip + room;
  return { hits: ranked.slice(at.skip, end), next: end < ranked.length ? { ...at, skip: end } : after };
}

async function show(search: Search, kind: HitKind, hits: readonly Checked[]): Promise<SearchHit[]> {
  if (kind === 'page') return showPages(search.tx, search.view, hits);
  return hits.map((hit) => showLine(hit as CheckedLine));
}

/** Lists hits kind by kind from a cursor on. `surveys` hold what the first page of a query has fetched already. */
export async function listHits(search: Search, from: SearchCursor | null, surveys: ReadonlyMap<HitKind, Survey>): Promise<HitList> {
  const shown: SearchHit[] = [];
  const kinds = [...search.sections.keys()];
  const start = from ? kinds.indexOf(from.kind) : 0;
  for (const kind of start < 0 ? [] : kinds.slice(start)) {
    const at = from?.kind === kind ? from : { kind, before: NEWEST, skip: 0 };
    const room = search.limit - shown.length;
    const newest = (from ? undefined : surveys.get(kind)?.newest) ?? (await newestOfKind(search, at, windowOf(search, kind, room)));
    if (room === 0) {
      if (newest.length) return { hits: shown, cursor: at };
      continue;
    }
    const { hits, next } = sliceOf(search, at, newest, room);
    shown.push(...(await show(search, kind, hits)));
    if (next) return { hits: shown, cursor: next };
  }
  return { hits: shown, cursor: null };
}

async function newestOfKind(search: Search, { kind, before }: SearchCursor, want: number): Promise<Checked[]> {
  const found = await newestIn(search, search.sections.get(kind) ?? [], before, want);
  // As when they are counted: an address is looked for where words find no dossier.
  const byAddress = kind === 'dossier' && before === NEWEST && !found.length;
  return byAddress ? newestIn(search, search.byAddress, before, want) : found;
}

async function newestIn(search: Search, sections: readonly Section[], before: string, want: number): Promise<Checked[]> {
  const parts: Checked[][] = [];
  for (const section of sections) parts.push(await newestHits(search.tx, section, before, want));
  return mergeNewest(parts);
}
