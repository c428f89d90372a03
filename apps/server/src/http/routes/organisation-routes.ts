import {
  attendConsultation,
  declareKinship,
  endConsultation,
  endKinship,
  endPost,
  givePost,
  listConsultations,
  listKinships,
  listPosts,
  makeConsultation,
  tieSubject,
} from '../../organisation/index.ts';
import type { Handlers } from '../handler.ts';

type OrganisationHandlers = Pick<
  Handlers,
  | 'listPosts'
  | 'givePost'
  | 'endPost'
  | 'tieSubject'
  | 'untieSubject'
  | 'listKinships'
  | 'declareKinship'
  | 'endKinship'
  | 'listConsultations'
  | 'makeConsultation'
  | 'attendConsultation'
  | 'endConsultation'
>;

export const organisationHandlers: OrganisationHandlers = {
  listPosts: async ({ desk, params }) => listPosts(await desk(), params.accountId),
  givePost: async ({ desk, params, body, reply }) => reply.status(201).send(await givePost(await desk(), params.accountId, body)),
  endPost: async ({ desk, params, reply }) => {
    await endPost(await desk(), params.accountId, params.postId);
    return reply.status(204).send();
  },
  tieSubject: async ({ desk, params, reply }) => {
    await tieSubject(await desk(), params.accountId, params.dossierId, true);
    return reply.status(204).send();
  },
  untieSubject: async ({ desk, params, reply }) => {
    await tieSubject(await desk(), params.accountId, params.dossierId, false);
    return reply.status(204).send();
  },
  listKinships: async ({ desk, query }) => ({ items: await listKinships(await desk(), query.accountId) }),
  declareKinship: async ({ archive, desk, body, reply }) =>
    reply.status(201).send({ id: await declareKinship(archive, await desk(), body) }),
  endKinship: async ({ desk, params, reply }) => {
    await endKinship(await desk(), params.kinshipId);
    return reply.status(204).send();
  },
  listConsultations: async ({ archive, desk }) => ({ items: await listConsultations(archive, await desk()) }),
  makeConsultation: async ({ desk, body, reply }) => reply.status(201).send({ id: await makeConsultation(await desk(), body) }),
  attendConsultation: async ({ archive, desk, params }) => attendConsultation(archive, await desk(), params.consultationId),
  endConsultation: async ({ desk, params, reply }) => {
    await endConsultation(await desk(), params.consultationId);
    return reply.status(204).send();
  },
};
