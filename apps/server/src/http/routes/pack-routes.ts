import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { countAuditPack, type MadePack, makeAuditPack, makeEvidencePack } from '../../evidence/index.ts';
import type { Handlers } from '../handler.ts';

/** Streams a pack: clear bytes go from memory to the one who asked, and lie nowhere between. */
function send(reply: FastifyReply, pack: MadePack): FastifyReply {
  return reply
    .type('application/zip')
    .header('content-disposition', `attachment; filename="${pack.fileName}"`)
    .send(Readable.from(pack.bytes(), { objectMode: false }));
}

export const packHandlers: Pick<Handlers, 'countAuditPack' | 'makeAuditPack' | 'makeEvidencePack'> = {
  countAuditPack: async ({ archive, body, desk }) => countAuditPack(archive, await desk(), body.selection),
  makeAuditPack: async ({ archive, body, desk, account, reply }) =>
    send(reply, await makeAuditPack(archive, await desk(), { ...body, madeBy: account.name })),
  makeEvidencePack: async ({ archive, body, desk, account, reply }) =>
    send(reply, await makeEvidencePack(archive, await desk(), { ...body, madeBy: account.name })),
};
