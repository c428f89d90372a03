import { ArchiveError } from '@lantai/values';
import { makeCatalogueSheet, openDossierDesk } from '../../catalogue/index.ts';
import type { Handlers } from '../handler.ts';

export const deskHandlers: Pick<Handlers, 'getDesk' | 'operate' | 'makeCatalogueSheet'> = {
  getDesk: async ({ archive, params, desk }) => openDossierDesk(archive, await desk(), params.dossierId),
  operate: async () => {
    throw new ArchiveError('operation/not-ready', 'caller');
  },
  makeCatalogueSheet: async ({ archive, params, body, desk, language, reply }) => {
    const made = await makeCatalogueSheet(archive, await desk(), params.dossierId, body.format, language);
    return reply
      .type(made.mediaType)
      .header('content-disposition', `attachment; filename="${made.fileName}"`)
      .send(Buffer.from(made.bytes));
  },
};
