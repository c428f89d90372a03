import type { DossierQuery } from '@lantai/contract';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../../archive/index.ts';
import {
  createDossier,
  createNumberedDossier,
  type DossierFilters,
  editDossiers,
  findLines,
  listDossiers,
  listSavedViews,
  readDossierDetail,
  removeView,
  replaceView,
  saveView,
  scoreDossierQuality,
  undoBulkEdit,
} from '../../catalogue/index.ts';
import type { Desk } from '../../desk/index.ts';
import { findShown } from '../../masking/index.ts';
import type { Handlers } from '../handler.ts';

type DossierHandlers = Pick<
  Handlers,
  | 'listDossiers'
  | 'queryDossiers'
  | 'createDossier'
  | 'getDossier'
  | 'scoreDossier'
  | 'editDossiers'
  | 'undoBulkEdit'
  | 'listSavedViews'
  | 'saveView'
  | 'replaceView'
  | 'removeView'
>;

const many = <T>(value: T | T[] | undefined): T[] | undefined => (value === undefined ? undefined : Array.isArray(value) ? value : [value]);

const filtersOf = (query: DossierQuery): DossierFilters => ({ ...query, states: many(query.state) });

/** One dossier with its details; one entry. @throws ArchiveError `dossier/not-found` (caller) */
async function readDossier(archive: Archive, desk: Desk, dossierId: string, sessionDigest: Uint8Array | null) {
  const shown = await findShown(archive, desk, sessionDigest, { dossierId, pageId: null });
  return desk.act('dossier.read', async (tx, scope) => {
    const [line] = await findLines(tx, archive, scope, [dossierId]);
    if (!line) throw new ArchiveError('dossier/not-found', 'caller');
    const place = { fondsId: line.fondsId, unitId: line.unitId, category: line.category, level: line.level };
    await tx.log({ kind: 'dossier.opened', place, dossierId });
    return { ...line, ...(await readDossierDetail(tx, archive, scope, line, shown)) };
  });
}

export const dossierHandlers: DossierHandlers = {
  listDossiers: async ({ archive, query, desk }) => listDossiers(archive, await desk(), filtersOf(query)),
  queryDossiers: async ({ archive, body, desk }) => listDossiers(archive, await desk(), filtersOf(body)),
  createDossier: async ({ archive, body, session, desk, reply }) => {
    const door = await desk();
    const { schemeId, code, ...rest } = body;
    const input = { ...rest, scheme: schemeId } as Parameters<typeof createNumberedDossier>[2];
    const made =
      code === undefined ? await createNumberedDossier(archive, door, input) : await createDossier(archive, door, { ...input, code });
    return reply.status(201).send(await readDossier(archive, door, made.dossierId, session?.digest ?? null));
  },
  getDossier: async ({ archive, params, session, desk }) => readDossier(archive, await desk(), params.dossierId, session?.digest ?? null),
  scoreDossier: async ({ archive, params, desk }) => scoreDossierQuality(archive, await desk(), params.dossierId),
  editDossiers: async ({ archive, body, desk }) => editDossiers(archive, await desk(), body.dossierIds, body.change),
  undoBulkEdit: async ({ archive, params, desk }) => undoBulkEdit(archive, await desk(), params.undoToken),
  listSavedViews: async ({ archive, account }) => ({ views: await listSavedViews(archive, account.accountId) }),
  saveView: async ({ archive, account, body, reply }) =>
    reply.status(201).send(await saveView(archive, account.accountId, body.name, body.filters)),
  replaceView: async ({ archive, account, params, body }) =>
    replaceView(archive, account.accountId, params.viewId, body.name, body.filters),
  removeView: async ({ archive, account, params, reply }) => {
    await removeView(archive, account.accountId, params.viewId);
    return reply.status(204).send();
  },
};
