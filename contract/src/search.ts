import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { BoxPx, Count, Cursor, Id, PartialDateText, PurposeHeader } from './values.ts';

export const HitKind = z.enum(['page', 'material', 'dossier']).meta({ id: 'HitKind' });
export type HitKind = z.infer<typeof HitKind>;

/** A place where the words stand. */
export const SearchHit = z
  .object({
    kind: HitKind.describe('`page`: in a reading; `material`: in its title, remarks or fields; `dossier`: name, code or number.'),
    exactness: z.enum(['exact', 'possible']).describe('`possible`: only by other candidates of uncertain characters.'),
    dossierId: Id,
    dossierCode: z.string(),
    name: z.string().describe('Of the dossier.'),
    materialId: Id.nullable(),
    materialTitle: z.string().nullable(),
    classCode: z.string().nullable(),
    schemeId: z.string(),
    date: PartialDateText.nullable(),
    pageId: Id.nullable(),
    pageNumber: z.int().nullable().describe('Place of the page in its material, from 1.'),
    snippet: z.string(),
    marks: z.array(z.array(z.int()).length(2)).describe('[start, length] in code points of the snippet.'),
    boxes: z.array(BoxPx).describe('Of the words, in pixels of the upright page.'),
  })
  .meta({ id: 'SearchHit' });
export type SearchHit = z.infer<typeof SearchHit>;

const Facet = z.array(z.object({ value: z.string(), count: z.int() }));

export const SearchRequest = z
  .object({
    query: z.string().min(1).max(500),
    filters: z
      .object({
        classCodes: z.array(z.string().max(20)).max(50).optional(),
        yearFrom: z.int().min(1800).max(2999).optional(),
        yearTo: z.int().min(1800).max(2999).optional(),
        kinds: z.array(HitKind).optional(),
        fondsId: Id.optional(),
        unitId: Id.optional(),
        dossierId: Id.optional(),
        exactOnly: z.boolean().optional(),
      })
      .optional(),
    cursor: Cursor.optional(),
    limit: z.int().min(1).max(100).optional(),
    counts: z
      .enum(['with', 'without', 'only'])
      .optional()
      .describe('`without`: the hits alone, sooner; `only`: count and facets alone, for the same query. Default `with`.'),
    exactCount: z.boolean().optional().describe('Count beyond 1,000.'),
  })
  .meta({ id: 'SearchRequest' });
export type SearchRequest = z.infer<typeof SearchRequest>;

export const SearchAnswer = z
  .object({
    hits: z.array(SearchHit),
    nextCursor: z.string().nullable(),
    count: Count.nullable().describe('Null without counts, and on further pages.'),
    facets: z.object({ classCode: Facet, year: Facet, kind: Facet }),
    facetsOf: z.int().describe('How many hits the facets were counted over.'),
    tookMs: z.number(),
    unreadPages: z.int().describe('Pages in scope whose text is not known yet: what this search cannot have seen.'),
  })
  .meta({ id: 'SearchAnswer' });
export type SearchAnswer = z.infer<typeof SearchAnswer>;

export const searchEndpoints = {
  search: defineEndpoint({
    method: 'POST',
    path: '/api/v1/search',
    tag: 'search',
    right: 'search',
    summary: { zh: '检索', en: 'Search readings and catalogue' },
    description:
      'Several terms by spaces, "a phrase" in quotes. An entry with a keyed digest of the query is made, and one more when its count is asked for alone (none for further pages of the same query).',
    headers: PurposeHeader,
    body: SearchRequest,
    answers: { 200: SearchAnswer },
    problems: [422],
  }),
} as const;
