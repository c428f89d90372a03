import { listApiTokens, makeApiToken, revokeApiToken } from '../../access/index.ts';
import type { Handlers } from '../handler.ts';
import { rightsAt } from '../rights.ts';

export const tokenHandlers: Pick<Handlers, 'listTokens' | 'makeToken' | 'revokeToken'> = {
  listTokens: async ({ archive, account }) => ({ items: await listApiTokens(archive, account.accountId) }),
  makeToken: async ({ archive, account, body, desk, reply }) => {
    const { token, line } = await makeApiToken(archive, account, { ...body, rights: rightsAt(await desk()) });
    return reply.status(201).send({ token, line });
  },
  revokeToken: async ({ archive, account, params, reply }) => {
    await revokeApiToken(archive, account, params.tokenId);
    return reply.status(204).send();
  },
};
