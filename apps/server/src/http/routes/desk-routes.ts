import { makeCatalogueSheet, openDossierDesk, operateDossier } from '../../catalogue/index.ts';
import type { Handlers } from '../handler.ts';

export const deskHandlers: Pick<Handlers, 'getDesk' | 'operate' | 'makeCatalogueSheet'> = {
  getDesk: async ({ archive, params, desk }) => openDossierDesk(archive, await desk(), params.dossierId),
  operate: async ({ archive, params, body, desk }) => operateDossier(archive, await desk(), params.dossierId, body),
  makeCatalogueSheet: async ({ archive, params, body, desk, language, reply }) => {
    const made = await makeCatalogueSheet(archive, await desk(), params.dossierId, body.format, language);
    return reply
      .type(made.mediaType)
      .header('content-disposition', `attachment; filename="${made.fileName}"`)
      .send(Buffer.from(made.bytes));
  },
};
