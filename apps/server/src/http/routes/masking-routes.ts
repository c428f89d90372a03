import { hideSensitive, revealSensitive } from '../../masking/index.ts';
import type { Handlers } from '../handler.ts';

export const maskingHandlers: Pick<Handlers, 'revealSensitive' | 'hideSensitive'> = {
  revealSensitive: async ({ archive, params, body, session, desk, reply }) => {
    const asked = { dossierId: params.dossierId, pageId: body.pageId ?? null, kinds: body.kinds, reason: body.reason };
    return reply.status(201).send(await revealSensitive(archive, await desk(), session?.digest ?? null, asked));
  },
  hideSensitive: async ({ archive, params, account, session, reply }) => {
    await hideSensitive(archive, { accountId: account.accountId, sessionDigest: session?.digest ?? null }, params.dossierId);
    return reply.status(204).send();
  },
};
