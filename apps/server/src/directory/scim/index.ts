export { getById, RESOURCE_TYPES, SCHEMAS, SERVICE_PROVIDER_CONFIG, wholeList } from './discovery.ts';
export type { Resource } from './filter.ts';
export { createGroup, getGroup, listGroups, patchGroup, replaceGroup } from './groups.ts';
export type { ScimQuestion } from './list-response.ts';
export { createUser, getUser, listUsers, patchUserById, removeUser, replaceUser, type Versioned } from './users.ts';
