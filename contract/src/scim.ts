import { z } from 'zod';
import { type Answer, defineEndpoint } from './endpoint.ts';

/** The media type of SCIM (RFC 7644, section 8.1). */
export const SCIM_JSON = 'application/scim+json';

const Resource = z.record(z.string(), z.unknown()).meta({ id: 'ScimResource', description: 'A resource or message of RFC 7643 and 7644.' });
const SortOrder = z.enum(['ascending', 'descending']);
const Whole = z.coerce.number().int();
/** Unknown parameters are let be: providers add flags of their own. */
const question = z.looseObject({
  filter: z.string().max(2000).optional(),
  startIndex: Whole.optional(),
  count: Whole.optional(),
  sortBy: z.string().max(200).optional(),
  sortOrder: SortOrder.optional(),
  attributes: z.string().max(1000).optional(),
  excludedAttributes: z.string().max(1000).optional(),
});
const search = z
  .looseObject({
    filter: z.string().max(2000).optional(),
    startIndex: z.int().optional(),
    count: z.int().optional(),
    sortBy: z.string().max(200).optional(),
    sortOrder: SortOrder.optional(),
    attributes: z.array(z.string()).max(100).optional(),
    excludedAttributes: z.array(z.string()).max(100).optional(),
  })
  .meta({ id: 'ScimSearch' });
const params = z.object({ scimId: z.string().max(200) });
const answer = (what: string): Answer => ({ media: [SCIM_JSON], what });
const user = answer('A User.');
const group = answer('A Group.');
const list = answer('A ListResponse.');

const common = { tag: 'organisation', right: 'directory.sync', tokensOnly: true } as const;
const mismatch = 'With `If-Match`, 412 when the resource has another version.';

/** SCIM 2.0 (RFC 7643, 7644): people, and units as groups. By API token alone; problems are SCIM errors. docs/spec/directory.md, section 5. */
export const scimEndpoints = {
  scimGetConfig: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/scim/v2/ServiceProviderConfig',
    summary: { zh: 'SCIM 服务能力', en: 'What the SCIM server can do' },
    answers: { 200: answer('A ServiceProviderConfig.') },
  }),
  scimListResourceTypes: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/scim/v2/ResourceTypes',
    summary: { zh: 'SCIM 资源类型', en: 'SCIM resource types' },
    answers: { 200: list },
  }),
  scimGetResourceType: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/scim/v2/ResourceTypes/{scimId}',
    summary: { zh: 'SCIM 资源类型详情', en: 'A SCIM resource type' },
    params,
    answers: { 200: answer('A ResourceType.') },
    problems: [404],
  }),
  scimListSchemas: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/scim/v2/Schemas',
    summary: { zh: 'SCIM 模式', en: 'SCIM schemas' },
    answers: { 200: list },
  }),
  scimGetSchema: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/scim/v2/Schemas/{scimId}',
    summary: { zh: 'SCIM 模式详情', en: 'A SCIM schema' },
    params,
    answers: { 200: answer('A Schema.') },
    problems: [404],
  }),
  scimListUsers: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/scim/v2/Users',
    summary: { zh: 'SCIM 人员列表', en: 'SCIM users' },
    description:
      'A filter on a name stands in the address, as providers do it; the server keeps no address. `/Users/.search` takes it in a body.',
    query: question,
    answers: { 200: list },
  }),
  scimSearchUsers: defineEndpoint({
    ...common,
    method: 'POST',
    path: '/scim/v2/Users/.search',
    summary: { zh: 'SCIM 人员检索', en: 'Search SCIM users' },
    body: search,
    answers: { 200: list },
  }),
  scimGetUser: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/scim/v2/Users/{scimId}',
    summary: { zh: 'SCIM 人员详情', en: 'A SCIM user' },
    params,
    query: question,
    answers: { 200: user, 304: { empty: 'It has the version named in If-None-Match.' } },
    problems: [404],
  }),
  scimCreateUser: defineEndpoint({
    ...common,
    method: 'POST',
    path: '/scim/v2/Users',
    summary: { zh: 'SCIM 新增人员', en: 'Make a SCIM user' },
    body: Resource,
    answers: { 201: user },
    problems: [409],
  }),
  scimReplaceUser: defineEndpoint({
    ...common,
    method: 'PUT',
    path: '/scim/v2/Users/{scimId}',
    summary: { zh: 'SCIM 替换人员', en: 'Replace a SCIM user' },
    description: mismatch,
    params,
    body: Resource,
    answers: { 200: user },
    problems: [404, 409, 412],
  }),
  scimPatchUser: defineEndpoint({
    ...common,
    method: 'PATCH',
    path: '/scim/v2/Users/{scimId}',
    summary: { zh: 'SCIM 修改人员', en: 'Change a SCIM user' },
    description: mismatch,
    params,
    body: Resource,
    answers: { 200: user },
    problems: [404, 409, 412],
  }),
  scimDeleteUser: defineEndpoint({
    ...common,
    method: 'DELETE',
    path: '/scim/v2/Users/{scimId}',
    summary: { zh: 'SCIM 移除人员', en: 'Let go of a SCIM user' },
    description: `The account is disabled, and not deleted. ${mismatch}`,
    params,
    answers: { 204: { empty: 'Let go of.' } },
    problems: [404, 412],
  }),
  scimListGroups: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/scim/v2/Groups',
    summary: { zh: 'SCIM 机构列表', en: 'SCIM groups: the units' },
    query: question,
    answers: { 200: list },
  }),
  scimGetGroup: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/scim/v2/Groups/{scimId}',
    summary: { zh: 'SCIM 机构详情', en: 'A SCIM group' },
    params,
    query: question,
    answers: { 200: group },
    problems: [404],
  }),
  scimCreateGroup: defineEndpoint({
    ...common,
    right: 'organisation.change',
    method: 'POST',
    path: '/scim/v2/Groups',
    summary: { zh: 'SCIM 增设机构', en: 'Make a SCIM group: a unit' },
    description: 'By a token of the system administrator. `externalId` is the code of the unit.',
    body: Resource,
    answers: { 201: group },
    problems: [409],
  }),
  scimReplaceGroup: defineEndpoint({
    ...common,
    method: 'PUT',
    path: '/scim/v2/Groups/{scimId}',
    summary: { zh: 'SCIM 替换机构成员', en: 'Replace the members of a SCIM group' },
    params,
    body: Resource,
    answers: { 200: group },
    problems: [404],
  }),
  scimPatchGroup: defineEndpoint({
    ...common,
    method: 'PATCH',
    path: '/scim/v2/Groups/{scimId}',
    summary: { zh: 'SCIM 修改机构成员', en: 'Change the members of a SCIM group' },
    params,
    body: Resource,
    answers: { 200: group },
    problems: [404],
  }),
} as const;
