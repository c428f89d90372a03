import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, PurposeHeader } from './values.ts';

/** What the copy is for, in the words of whoever asks; sealed for auditors, never printed. */
const Reason = z.string().trim().min(2).max(200).describe('What it is for, in words. Sealed: auditors alone read it.');

/** Faces of paper one request may ask for: pages times copies. */
export const PRINT_FACES_MAX = 60;

export const PrintRequest = z
  .object({
    pageIds: z.array(Id).min(1).max(PRINT_FACES_MAX).describe('Pages of the dossier, in the order they are printed in.'),
    copies: z.int().min(1).max(10).default(1),
    reason: Reason,
  })
  .meta({ id: 'PrintRequest' });
export type PrintRequest = z.infer<typeof PrintRequest>;

export const copyEndpoints = {
  printPages: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/prints',
    tag: 'pages',
    right: 'page.print',
    summary: { zh: '打印页面', en: 'Pages on paper' },
    description: `A PDF for A4: every face with both marks, and with head and foot (archival code, page and copy numbers, who, when, purpose, number and entry). One entry for the request (\`print.made\`) and one for each face (\`page.printed\`), before a byte leaves. At most ${PRINT_FACES_MAX} faces, pages times copies: above, \`print/too-many\` (422). The header \`Lantai-Entry\` names the request's entry.`,
    headers: PurposeHeader,
    params: z.object({ dossierId: Id }),
    body: PrintRequest,
    answers: { 200: { media: ['application/pdf'], what: 'The print.' } },
    problems: [404, 422],
  }),
  copyPage: defineEndpoint({
    method: 'POST',
    path: '/api/v1/pages/{pageId}/copies',
    tag: 'pages',
    right: 'page.copy',
    summary: { zh: '复制一页', en: 'A copy of a page image' },
    description:
      'The page at its full size with both marks; never the bytes as received. An entry (`page.copied`) that vouches for the bytes handed out; the header `Lantai-Entry` names it.',
    headers: PurposeHeader,
    params: z.object({ pageId: Id }),
    body: z.object({ reason: Reason }).meta({ id: 'CopyRequest' }),
    answers: { 200: { media: ['image/jpeg'], what: 'The marked image.' } },
    problems: [404],
  }),
} as const;
