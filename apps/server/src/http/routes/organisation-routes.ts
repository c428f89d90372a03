import {
  approveConsultation,
  askConsultation,
  attendConsultation,
  createOrganisation,
  createUnit,
  declareKinship,
  describeUnit,
  endConsultation,
  endKinship,
  endPost,
  findDossierByCode,
  getReorganisation,
  givePost,
  listConsultations,
  listEveryPost,
  listKinships,
  listPosts,
  listReaders,
  listReorganisations,
  mergeUnit,
  moveUnit,
  previewReorganisation,
  printConsultationForm,
  readConsultationRequest,
  refuseConsultation,
  splitUnit,
  tieSubject,
  withdrawConsultation,
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
  | 'getUnit'
  | 'previewReorganisation'
  | 'listReorganisations'
  | 'listEveryPost'
  | 'findDossierByCode'
  | 'listReaders'
  | 'listPosts'
  | 'givePost'
  | 'endPost'
  | 'tieSubject'
  | 'untieSubject'
  | 'listKinships'
  | 'declareKinship'
  | 'endKinship'
  | 'listConsultations'
  | 'askConsultation'
  | 'getConsultationRequest'
  | 'printConsultationForm'
  | 'approveConsultation'
  | 'refuseConsultation'
  | 'withdrawConsultation'
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
  getReorganisation: async ({ archive, desk, params }) => getReorganisation(archive, await desk(), params.reorganisationId),
  getUnit: async ({ archive, desk, params }) => {
    const { posts, merged, ...counts } = await describeUnit(archive, await desk(), params.unitId);
    return { ...counts, posts: [...posts], merged: [...merged] };
  },
  previewReorganisation: async ({ archive, desk, body }) => {
    const { gaining, losing, ...counts } = await previewReorganisation(archive, await desk(), body);
    return { ...counts, gaining: [...gaining], losing: [...losing] };
  },
  listReorganisations: async ({ archive, desk }) => ({ items: await listReorganisations(archive, await desk()) }),
  listEveryPost: async ({ desk }) => ({ items: await listEveryPost(await desk()) }),
  findDossierByCode: async ({ archive, desk, body }) => ({ items: await findDossierByCode(archive, await desk(), body.code) }),
  listReaders: async ({ archive, desk }) => ({ items: await listReaders(archive, await desk()) }),
  listPosts: async ({ archive, desk, params }) => listPosts(archive, await desk(), params.accountId),
  givePost: async ({ archive, desk, params, body, reply }) =>
    reply.status(201).send(await givePost(archive, await desk(), params.accountId, body)),
  endPost: async ({ desk, params, reply }) => {
    await endPost(await desk(), params.accountId, params.postId);
    return reply.status(204).send();
  },
  tieSubject: async ({ archive, desk, params, reply }) => {
    await tieSubject(archive, await desk(), params.accountId, params.dossierId, true);
    return reply.status(204).send();
  },
  untieSubject: async ({ archive, desk, params, reply }) => {
    await tieSubject(archive, await desk(), params.accountId, params.dossierId, false);
    return reply.status(204).send();
  },
  listKinships: async ({ archive, desk, query }) => ({ items: await listKinships(archive, await desk(), query.accountId) }),
  declareKinship: async ({ archive, desk, body, reply }) =>
    reply.status(201).send({ id: await declareKinship(archive, await desk(), body) }),
  endKinship: async ({ desk, params, reply }) => {
    await endKinship(await desk(), params.kinshipId);
    return reply.status(204).send();
  },
  listConsultations: async ({ archive, desk }) => ({ items: await listConsultations(archive, await desk()) }),
  askConsultation: async ({ desk, body, reply }) => reply.status(201).send({ id: await askConsultation(await desk(), body) }),
  getConsultationRequest: async ({ archive, desk, params }) => readConsultationRequest(archive, await desk(), params.consultationId),
  printConsultationForm: async ({ archive, desk, params, language, reply }) => {
    const { bytes, fileName } = await printConsultationForm(archive, await desk(), params.consultationId, language);
    return reply.type('application/pdf').header('content-disposition', `attachment; filename="${fileName}"`).send(Buffer.from(bytes));
  },
  approveConsultation: async ({ desk, params, body, reply }) => {
    await approveConsultation(await desk(), params.consultationId, body);
    return reply.status(204).send();
  },
  refuseConsultation: async ({ desk, params, body, reply }) => {
    await refuseConsultation(await desk(), params.consultationId, body);
    return reply.status(204).send();
  },
  withdrawConsultation: async ({ desk, params, reply }) => {
    await withdrawConsultation(await desk(), params.consultationId);
    return reply.status(204).send();
  },
  attendConsultation: async ({ archive, desk, params }) => attendConsultation(archive, await desk(), params.consultationId),
  endConsultation: async ({ desk, params, reply }) => {
    await endConsultation(await desk(), params.consultationId);
    return reply.status(204).send();
  },
};
