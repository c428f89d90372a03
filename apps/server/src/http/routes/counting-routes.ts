import { fileDossier, makeSlipSheet } from '../../catalogue/index.ts';
import { checkCount, declareSlip, listExceptions, readCount, settleException } from '../../counting/index.ts';
import type { Handlers } from '../handler.ts';

type Handled = 'getCount' | 'declareSlip' | 'printSlip' | 'checkCount' | 'settleCountException' | 'listCountExceptions' | 'fileDossier';

export const countingHandlers: Pick<Handlers, Handled> = {
  getCount: async ({ archive, params, desk }) => readCount(archive, await desk(), params.dossierId),
  declareSlip: async ({ params, body, desk, reply }) =>
    reply.code(201).send({ id: await declareSlip(await desk(), params.dossierId, body) }),
  printSlip: async ({ archive, params, desk, language, reply }) => {
    const made = await makeSlipSheet(archive, await desk(), params.dossierId, language);
    return reply
      .type('application/pdf')
      .header('content-disposition', `attachment; filename="${made.fileName}"`)
      .send(Buffer.from(made.bytes));
  },
  checkCount: async ({ archive, params, desk }) => checkCount(archive, await desk(), params.dossierId),
  settleCountException: async ({ params, body, desk, reply }) => {
    await settleException(await desk(), params.exceptionId, body);
    return reply.code(204).send();
  },
  listCountExceptions: async ({ query, desk }) => listExceptions(await desk(), query.cursor ?? null),
  fileDossier: async ({ archive, params, desk, reply }) => {
    await fileDossier(archive, await desk(), params.dossierId);
    return reply.code(204).send();
  },
};
