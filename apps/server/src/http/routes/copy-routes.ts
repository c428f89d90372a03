import { Readable } from 'node:stream';
import { copyDossier, copyPage, printPages } from '../../copies/index.ts';
import type { PageImages } from '../../pages/index.ts';
import type { Handlers } from '../handler.ts';

/** The code of a dossier as part of a file's name. */
const inName = (code: string): string => code.replace(/[^A-Za-z0-9-]/g, '_');

/** What is taken along: prints and copies, each marked, none kept by a browser. */
export function copyHandlers(images: PageImages): Pick<Handlers, 'printPages' | 'copyPage' | 'copyDossier'> {
  return {
    printPages: async ({ archive, params, body, account, language, desk, reply }) => {
      const input = { ...body, dossierId: params.dossierId, name: account.name, language };
      const made = await printPages(archive, await desk(), images, input);
      return reply
        .type('application/pdf')
        .header('cache-control', 'no-store')
        .header('lantai-entry', made.entryId)
        .header('content-disposition', `attachment; filename="${inName(made.dossierCode)}-print-${made.number}.pdf"`)
        .send(Buffer.from(made.bytes));
    },
    copyDossier: async ({ archive, params, body, account, language, desk, reply }) => {
      const { form, showsSensitive, reason, materialIds = null } = body;
      const input = { form, showsSensitive, reason, materialIds, dossierId: params.dossierId, name: account.name, language };
      const made = await copyDossier(archive, await desk(), images, input);
      return reply
        .type(made.mediaType)
        .header('cache-control', 'no-store')
        .header('lantai-entry', made.entryId)
        .header('content-disposition', `attachment; filename="${made.fileName}"`)
        .send(Readable.from(made.bytes(), { objectMode: false }));
    },
    copyPage: async ({ archive, params, body, account, desk, reply }) => {
      const copy = await copyPage(archive, await desk(), images, { pageId: params.pageId, reason: body.reason, name: account.name });
      return reply
        .type(copy.mediaType)
        .header('cache-control', 'no-store')
        .header('lantai-entry', copy.entryId)
        .header('content-disposition', `attachment; filename="${inName(copy.dossierCode)}-copy.jpg"`)
        .send(Buffer.from(copy.bytes));
    },
  };
}
