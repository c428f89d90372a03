import { ACTIONS } from '@lantai/policy';
import { z } from 'zod';
import { Problem } from './problem.ts';

/** What a role may do. The server decides by it; the web only hides what would be refused. */
export const Right = z.enum(ACTIONS).meta({ id: 'Right', description: 'What an account may do.' });
export type Right = z.infer<typeof Right>;

/** A text in the two languages of the product. */
export interface BothLanguages {
  readonly zh: string;
  readonly en: string;
}

/** An answer: a JSON schema, an empty body, or bytes of these media types. */
export type Answer = z.ZodType | { readonly empty: string } | { readonly media: readonly string[]; readonly what: string };

/** One operation of the API: everything a route, a client and the OpenAPI document need to know of it. */
export interface Endpoint {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  /** Absolute path with `{name}` parameters, as in OpenAPI; {@link routePath} gives Fastify's form. */
  readonly path: string;
  readonly tag:
    | 'session'
    | 'overview'
    | 'catalogue'
    | 'dossiers'
    | 'desk'
    | 'pages'
    | 'capture'
    | 'search'
    | 'jobs'
    | 'log'
    | 'health'
    | 'accounts'
    | 'organisation'
    | 'policy'
    | 'personal';
  readonly summary: BothLanguages;
  readonly description?: string;
  /** The right the actor must hold; `signed-in` for any account, `open` for anybody. */
  readonly right: Right | 'signed-in' | 'open';
  /** A dangerous act: password or second factor must have been shown within five minutes, else 403 `session/fresh-needed`. */
  readonly needsFreshAuth?: true;
  /** Can be done while the password must be changed first; everything else is then refused with 403 `password/change-needed`. */
  readonly beforePasswordChange?: true;
  /** Of a `signed-in` operation: API tokens may call it too. Operations with a right may be called by tokens whose scopes hold it. */
  readonly forTokens?: true;
  /** Called by API tokens alone: a session's cookie is not looked at. */
  readonly tokensOnly?: true;
  /** A view token in the address stands for the look: the policy decides where it is redeemed, by the purpose it was given for, and only there. */
  readonly byViewToken?: true;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The body is no JSON: the server reads the stream itself. */
  readonly rawBody?: string;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Statuses answered with a {@link Problem} beside those every operation may give (400, 401, 403, 429, 500, 503). */
  readonly problems?: readonly (404 | 409 | 410 | 412 | 413 | 415 | 422 | 423)[];
}

/** Keeps the literal types of an endpoint while checking its shape. */
export function defineEndpoint<const E extends Endpoint>(endpoint: E): E {
  return endpoint;
}

/** The path in Fastify's form: `/dossiers/{dossierId}` → `/dossiers/:dossierId`; a `{+name}` at the end is a wildcard. */
export function routePath(endpoint: Endpoint): string {
  return endpoint.path.replace(/\{\+\w+\}$/, '*').replace(/\{(\w+)\}/g, ':$1');
}

const isSchema = (answer: Answer): answer is z.ZodType => answer instanceof z.ZodType;

function responseOf(answer: Answer): unknown {
  if (isSchema(answer)) return answer;
  if ('empty' in answer) return z.undefined().describe(answer.empty);
  const bytes = z.any().meta({ type: 'string', format: 'binary', description: answer.what });
  return { description: answer.what, content: Object.fromEntries(answer.media.map((type) => [type, { schema: bytes }])) };
}

function describe(endpoint: Endpoint): string {
  const right = endpoint.right === 'signed-in' || endpoint.right === 'open' ? '' : `\n\nRight: \`${endpoint.right}\`.`;
  const fresh = endpoint.needsFreshAuth ? '\n\nAsks for password or second factor again when that was more than five minutes ago.' : '';
  return `${endpoint.description ?? endpoint.summary.en}${right}${fresh}`;
}

/** Whether an API token may ever call the operation; its scopes decide then. A token cannot show a password again. */
export const isForTokens = (endpoint: Endpoint): boolean =>
  !endpoint.needsFreshAuth && (endpoint.right === 'open' || endpoint.forTokens === true || endpoint.right !== 'signed-in');

function securityOf(endpoint: Endpoint): { security?: Record<string, string[]>[] } {
  if (endpoint.right === 'open') return { security: [] };
  if (endpoint.tokensOnly) return { security: [{ token: [] }] };
  return isForTokens(endpoint) ? { security: [{ session: [] }, { token: [] }] } : {};
}

/**
 * The `schema` of a Fastify route (fastify-type-provider-zod 7 with @fastify/swagger) for an endpoint.
 * Problems are answered as `application/problem+json` (RFC 9457).
 */
export function routeSchema(operationId: string, endpoint: Endpoint): Record<string, unknown> {
  const response: Record<number, unknown> = {};
  for (const [status, answer] of Object.entries(endpoint.answers)) response[Number(status)] = responseOf(answer);
  const open = endpoint.right === 'open';
  const always = open ? [400, 429, 500, 503] : [400, 401, 403, 429, 500, 503];
  for (const status of [...always, ...(endpoint.problems ?? [])])
    response[status] ??= { description: PROBLEM_WORDS[status], content: { 'application/problem+json': { schema: Problem } } };
  return {
    operationId,
    tags: [endpoint.tag],
    summary: `${endpoint.summary.zh} / ${endpoint.summary.en}`,
    description: describe(endpoint),
    ...securityOf(endpoint),
    ...(endpoint.rawBody ? { consumes: [endpoint.rawBody] } : {}),
    ...(endpoint.params ? { params: endpoint.params } : {}),
    ...(endpoint.query ? { querystring: endpoint.query } : {}),
    ...(endpoint.headers ? { headers: endpoint.headers } : {}),
    ...(endpoint.body ? { body: endpoint.body } : {}),
    response,
  };
}

const PROBLEM_WORDS: Readonly<Record<number, string>> = {
  400: 'The request is malformed.',
  401: 'Nobody is signed in.',
  403: 'The account has no right to this.',
  404: 'Not found, or not to be seen by this account.',
  409: 'Something changed meanwhile; read again.',
  410: 'Expired; ask for a new one.',
  412: 'A condition of the request does not hold.',
  413: 'Too large.',
  415: 'This media type is not taken.',
  422: 'Well-formed, but cannot be done.',
  423: 'Locked.',
  429: 'Too many requests; wait.',
  500: 'The server failed; the reference finds it in its journal.',
  503: 'The server cannot do this now; try again.',
};
