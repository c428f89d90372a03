import { formatAnchors } from '@lantai/log';
import { addProvider, endProvider, getAnchored, listAnchors, listProviders, listStamped, makeAllDue } from '../../anchors/index.ts';
import type { Handlers } from '../handler.ts';

type AnchorHandlers = Pick<
  Handlers,
  'listAnchorProviders' | 'addAnchorProvider' | 'endAnchorProvider' | 'listAnchors' | 'listStamps' | 'checkAnchors' | 'getAnchors'
>;

const PAGE_LIMIT = 100;
const STAMPED_LIMIT = 50;

export const anchorHandlers: AnchorHandlers = {
  listAnchorProviders: async ({ desk }) => listProviders(await desk()),
  addAnchorProvider: async ({ desk, body, reply }) => reply.status(201).send({ id: await addProvider(await desk(), body) }),
  endAnchorProvider: async ({ desk, params, reply }) => {
    await endProvider(await desk(), params.providerId);
    return reply.status(204).send();
  },
  listAnchors: async ({ desk, query }) => listAnchors(await desk(), { ...query, limit: query.limit ?? PAGE_LIMIT }),
  listStamps: async ({ desk, query }) => listStamped(await desk(), { before: query.before ?? null, limit: query.limit ?? STAMPED_LIMIT }),
  checkAnchors: async ({ desk, reply }) => reply.status(202).send({ due: await makeAllDue(await desk()) }),
  getAnchors: async ({ archive, query, reply }) => {
    const { note, anchors } = await getAnchored(archive, query.position ?? null);
    return reply
      .headers({ 'cache-control': 'no-cache', 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' })
      .type('application/json; charset=utf-8')
      .send(formatAnchors([{ note, anchors }]));
  },
};
