import { searchArchive } from '../../search/index.ts';
import type { Handlers } from '../handler.ts';

/** How many code points lie between two UTF-16 offsets: what the contract counts in. */
const codePoints = (text: string, start: number, end: number): number => [...text.slice(start, end)].length;

export const searchHandlers: Pick<Handlers, 'search'> = {
  search: async ({ body, desk, archive }) => {
    const startMs = archive.clock.nowMs();
    const result = await searchArchive(await desk(), {
      query: body.query,
      ...(body.filters ? { filters: body.filters } : {}),
      ...(body.limit ? { limit: body.limit } : {}),
      ...(body.exactCount ? { exactCount: true } : {}),
      ...(body.counts ? { counts: body.counts } : {}),
      cursor: body.cursor ?? null,
    } as Parameters<typeof searchArchive>[1]);
    return {
      hits: result.hits.map(({ certainty, scheme, position, fields: _fields, snippet, boxes, ...hit }) => ({
        ...hit,
        exactness: certainty,
        schemeId: scheme,
        pageNumber: position,
        snippet: `${snippet.before ? '…' : ''}${snippet.text}${snippet.after ? '…' : ''}`,
        marks: snippet.hits.map(({ start, end }) => [
          codePoints(snippet.text, 0, start) + (snippet.before ? 1 : 0),
          codePoints(snippet.text, start, end),
        ]),
        boxes,
      })),
      nextCursor: result.cursor,
      count: result.count,
      facets: result.facets,
      facetsOf: result.facetsOf,
      tookMs: archive.clock.nowMs() - startMs,
      unreadPages: result.unreadPages,
    };
  },
};
