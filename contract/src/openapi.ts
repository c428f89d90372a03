import type { Endpoint } from './endpoint.ts';
import { endpoints } from './endpoints.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const REF = '#/components/schemas/';

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

function eachObject(value: Json, visit: (object: JsonObject) => void): void {
  if (Array.isArray(value)) for (const item of value) eachObject(item, visit);
  else if (isObject(value)) {
    visit(value);
    for (const item of Object.values(value)) eachObject(item, visit);
  }
}

function reachable(document: JsonObject, schemas: JsonObject): Set<string> {
  const seen = new Set<string>();
  const walk = (value: Json) =>
    eachObject(value, ({ $ref }) => {
      const name = typeof $ref === 'string' && $ref.startsWith(REF) ? $ref.slice(REF.length) : null;
      if (name === null || seen.has(name)) return;
      seen.add(name);
      walk(schemas[name] ?? null);
    });
  walk(document.paths ?? null);
  return seen;
}

/** A schema that is only sent is called `Name`, not `NameInput`; one that nothing uses is left out. */
function tidySchemas(document: JsonObject): void {
  const components = document.components;
  if (!isObject(components) || !isObject(components.schemas)) return;
  const schemas = components.schemas;
  const used = reachable(document, schemas);
  const nameOf = (name: string) => {
    const short = name.replace(/Input$/, '');
    return used.has(short) ? name : short;
  };
  eachObject(document, (object) => {
    if (typeof object.$ref === 'string' && object.$ref.startsWith(REF)) object.$ref = REF + nameOf(object.$ref.slice(REF.length));
  });
  components.schemas = Object.fromEntries([...used].sort().map((name) => [nameOf(name), schemas[name] ?? null] as const));
}

/** Fastify calls the rest of a path `*`; OpenAPI wants a name. */
function nameWildcard(paths: JsonObject, endpoint: Endpoint): void {
  const found = /^(.*)\{\+(\w+)\}$/.exec(endpoint.path);
  if (!found) return;
  const [, start, name] = found as unknown as [string, string, string];
  const item = paths[`${start}{*}`] ?? paths[`${start}*`];
  if (!isObject(item)) return;
  delete paths[`${start}{*}`];
  delete paths[`${start}*`];
  paths[`${start}{${name}}`] = item;
  eachObject(item, (object) => {
    if (object.in === 'path' && object.name === '*') object.name = name;
  });
}

function describeRawBody(paths: JsonObject, endpoint: Endpoint): void {
  if (!endpoint.rawBody) return;
  const item = paths[endpoint.path];
  const operation = isObject(item) ? item[endpoint.method.toLowerCase()] : undefined;
  if (!isObject(operation)) return;
  operation.requestBody = { content: { [endpoint.rawBody]: { schema: { type: 'string', format: 'binary' } } } };
}

/**
 * Finishes the OpenAPI 3.1 document that @fastify/swagger made from the routes: bodies read as a stream are described,
 * the wildcard gets its name, schemas get one name each. The document is changed in place and given back.
 */
export function finishOpenApi<T extends object>(document: T): T {
  const json = document as unknown as JsonObject;
  const paths = json.paths;
  if (isObject(paths))
    for (const endpoint of Object.values(endpoints) as Endpoint[]) {
      nameWildcard(paths, endpoint);
      describeRawBody(paths, endpoint);
    }
  tidySchemas(json);
  return document;
}
