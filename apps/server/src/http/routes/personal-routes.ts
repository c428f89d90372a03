import { ArchiveError } from '@lantai/values';
import {
  approveDestruction,
  decideRequest,
  extendRequest,
  fulfilRequest,
  liftRestriction,
  listConsents,
  listOwnDossiers,
  listRequests,
  listRestrictions,
  makeRequest,
  readAnswer,
  recordConsent,
  withdrawConsent,
  withdrawRequest,
} from '../../personal/index.ts';
import type { Handlers } from '../handler.ts';

type PersonalHandlers = Pick<
  Handlers,
  | 'listOwnDossiers'
  | 'listSubjectRequests'
  | 'makeSubjectRequest'
  | 'getSubjectRequest'
  | 'decideSubjectRequest'
  | 'extendSubjectRequest'
  | 'fulfilSubjectRequest'
  | 'withdrawSubjectRequest'
  | 'approveDestruction'
  | 'getSubjectAnswer'
  | 'listRestrictions'
  | 'liftRestriction'
  | 'listConsents'
  | 'recordConsent'
  | 'withdrawConsent'
>;

const many = <T>(value: T | T[] | undefined): T[] | undefined => (value === undefined ? undefined : Array.isArray(value) ? value : [value]);

export const personalHandlers: PersonalHandlers = {
  listOwnDossiers: async ({ archive, desk }) => ({ items: await listOwnDossiers(archive, await desk()) }),
  listSubjectRequests: async ({ archive, desk, query }) => ({
    items: await listRequests(archive, await desk(), { states: many(query.state) }),
  }),
  makeSubjectRequest: async ({ archive, desk, body, reply }) =>
    reply.status(201).send({ id: await makeRequest(archive, await desk(), body) }),
  getSubjectRequest: async ({ archive, desk, params }) => {
    const [request] = await listRequests(archive, await desk(), { requestId: params.requestId });
    if (!request) throw new ArchiveError('subject-request/not-found', 'caller');
    return request;
  },
  decideSubjectRequest: async ({ desk, params, body, reply }) => {
    await decideRequest(await desk(), params.requestId, body);
    return reply.status(204).send();
  },
  extendSubjectRequest: async ({ archive, desk, params, body }) => extendRequest(archive, await desk(), params.requestId, body.reason),
  fulfilSubjectRequest: async ({ desk, params, body, reply }) => {
    await fulfilRequest(await desk(), params.requestId, body.result);
    return reply.status(204).send();
  },
  withdrawSubjectRequest: async ({ archive, desk, params, reply }) => {
    await withdrawRequest(archive, await desk(), params.requestId);
    return reply.status(204).send();
  },
  approveDestruction: async ({ archive, desk, params, reply }) => {
    await approveDestruction(archive, await desk(), params.requestId);
    return reply.status(204).send();
  },
  getSubjectAnswer: async ({ archive, desk, params }) => readAnswer(archive, await desk(), params.requestId),
  listRestrictions: async ({ desk }) => ({ items: await listRestrictions(await desk()) }),
  liftRestriction: async ({ archive, desk, params, reply }) => {
    await liftRestriction(archive, await desk(), params.restrictionId);
    return reply.status(204).send();
  },
  listConsents: async ({ archive, desk, query }) => ({ items: await listConsents(archive, await desk(), query.dossierId) }),
  recordConsent: async ({ desk, body, reply }) => reply.status(201).send({ id: await recordConsent(await desk(), body) }),
  withdrawConsent: async ({ desk, params, reply }) => {
    await withdrawConsent(await desk(), params.consentId);
    return reply.status(204).send();
  },
};
