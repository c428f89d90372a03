import {
  attendConsultation,
  createOrganisation,
  createUnit,
  declareKinship,
  endConsultation,
  endKinship,
  endPost,
  getReorganisation,
  givePost,
  listConsultations,
  listKinships,
  listPosts,
  makeConsultation,
  mergeUnit,
  moveUnit,
  splitUnit,
  tieSubject,
} from '../../organisation/index.ts';
import type { Handlers } from '../handler.ts';

type OrganisationHandlers = Pick<
  Handlers,
  | 'createOrganisation'
  | 'createUnit'
  | 'moveUnit'
  | 'mergeUnit'
  | 'splitUnit'
  | 'getReorganisation'
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
  createOrganisation: async ({ archive, desk, body, reply }) =>
    reply.status(201).send(await createOrganisation(archive, await desk(), body)),
  createUnit: async ({ archive, desk, body, reply }) => reply.status(201).send({ unitId: await createUnit(archive, await desk(), body) }),
  moveUnit: async ({ archive, desk, params, body, reply }) =>
    reply.status(202).send({ reorganisationId: await moveUnit(archive, await desk(), params.unitId, body.parentId) }),
  mergeUnit: async ({ archive, desk, params, body, reply }) =>
    reply.status(202).send({ reorganisationId: await mergeUnit(archive, await desk(), params.unitId, body.intoId) }),
  splitUnit: async ({ archive, desk, params, body, reply }) =>
    reply.status(202).send(await splitUnit(archive, await desk(), params.unitId, body)),
  getReorganisation: async ({ desk, params }) => getReorganisation(await desk(), params.reorganisationId),
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
