import { ArchiveError } from '@lantai/values';
import type { Resource } from './filter.ts';
import { GROUP_SCHEMA } from './groups.ts';
import { COUNT_MAX, LIST_SCHEMA } from './list-response.ts';
import { ENTERPRISE_SCHEMA, USER_SCHEMA } from './user-edit.ts';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0';
const meta = (resourceType: string, location: string) => ({ resourceType, location });

/** What this server can do (RFC 7643, section 5). */
export const SERVICE_PROVIDER_CONFIG: Resource = {
  schemas: [`${CORE}:ServiceProviderConfig`],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: COUNT_MAX },
  changePassword: { supported: false },
  sort: { supported: true },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'API token',
      description: 'An API token of an account, with the scope directory.sync.',
      primary: true,
    },
  ],
  meta: meta('ServiceProviderConfig', '/scim/v2/ServiceProviderConfig'),
};

/** The two kinds of resources. */
export const RESOURCE_TYPES: readonly Resource[] = [
  {
    schemas: [`${CORE}:ResourceType`],
    id: 'User',
    name: 'User',
    endpoint: '/Users',
    description: 'A person of the directory, behind an account',
    schema: USER_SCHEMA,
    schemaExtensions: [{ schema: ENTERPRISE_SCHEMA, required: false }],
    meta: meta('ResourceType', '/scim/v2/ResourceTypes/User'),
  },
  {
    schemas: [`${CORE}:ResourceType`],
    id: 'Group',
    name: 'Group',
    endpoint: '/Groups',
    description: 'A unit; its members are the people who work there',
    schema: GROUP_SCHEMA,
    meta: meta('ResourceType', '/scim/v2/ResourceTypes/Group'),
  },
];

interface AttributeOptions {
  readonly type?: 'string' | 'boolean' | 'complex';
  readonly multiValued?: boolean;
  readonly required?: boolean;
  readonly caseExact?: boolean;
  readonly mutability?: 'readOnly' | 'readWrite';
  readonly uniqueness?: 'none' | 'server';
  readonly subAttributes?: readonly Resource[];
}

const attribute = (name: string, description: string, options: AttributeOptions = {}): Resource => ({
  name,
  type: 'string',
  multiValued: false,
  description,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...options,
});
const reference = (what: string) => [
  attribute('value', `Id of the ${what}`, { mutability: 'readOnly', caseExact: true }),
  attribute('display', 'Its name', { mutability: 'readOnly' }),
];

const schema = (id: string, name: string, attributes: readonly Resource[]): Resource => ({
  schemas: [`${CORE}:Schema`],
  id,
  name,
  attributes,
  meta: meta('Schema', `/scim/v2/Schemas/${id}`),
});

/** What is kept of each kind; whatever else a provider sends is let fall or refused: docs/spec/directory.md, section 5. */
export const SCHEMAS: readonly Resource[] = [
  schema(USER_SCHEMA, 'User', [
    attribute('userName', 'Sign-in name', { required: true, uniqueness: 'server' }),
    attribute('displayName', 'Name of the person'),
    attribute('name', 'Name of the person', { type: 'complex', subAttributes: [attribute('formatted', 'Whole')] }),
    attribute('active', 'Whether the account is in use', { type: 'boolean' }),
    attribute('groups', 'The unit the person works in', {
      type: 'complex',
      multiValued: true,
      mutability: 'readOnly',
      subAttributes: reference('unit'),
    }),
  ]),
  schema(ENTERPRISE_SCHEMA, 'EnterpriseUser', [
    attribute('employeeNumber', 'Number of the holder; kept as a keyed token and never given back'),
    attribute('department', 'A unit, by code or by a name that one unit has'),
  ]),
  schema(GROUP_SCHEMA, 'Group', [
    attribute('displayName', 'Name of the unit', { required: true }),
    attribute('members', 'People who work there', { type: 'complex', multiValued: true, subAttributes: reference('user') }),
  ]),
];

/** A whole list of what cannot be filtered. */
export const wholeList = (resources: readonly Resource[]): Resource => ({
  schemas: [LIST_SCHEMA],
  totalResults: resources.length,
  startIndex: 1,
  itemsPerPage: resources.length,
  Resources: resources,
});

/** One of a list by its id. @throws ArchiveError `scim/not-found` (caller) */
export function getById(resources: readonly Resource[], id: string): Resource {
  const found = resources.find((resource) => resource.id === id);
  if (!found) throw new ArchiveError('scim/not-found', 'caller');
  return found;
}
