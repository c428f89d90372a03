import { listReviewQueue, makeCatalogueSheet, openDossierDesk, operateDossier, readMaterialVersions } from '../../catalogue/index.ts';
import { findShown } from '../../masking/index.ts';
import type { Handlers } from '../handler.ts';

export const deskHandlers: Pick<Handlers, 'listReviewQueue' | 'getDesk' | 'getMaterialVersions' | 'operate' | 'makeCatalogueSheet'> = {
  listReviewQueue: async ({ archive, query, desk }) => listReviewQueue(archive, await desk(), query),
  getDesk: async ({ archive, params, session, desk }) => {
    const door = await desk();
    const shown = await findShown(archive, door, session?.digest ?? null, { dossierId: params.dossierId, pageId: null });
    return openDossierDesk(archive, door, params.dossierId, shown);
  },
  getMaterialVersions: async ({ archive, params, session, desk }) => {
    const door = await desk();
    const shown = await findShown(archive, door, session?.digest ?? null, { dossierId: params.dossierId, pageId: null });
    return readMaterialVersions(archive, door, params, shown);
  },
  operate: async ({ archive, params, body, session, desk }) => {
    const door = await desk();
    const shown = await findShown(archive, door, session?.digest ?? null, { dossierId: params.dossierId, pageId: null });
    return operateDossier(archive, door, params.dossierId, body, shown);
  },
  makeCatalogueSheet: async ({ archive, params, body, desk, language, reply }) => {
    const made = await makeCatalogueSheet(archive, await desk(), params.dossierId, body.format, language, body.sheet);
    return reply
      .type(made.mediaType)
      .header('content-disposition', `attachment; filename="${made.fileName}"`)
      .send(Buffer.from(made.bytes));
  },
};
