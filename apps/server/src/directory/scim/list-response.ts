import { ArchiveError } from '@lantai/values';
import { type Filter, isPath, isTaken, parseFilter, type Resource, sortKeyOf } from './filter.ts';

/** What a list is asked for, in a query or in the body of a search. */
export interface ScimQuestion {
  readonly filter?: string | undefined;
  /** From 1; less is read as 1. */
  readonly startIndex?: number | undefined;
  readonly count?: number | undefined;
  /** Path of the attribute to sort by; resources without it come last. */
  readonly sortBy?: string | undefined;
  readonly sortOrder?: 'ascending' | 'descending' | undefined;
  readonly attributes?: string | undefined;
  readonly excludedAttributes?: string | undefined;
}

export const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
/** Resources of one answer. */
export const COUNT_MAX = 200;

export const filterOf = (question: ScimQuestion): Filter | null => (question.filter ? parseFilter(question.filter) : null);

const ALWAYS: ReadonlySet<string> = new Set(['id', 'schemas', 'meta']);
const namesOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);

/** A resource with the attributes that were asked for: whole ones at the top; a name below one asks for all of it. */
export function projected(resource: Resource, { attributes, excludedAttributes }: ScimQuestion): Resource {
  const [wanted, unwanted] = [namesOf(attributes), namesOf(excludedAttributes)];
  if (!wanted.length && !unwanted.length) return resource;
  const isAsked = (key: string) => wanted.some((name) => name === key || name.startsWith(`${key}.`) || name.startsWith(`${key}:`));
  const keep = (name: string) => {
    const key = name.toLowerCase();
    return ALWAYS.has(key) || (wanted.length ? isAsked(key) : !unwanted.includes(key));
  };
  return Object.fromEntries(Object.entries(resource).filter(([name]) => keep(name)));
}

/** Sorted as asked, equal ones as they were; resources without the attribute last, in descending order first. */
function sorted(resources: readonly Resource[], { sortBy, sortOrder }: ScimQuestion): readonly Resource[] {
  if (sortBy === undefined) return resources;
  if (!isPath(sortBy)) throw new ArchiveError('scim/value-invalid', 'caller', { attribute: 'sortBy' });
  const keyed = resources.map((resource) => ({ resource, key: sortKeyOf(resource, sortBy) }));
  const sign = sortOrder === 'descending' ? -1 : 1;
  return keyed.sort((a, b) => sign * compareKeys(a.key, b.key)).map(({ resource }) => resource);
}

type SortKey = ReturnType<typeof sortKeyOf>;

function compareKeys(a: SortKey, b: SortKey): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}

/** A page of resources (RFC 7644, section 3.4.2.4). @throws ArchiveError `scim/value-invalid` (caller) */
export function listResponse(resources: readonly Resource[], question: ScimQuestion): Resource {
  const filter = filterOf(question);
  const taken = sorted(filter ? resources.filter((resource) => isTaken(filter, resource)) : resources, question);
  const { startIndex = 1, count = COUNT_MAX } = question;
  if (!Number.isInteger(startIndex) || !Number.isInteger(count))
    throw new ArchiveError('scim/value-invalid', 'caller', { attribute: 'count' });
  const from = Math.max(1, startIndex);
  const page = taken.slice(from - 1, from - 1 + Math.min(COUNT_MAX, Math.max(0, count)));
  return {
    schemas: [LIST_SCHEMA],
    totalResults: taken.length,
    startIndex: from,
    itemsPerPage: page.length,
    Resources: page.map((resource) => projected(resource, question)),
  };
}
