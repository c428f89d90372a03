import createFetchClient, { type Client, type Middleware } from 'openapi-fetch';
import type { components, paths } from './schema.ts';

export type { components, paths } from './schema.ts';

/** Every shape of the API by its name, generated from openapi.json: `Schemas['DossierLine']`. */
export type Schemas = components['schemas'];

/** A client of the API whose paths, parameters and answers are typed by the OpenAPI document. */
export type LantaiClient = Client<paths>;

/** What a client needs to know. */
export interface ClientOptions {
  /** Origin of the server, `http://127.0.0.1:8470`; empty in a page the server itself delivered. */
  readonly baseUrl?: string;
  /** Language of problem titles. Asked at each request, so a page may change it. */
  readonly language?: () => string;
  /** Replaces the global fetch, for a client outside a browser. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** Makes a client. It keeps no state: the session is the cookie's. */
export function createLantaiClient(options: ClientOptions = {}): LantaiClient {
  const client = createFetchClient<paths>({
    baseUrl: options.baseUrl ?? '',
    ...(options.fetch ? { fetch: options.fetch } : {}),
  });
  const speak: Middleware = {
    onRequest({ request }) {
      if (options.language) request.headers.set('accept-language', options.language());
      return request;
    },
  };
  client.use(speak);
  return client;
}

/** The body of an answer that refused: RFC 9457 with our `code`. Null when it is none of ours (a proxy's page, say). */
export function findProblem(body: unknown): Schemas['Problem'] | null {
  if (typeof body !== 'object' || body === null) return null;
  const { code, status } = body as { code?: unknown; status?: unknown };
  return typeof code === 'string' && typeof status === 'number' ? (body as Schemas['Problem']) : null;
}
