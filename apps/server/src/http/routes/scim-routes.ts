import { SCIM_JSON } from '@lantai/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { scim } from '../../directory/index.ts';
import type { Handlers } from '../handler.ts';

type ScimHandlers = Pick<
  Handlers,
  | 'scimGetConfig'
  | 'scimListResourceTypes'
  | 'scimGetResourceType'
  | 'scimListSchemas'
  | 'scimGetSchema'
  | 'scimListUsers'
  | 'scimSearchUsers'
  | 'scimGetUser'
  | 'scimCreateUser'
  | 'scimReplaceUser'
  | 'scimPatchUser'
  | 'scimDeleteUser'
  | 'scimListGroups'
  | 'scimGetGroup'
  | 'scimCreateGroup'
  | 'scimReplaceGroup'
  | 'scimPatchGroup'
>;

const send = (reply: FastifyReply, resource: scim.Resource, status = 200) =>
  reply.status(status).header('cache-control', 'no-store').type(`${SCIM_JSON}; charset=utf-8`).send(resource);

/** A resource with its version and, when it was made, its place. */
function sendVersioned(reply: FastifyReply, { resource, etag }: scim.Versioned, status = 200): FastifyReply {
  reply.header('etag', etag);
  if (status === 201) reply.header('location', `/scim/v2/Users/${resource.id}`);
  return send(reply, resource, status);
}

const ifMatchOf = (request: FastifyRequest): string | null => request.headers['if-match'] ?? null;
const joined = (names: readonly string[] | undefined) => (names ? { names: names.join(',') } : null);

export const scimHandlers: ScimHandlers = {
  scimGetConfig: async ({ reply }) => send(reply, scim.SERVICE_PROVIDER_CONFIG),
  scimListResourceTypes: async ({ reply }) => send(reply, scim.wholeList(scim.RESOURCE_TYPES)),
  scimGetResourceType: async ({ reply, params }) => send(reply, scim.getById(scim.RESOURCE_TYPES, params.scimId)),
  scimListSchemas: async ({ reply }) => send(reply, scim.wholeList(scim.SCHEMAS)),
  scimGetSchema: async ({ reply, params }) => send(reply, scim.getById(scim.SCHEMAS, params.scimId)),
  scimListUsers: async ({ archive, desk, query, reply }) => send(reply, await scim.listUsers(archive, await desk(), query)),
  scimSearchUsers: async ({ archive, desk, body, reply }) => {
    const { filter, startIndex, count, sortBy, sortOrder } = body;
    const [wanted, unwanted] = [joined(body.attributes), joined(body.excludedAttributes)];
    const question = { filter, startIndex, count, sortBy, sortOrder, attributes: wanted?.names, excludedAttributes: unwanted?.names };
    return send(reply, await scim.listUsers(archive, await desk(), question));
  },
  scimGetUser: async ({ archive, desk, params, query, request, reply }) => {
    const found = await scim.getUser(archive, await desk(), params.scimId, query);
    if (request.headers['if-none-match'] === found.etag) return reply.header('etag', found.etag).status(304).send();
    return sendVersioned(reply, found);
  },
  scimCreateUser: async ({ archive, desk, body, reply }) => sendVersioned(reply, await scim.createUser(archive, await desk(), body), 201),
  scimReplaceUser: async ({ archive, desk, params, body, request, reply }) =>
    sendVersioned(reply, await scim.replaceUser(archive, await desk(), params.scimId, body, ifMatchOf(request))),
  scimPatchUser: async ({ archive, desk, params, body, request, reply }) =>
    sendVersioned(reply, await scim.patchUserById(archive, await desk(), params.scimId, body, ifMatchOf(request))),
  scimDeleteUser: async ({ archive, desk, params, request, reply }) => {
    await scim.removeUser(archive, await desk(), params.scimId, ifMatchOf(request));
    return reply.status(204).send();
  },
  scimListGroups: async ({ archive, desk, query, reply }) => send(reply, await scim.listGroups(archive, await desk(), query)),
  scimGetGroup: async ({ archive, desk, params, query, reply }) =>
    send(reply, await scim.getGroup(archive, await desk(), params.scimId, query)),
  scimCreateGroup: async ({ archive, desk, body, reply }) => {
    const group = await scim.createGroup(archive, await desk(), body);
    return send(reply.header('location', `/scim/v2/Groups/${group.id}`), group, 201);
  },
  scimReplaceGroup: async ({ archive, desk, params, body, reply }) =>
    send(reply, await scim.replaceGroup(archive, await desk(), params.scimId, body)),
  scimPatchGroup: async ({ archive, desk, params, body, reply }) =>
    send(reply, await scim.patchGroup(archive, await desk(), params.scimId, body)),
};
