import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, PurposeHeader } from './values.ts';

/** Dossiers of one print. */
export const SEPARATOR_DOSSIERS_MAX = 100;

/** Sheets to be laid between papers before they are scanned: docs/spec/separator.md. */
export const separatorEndpoints = {
  printSeparators: defineEndpoint({
    method: 'POST',
    path: '/api/v1/separators',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '打印分隔页或档号标签', en: 'Separator sheets or labels of dossiers' },
    description: 'A PDF for A4 with QR codes. It holds archival codes and names of classes, nothing of anybody.',
    headers: PurposeHeader,
    body: z
      .object({
        dossierIds: z.array(Id).min(1).max(SEPARATOR_DOSSIERS_MAX),
        kind: z.enum(['sheets', 'labels']).describe('Sheets: one of each dossier, two of each class. Labels: 24 to a page.'),
      })
      .meta({ id: 'SeparatorRequest' }),
    answers: { 200: { media: ['application/pdf'], what: 'The sheets or labels.' } },
    problems: [404, 422],
  }),
} as const;
