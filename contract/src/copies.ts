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

/** Pages of one copy out: what a reader of documents takes in at once. */
export const COPY_PAGES_MAX = 3000;

export const CopyForm = z
  .enum(['pdf-a-1b', 'pdf-a-2b', 'ofd'])
  .describe('Dual-layer PDF/A-1b or PDF/A-2b (ISO 19005), or dual-layer OFD (GB/T 33190).')
  .meta({ id: 'CopyForm' });
export type CopyForm = z.infer<typeof CopyForm>;

export const DossierCopyRequest = z
  .object({
    form: CopyForm.default('pdf-a-1b'),
    materialIds: z.array(Id).min(1).max(1000).optional().describe('These materials alone; left out: the whole dossier, loose pages last.'),
    showsSensitive: z
      .boolean()
      .default(false)
      .describe(
        'ID numbers, phones, addresses and accounts stand in the text layer as they were read; else masked. Needs `sensitive.reveal`.',
      ),
    reason: Reason,
  })
  .meta({ id: 'DossierCopyRequest' });
export type DossierCopyRequest = z.infer<typeof DossierCopyRequest>;

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
  copyDossier: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/copies',
    tag: 'pages',
    right: 'page.copy',
    summary: { zh: '复制整卷或材料（双层 PDF/A、OFD）', en: 'A dual-layer copy of a dossier or of materials' },
    description: `Every page that may be copied: its picture with both marks, the words of its newest reading under it, and on a strip below the keeper, the request's number and the page's; bookmarks by class and material. Streamed. Entries: \`copy.begun\` before anything is made, \`page.copied\` for each page before its bytes leave, \`copy.made\` (commits to the file) before its end does: a copy that broke off does not open. At most ${COPY_PAGES_MAX} pages: above, \`copy/too-many\` (422). The header \`Lantai-Entry\` names the request's entry.`,
    headers: PurposeHeader,
    params: z.object({ dossierId: Id }),
    body: DossierCopyRequest,
    answers: { 200: { media: ['application/pdf', 'application/ofd'], what: 'The copy.' } },
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
