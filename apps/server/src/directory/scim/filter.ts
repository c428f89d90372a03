import { ArchiveError } from '@lantai/values';

/** Comparisons of RFC 7644, table 3. */
export const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type Operator = (typeof OPERATORS)[number];
export type FilterValue = string | number | boolean | null;

/** A filter as RFC 7644 section 3.4.2.2 writes it. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly inner: Filter }
  | { readonly kind: 'present'; readonly path: string }
  | { readonly kind: 'compare'; readonly path: string; readonly op: Operator; readonly value: FilterValue }
  /** `members[value eq "…"]`: something of a list that fits. */
  | { readonly kind: 'some'; readonly path: string; readonly inner: Filter };

const CHARS_MAX = 2000;
const DEPTH_MAX = 24;
/** A name of an attribute, perhaps behind the URN of its schema, perhaps with one below it. */
const PATH = /^(?:urn:[A-Za-z0-9:._-]+:)?[A-Za-z$][A-Za-z0-9_$-]*(?:\.[A-Za-z$][A-Za-z0-9_$-]*)?$/;
const TOKEN = /\s*(?:([()[\]])|("(?:[^"\\]|\\.)*")|([^\s()[\]"]+))/y;

const malformed = () => new ArchiveError('scim/filter-malformed', 'caller');

/** Whether a text is the path of an attribute. */
export const isPath = (text: string): boolean => PATH.test(text);

function tokensOf(text: string): string[] {
  if (text.length > CHARS_MAX) throw malformed();
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.exec(text);
    if (!at) throw malformed();
    tokens.push((at[1] ?? at[2] ?? at[3])!);
  }
  return tokens;
}

/** Reads tokens one after another: `or` binds least, then `and`, then `not`. */
class Reader {
  #at = 0;
  #depth = 0;
  constructor(readonly tokens: readonly string[]) {}

  get isDone(): boolean {
    return this.#at === this.tokens.length;
  }

  #word(): string {
    return this.tokens[this.#at]?.toLowerCase() ?? '';
  }

  #take(expected?: string): string {
    const token = this.tokens[this.#at++];
    if (token === undefined || (expected !== undefined && token !== expected)) throw malformed();
    return token;
  }

  or(): Filter {
    if (++this.#depth > DEPTH_MAX) throw malformed();
    let left = this.#and();
    while (this.#word() === 'or') {
      this.#at++;
      left = { kind: 'or', left, right: this.#and() };
    }
    this.#depth--;
    return left;
  }

  #and(): Filter {
    let left = this.#term();
    while (this.#word() === 'and') {
      this.#at++;
      left = { kind: 'and', left, right: this.#term() };
    }
    return left;
  }

  #term(): Filter {
    if (this.#word() === 'not' && this.tokens[this.#at + 1] === '(') {
      this.#at++;
      return { kind: 'not', inner: this.#inside('(', ')') };
    }
    if (this.#word() === '(') return this.#inside('(', ')');
    const path = this.#take();
    if (!PATH.test(path)) throw malformed();
    if (this.#word() === '[') return { kind: 'some', path, inner: this.#inside('[', ']') };
    const op = this.#take().toLowerCase();
    if (op === 'pr') return { kind: 'present', path };
    if (!(OPERATORS as readonly string[]).includes(op)) throw malformed();
    return { kind: 'compare', path, op: op as Operator, value: readValue(this.#take()) };
  }

  #inside(open: string, close: string): Filter {
    this.#take(open);
    const inner = this.or();
    this.#take(close);
    return inner;
  }
}

/** A value as JSON writes it; true, false and null in any case, as some providers send them. */
function readValue(token: string): FilterValue {
  const word = token.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'null') return null;
  try {
    const value: unknown = JSON.parse(token);
    if (typeof value === 'string' || typeof value === 'number') return value;
  } catch {
    // Not JSON: told below, as whatever else is no value.
  }
  throw malformed();
}

/** Reads a filter. @throws ArchiveError `scim/filter-malformed` (caller) */
export function parseFilter(text: string): Filter {
  const reader = new Reader(tokensOf(text));
  const filter = reader.or();
  if (!reader.isDone) throw malformed();
  return filter;
}

/** Writes a filter so that {@link parseFilter} gives the same. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${printFilter(filter.left)}) ${filter.kind} (${printFilter(filter.right)})`;
    case 'not':
      return `not (${printFilter(filter.inner)})`;
    case 'present':
      return `${filter.path} pr`;
    case 'some':
      return `${filter.path}[${printFilter(filter.inner)}]`;
    case 'compare':
      return `${filter.path} ${filter.op} ${JSON.stringify(filter.value)}`;
  }
}

/** A resource as a filter sees it. */
export type Resource = Readonly<Record<string, unknown>>;

/** Attributes whose case counts. Source: RFC 7643 section 3.1 and 4.1. */
const EXACT: ReadonlySet<string> = new Set(['id', 'externalid', 'value', '$ref', 'version', 'location']);

/** The values at a path of a resource: of a list, those of each of its items. */
function valuesAt(resource: Resource, path: string): unknown[] {
  const urn = /^(urn:.+):([^:]+)$/i.exec(path);
  const inside = urn ? valueByName(resource, urn[1]!) : resource;
  const names = (urn ? urn[2]! : path).split('.');
  let values: unknown[] = [inside];
  for (const name of names)
    values = values.flatMap((value) => (Array.isArray(value) ? value : [value])).map((value) => valueByName(value, name));
  return values.flatMap((value) => (Array.isArray(value) ? value : [value])).filter((value) => value !== undefined);
}

function valueByName(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const wanted = name.toLowerCase();
  const key = Object.keys(value).find((k) => k.toLowerCase() === wanted);
  return key === undefined ? undefined : (value as Resource)[key];
}

/**
 * What a resource is sorted by: the primary value at a path, else the first, as text folded where case does not count; null: it has none.
 * Source: RFC 7644 section 3.4.2.3.
 */
export function sortKeyOf(resource: Resource, path: string): string | number | boolean | null {
  const values = valuesAt(resource, path);
  const primary = values.find((value) => valueByName(value, 'primary') === true) ?? values[0] ?? null;
  const value = typeof primary === 'object' && primary !== null ? valueByName(primary, 'value') : primary;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' ? folded(value, isExactPath(path)) : null;
}

const isExactPath = (path: string) => EXACT.has(path.split(/[.:]/).at(-1)!.toLowerCase());
const folded = (text: string, isExact: boolean) => (isExact ? text : text.normalize('NFKC').toLowerCase());

/** Whether a filter takes a resource in. Names of attributes are known in any case. */
export function isTaken(filter: Filter, resource: Resource): boolean {
  switch (filter.kind) {
    case 'and':
      return isTaken(filter.left, resource) && isTaken(filter.right, resource);
    case 'or':
      return isTaken(filter.left, resource) || isTaken(filter.right, resource);
    case 'not':
      return !isTaken(filter.inner, resource);
    case 'present':
      return valuesAt(resource, filter.path).some((value) => value !== null && value !== '');
    case 'some':
      return valuesAt(resource, filter.path).some((item) => isTaken(filter.inner, asResource(item)));
    case 'compare': {
      const values = valuesAt(resource, filter.path).map((v) => (typeof v === 'object' && v !== null ? valueByName(v, 'value') : v));
      const isExact = isExactPath(filter.path);
      if (filter.op === 'ne') return !values.some((value) => compare('eq', value, filter.value, isExact));
      return (values.length ? values : [null]).some((value) => compare(filter.op, value, filter.value, isExact));
    }
  }
}

const asResource = (item: unknown): Resource => (typeof item === 'object' && item !== null ? (item as Resource) : { value: item });

function compare(op: Operator, found: unknown, wanted: FilterValue, isExact: boolean): boolean {
  if (typeof found === 'boolean' || found === null || wanted === null) return op === 'eq' && isEqual(found, wanted);
  if (typeof found === 'number' && typeof wanted === 'number') return ordered(op, found, wanted);
  if (typeof found !== 'string' || typeof wanted !== 'string') return false;
  const [a, b] = [folded(found, isExact), folded(wanted, isExact)];
  if (op === 'co') return a.includes(b);
  if (op === 'sw') return a.startsWith(b);
  if (op === 'ew') return a.endsWith(b);
  return ordered(op, a, b);
}

/** Some providers write truth values as text. */
const isEqual = (found: unknown, wanted: FilterValue): boolean =>
  found === wanted || (typeof found === 'boolean' && typeof wanted === 'string' && wanted.toLowerCase() === String(found));

function ordered<T extends string | number>(op: Operator, a: T, b: T): boolean {
  if (op === 'eq') return a === b;
  if (op === 'gt') return a > b;
  if (op === 'ge') return a >= b;
  if (op === 'lt') return a < b;
  return op === 'le' && a <= b;
}

/** The text that a filter asks an attribute to equal, whatever else it asks: what can be looked up by its token. Null: none. */
export function findEqual(filter: Filter | null, path: string): string | null {
  if (filter?.kind === 'and') return findEqual(filter.left, path) ?? findEqual(filter.right, path);
  const isIt = filter?.kind === 'compare' && filter.op === 'eq' && filter.path.toLowerCase() === path.toLowerCase();
  return isIt && typeof filter.value === 'string' ? filter.value : null;
}
