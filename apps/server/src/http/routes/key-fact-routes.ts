import {
  answerHint,
  attachDocument,
  confirmDetermination,
  makeAuditForm,
  makeDocument,
  markAssertion,
  proposeDetermination,
  readKeyFacts,
  refuseDetermination,
  withdrawDetermination,
} from '../../keyfacts/index.ts';
import { findShown } from '../../masking/index.ts';
import type { Handlers } from '../handler.ts';

type Handled =
  | 'getKeyFacts'
  | 'makeAuditForm'
  | 'proposeDetermination'
  | 'confirmDetermination'
  | 'refuseDetermination'
  | 'withdrawDetermination'
  | 'answerAlterationHint'
  | 'makeDeterminationDocument'
  | 'attachDeterminationDocument'
  | 'markAssertion';

export const keyFactHandlers: Pick<Handlers, Handled> = {
  getKeyFacts: async ({ archive, params, session, desk }) => {
    const door = await desk();
    const shown = await findShown(archive, door, session?.digest ?? null, { dossierId: params.dossierId, pageId: null });
    return readKeyFacts(archive, door, params.dossierId, shown);
  },
  makeAuditForm: async ({ archive, params, query, desk, language, reply }) => {
    const made = await makeAuditForm(archive, await desk(), params.dossierId, language, query.format);
    return reply
      .type(made.mediaType)
      .header('content-disposition', `attachment; filename="${made.fileName}"`)
      .send(Buffer.from(made.bytes));
  },
  proposeDetermination: async ({ archive, params, body, desk, reply }) =>
    reply.code(201).send({ id: await proposeDetermination(archive, await desk(), params.dossierId, body) }),
  confirmDetermination: async ({ archive, params, body, desk, reply }) => {
    await confirmDetermination(archive, await desk(), params.determinationId, body);
    return reply.code(204).send();
  },
  refuseDetermination: async ({ archive, params, body, desk, reply }) => {
    await refuseDetermination(archive, await desk(), params.determinationId, body);
    return reply.code(204).send();
  },
  withdrawDetermination: async ({ archive, params, desk, reply }) => {
    await withdrawDetermination(archive, await desk(), params.determinationId);
    return reply.code(204).send();
  },
  answerAlterationHint: async ({ archive, params, body, desk, reply }) => {
    await answerHint(archive, await desk(), params.hintId, body);
    return reply.code(204).send();
  },
  makeDeterminationDocument: async ({ archive, params, desk, language, reply }) =>
    reply.code(201).send({ materialId: await makeDocument(archive, await desk(), params.determinationId, language) }),
  attachDeterminationDocument: async ({ archive, params, body, desk, reply }) => {
    await attachDocument(archive, await desk(), params.determinationId, body);
    return reply.code(204).send();
  },
  markAssertion: async ({ archive, params, body, desk, reply }) => {
    await markAssertion(archive, await desk(), params.dossierId, body);
    return reply.code(204).send();
  },
};
