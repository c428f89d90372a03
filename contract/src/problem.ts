import { z } from 'zod';

/** One place of a request that is wrong. */
export const ProblemPlace = z
  .object({
    place: z.string().describe('JSON pointer into the request: /body/title, /query/limit.'),
    code: z.string().describe('Stable code of what is wrong there.'),
  })
  .meta({ id: 'ProblemPlace' });

/**
 * Problem details. Source: RFC 9457; `code`, `params`, `reference` and `places` are our extension members.
 * INVARIANT: holds ids, codes and numbers only, never a name, a title or text of a page.
 */
export const Problem = z
  .object({
    type: z.string().describe('`urn:lantai:problem:` and the code.'),
    title: z.string().describe('A sentence for people, in the language of Accept-Language (zh or en).'),
    status: z.int().min(400).max(599),
    code: z.string().describe('Stable code such as `dossier/not-found`; the words are in contract/src/messages.'),
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    reference: z.string().optional().describe('Finds this failure in the journal of the server.'),
    places: z.array(ProblemPlace).optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457) with a stable code.' });
export type Problem = z.infer<typeof Problem>;
