import {
  claimStation,
  createBatch,
  finishClaim,
  judgePage,
  listBatches,
  listClaims,
  listContractors,
  listDefectKinds,
  readBatch,
  readClaim,
  releaseClaim,
  returnClaim,
} from '../../stations/index.ts';
import type { Handlers } from '../handler.ts';

type Handled =
  | 'createBatch'
  | 'listContractors'
  | 'listBatches'
  | 'getBatch'
  | 'claimStation'
  | 'listClaims'
  | 'getClaim'
  | 'judgePage'
  | 'finishClaim'
  | 'returnClaim'
  | 'releaseClaim'
  | 'listDefectCodes';

export const stationHandlers: Pick<Handlers, Handled> = {
  createBatch: async ({ body, desk, reply }) => reply.code(201).send({ id: await createBatch(await desk(), body) }),
  listContractors: async ({ archive, desk }) => listContractors(archive, await desk()),
  listBatches: async ({ archive, desk }) => listBatches(archive, await desk()),
  getBatch: async ({ archive, params, desk }) => readBatch(archive, await desk(), params.batchId),
  claimStation: async ({ archive, params, body, desk, reply }) =>
    reply.code(201).send({ id: await claimStation(archive, await desk(), { batchId: params.batchId, ...body }) }),
  listClaims: async ({ desk }) => listClaims(await desk()),
  getClaim: async ({ archive, params, desk }) => readClaim(archive, await desk(), params.claimId),
  judgePage: async ({ archive, params, body, desk, reply }) => {
    await judgePage(archive, await desk(), params.claimId, params.pageId, body);
    return reply.code(204).send();
  },
  finishClaim: async ({ archive, params, desk, reply }) => {
    await finishClaim(archive, await desk(), params.claimId);
    return reply.code(204).send();
  },
  returnClaim: async ({ params, body, desk, reply }) => {
    await returnClaim(await desk(), params.claimId, body);
    return reply.code(204).send();
  },
  releaseClaim: async ({ params, desk, reply }) => {
    await releaseClaim(await desk(), params.claimId);
    return reply.code(204).send();
  },
  listDefectCodes: async ({ archive, desk }) => {
    (await desk()).scope('station.work');
    return listDefectKinds(archive);
  },
};
