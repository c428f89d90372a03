import {
  answerPropertyItem,
  listPropertyChecks,
  makeDescription,
  makePropertyReport,
  readPropertyCheck,
  startPropertyCheck,
} from '../../properties/index.ts';
import type { Handlers } from '../handler.ts';

type Handled =
  | 'startPropertyCheck'
  | 'listPropertyChecks'
  | 'getPropertyCheck'
  | 'answerPropertyItem'
  | 'makePropertyReport'
  | 'makeDescription';

export const propertyHandlers: Pick<Handlers, Handled> = {
  startPropertyCheck: async ({ archive, params, body, desk, reply }) =>
    reply.code(202).send({ checkId: await startPropertyCheck(archive, await desk(), params.dossierId, body.moment) }),
  listPropertyChecks: async ({ archive, params, desk }) => ({ checks: await listPropertyChecks(archive, await desk(), params.dossierId) }),
  getPropertyCheck: async ({ archive, params, desk }) => readPropertyCheck(archive, await desk(), params.checkId),
  answerPropertyItem: async ({ archive, params, body, desk, reply }) => {
    await answerPropertyItem(archive, await desk(), params.checkId, body);
    return reply.code(204).send();
  },
  makePropertyReport: async ({ archive, params, body, desk, language, reply }) => {
    const made = await makePropertyReport(archive, await desk(), params.checkId, body.form, language);
    return reply
      .type(made.mediaType)
      .header('content-disposition', `attachment; filename="${made.fileName}"`)
      .send(Buffer.from(made.bytes));
  },
  makeDescription: async ({ archive, params, desk, reply }) => {
    const made = await makeDescription(archive, await desk(), params.dossierId);
    return reply
      .type('application/xml')
      .header('content-disposition', `attachment; filename="${made.fileName}"`)
      .send(Buffer.from(made.bytes));
  },
};
