import { join } from 'node:path';
import fastifyCookie from '@fastify/cookie';
import fastifyRateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import fastifySwagger from '@fastify/swagger';
import {
  type Endpoint,
  endpoints,
  finishOpenApi,
  type OperationId,
  Purpose,
  routePath,
  routeSchema,
  SCIM_JSON,
  XLSX,
} from '@lantai/contract';
import { ArchiveError, isArchiveError } from '@lantai/values';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { openClockWatch } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { type Desk, type Purpose as DeskPurpose, openDesk, policyInForce } from '../desk/index.ts';
import { openUseWatch } from '../watch/index.ts';
import { cookiesFor } from './cookies.ts';
import { type Asker, Gate, restrictDesk } from './gate.ts';
import type { Call, Handler, Handlers } from './handler.ts';
import { languageOf, problemOf, statusOf } from './problems.ts';
import { isScim, scimProblemOf } from './scim-problems.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { tlsOptions } from './tls-options.ts';
import { findUnknownKey } from './unknown-keys.ts';

/** Largest JSON body; files come as uploads, in pieces. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;
const SHEET_BYTES_MAX = 8_000_000;
const REQUESTS_A_MINUTE_MAX = 6000;
const SIGN_INS_A_MINUTE_MAX = 20;
/** Where somebody unknown offers a secret or makes the server remember something: few times a minute from one address. */
const DOORS: ReadonlySet<OperationId> = new Set([
  'signIn',
  'startPasskeySignIn',
  'signInByPasskey',
  'startOidcSignIn',
  'finishOidcSignIn',
  'openCaptureLink',
]);

/** The web server over an open archive: every operation of the contract, and the page itself. It does not listen yet. */
export async function createHttp(archive: Archive, handlers: Handlers): Promise<FastifyInstance> {
  const { config } = archive;
  const tls = config.tls ? { https: tlsOptions(config.tls) } : {};
  const app = Fastify({
    ...tls,
    logger: false,
    // An address that is no address never reaches a route; it is answered like every other trouble.
    frameworkErrors: (error, request, reply) => void sendProblem(error, request as FastifyRequest, reply as FastifyReply),
    bodyLimit: BODY_BYTES_MAX,
    trustProxy: false,
    genReqId: () => archive.clock.newId(),
    routerOptions: { maxParamLength: 1000 },
  }) as unknown as FastifyInstance;
  app.setValidatorCompiler(strictValidator);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(fastifyCookie);
  await app.register(fastifyRateLimit, {
    max: REQUESTS_A_MINUTE_MAX,
    timeWindow: '1 minute',
    errorResponseBuilder: () => new ArchiveError('request/too-many', 'caller'),
  });
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Lantai 兰台', version: '0.1.0', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'lantai_session', description: 'Over TLS: __Host-lantai_session.' },
          token: { type: 'http', scheme: 'bearer', description: 'An API token of an account, with scopes.' },
        },
      },
      security: [{ session: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  app.addHook('onRequest', async (request, reply) => {
    setSecurityHeaders(reply, { isTls: config.tls !== null, isPhone: /^\/phone(?:[?#]|$)/.test(request.url) });
    refuseForeignOrigin(request);
  });
  const parseJson = app.getDefaultJsonParser('error', 'error');
  // Identity providers name a type on every request, also on a DELETE, which has no body.
  app.addContentTypeParser<string>([SCIM_JSON, 'application/json'], { parseAs: 'string' }, (request, body, done) => {
    if (body === '' && request.method === 'DELETE') done(null, undefined);
    else parseJson(request, body, done);
  });
  // A sheet is taken whole, into memory: what is larger is no list of people.
  app.addContentTypeParser(XLSX, { parseAs: 'buffer', bodyLimit: SHEET_BYTES_MAX }, (_request, body, done) => done(null, body));
  app.addContentTypeParser('application/offset+octet-stream', (_request, payload, done) => done(null, payload));
  const watch = openUseWatch(archive, async () => (await policyInForce(archive.db)).utcOffsetMinutes, {
    onAlarm: (id) => journalAlarm('use-alarm.raised', id),
    onFault: (code) => journalAlarm(code),
  });
  app.addHook('onClose', () => watch.stop());
  const gate = new Gate(archive, cookiesFor(config.tls !== null), await openClockWatch(archive), watch);
  app.setErrorHandler(async (error, request, reply) => {
    const { id = null, asker = null } = asked.get(request) ?? {};
    return sendProblem(await noted(gate, { id, asker, request }, error), request, reply);
  });
  app.addHook('onClose', () => gate.failures.settle());
  for (const id of Object.keys(endpoints) as OperationId[]) addRoute(app, gate, id, handlers[id] as Handler<OperationId>);
  app.get('/openapi.json', { schema: { hide: true } }, async () => finishOpenApi(app.swagger()));
  await serveWeb(app, config.programFolder);
  return app;
}

/** As the schema says, and nothing beside: a key it does not know is refused. */
const strictValidator: typeof validatorCompiler = (route) => {
  const validate = validatorCompiler(route);
  if (route.httpPart === 'headers') return validate;
  return (data: unknown) => {
    const result: unknown = validate(data);
    if (typeof result !== 'object' || result === null || !('value' in result)) return result as ReturnType<typeof validate>;
    const place = findUnknownKey(data, result.value);
    if (place === null) return result;
    return { error: new ArchiveError('request/unknown-key', 'caller', { place: `/${route.httpPart ?? 'body'}${place}`.slice(0, 100) }) };
  };
};

/** What is known of a request when it fails: which operation, and who asked. */
interface Asked {
  readonly id: OperationId | null;
  readonly asker: Asker | null;
}

const asked = new WeakMap<FastifyRequest, Asked>();

/**
 * Writes a failure into the log; what is answered then. When a refusal cannot be written, that is the answer: nothing is told that no entry
 * stands for. A failure of our own stays the answer; the journal has both.
 */
async function noted(gate: Gate, { id, asker, request }: Asked & { request: FastifyRequest }, error: unknown): Promise<unknown> {
  const known = asArchiveError(error);
  try {
    await gate.noteFailure(id, asker, request, known);
    return error;
  } catch (second) {
    if (statusOf(known) < 500) return second;
    journal(request, second);
    return error;
  }
}

function addRoute(app: FastifyInstance, gate: Gate, id: OperationId, handler: Handler<OperationId>): void {
  const endpoint: Endpoint = endpoints[id];
  app.route({
    method: endpoint.method,
    url: routePath(endpoint),
    schema: routeSchema(id, endpoint),
    ...(DOORS.has(id) ? { config: { rateLimit: { max: SIGN_INS_A_MINUTE_MAX, timeWindow: '1 minute' } } } : {}),
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      asked.set(request, { id, asker: null });
      const asker = await gate.identify(request);
      asked.set(request, { id, asker });
      const call = callOf(gate, asker, request, reply);
      await gate.admit(endpoint, asker, call.desk);
      await gate.pace(endpoint, call.desk);
      const answer = await handler(call);
      gate.noteUse(endpoint, asker);
      return answer;
    },
  });
}

function callOf({ archive, cookies }: Gate, { session, token }: Asker, request: FastifyRequest, reply: FastifyReply): Call<OperationId> {
  const account = () => {
    if (!session) throw new ArchiveError('session/needed', 'caller');
    return session.account;
  };
  let opened: Promise<Desk> | undefined;
  const open = async (): Promise<Desk> => {
    const desk = await openDesk(archive, account(), purposeOf(request));
    return token ? restrictDesk(desk, token.scopes) : desk;
  };
  return {
    archive,
    cookies,
    session,
    params: request.params,
    query: request.query,
    body: request.body,
    language: languageOf(request.headers['accept-language']),
    get account() {
      return account();
    },
    desk: () => {
      opened ??= open();
      return opened;
    },
    request,
    reply,
  } as unknown as Call<OperationId>;
}

function purposeOf(request: FastifyRequest): DeskPurpose {
  const parsed = Purpose.safeParse(request.headers['lantai-purpose'] ?? 'archive_work');
  if (!parsed.success) throw new ArchiveError('request/malformed', 'caller');
  return parsed.data;
}

/** A page of another site cannot act in the name of who is signed in here: beside SameSite, the browser's own word is asked. */
function refuseForeignOrigin(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return;
  // A page of another site cannot make the browser send this header (it would have to ask first, and is told nothing): no cookie is used then.
  if (request.headers.authorization !== undefined) return;
  const site = request.headers['sec-fetch-site'];
  if (site && site !== 'same-origin' && site !== 'none') throw new ArchiveError('request/foreign-origin', 'caller');
  const { origin } = request.headers;
  if (origin && URL.canParse(origin) && new URL(origin).host !== request.headers.host)
    throw new ArchiveError('request/foreign-origin', 'caller');
}

const FASTIFY_CODES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request/too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request/media-type',
};

/** Everything that goes wrong ends here, once: as problem details, with a line in the journal when it is ours. */
function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = asArchiveError(error);
  const language = languageOf(request.headers['accept-language']);
  if (isScim(request.url)) return sendScimProblem(known, request, reply);
  const problem = problemOf(known, language, request.id);
  const places = hasZodFastifySchemaValidationErrors(error)
    ? error.validation.map((v) => ({
        place: `/${error.validationContext ?? 'body'}${v.instancePath}`,
        code: `request/${v.keyword ?? 'malformed'}`,
      }))
    : undefined;
  if (problem.status >= 500) journal(request, known);
  return reply
    .status(statusOf(known))
    .header('content-type', 'application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ ...problem, ...(places ? { places } : {}) });
}

/** The same as a SCIM client expects it. */
function sendScimProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, body } = scimProblemOf(error, languageOf(request.headers['accept-language']));
  if (status >= 500) journal(request, error);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.status(status).header('content-type', `${SCIM_JSON}; charset=utf-8`).serializer(JSON.stringify).send(body);
}

function asArchiveError(error: unknown): unknown {
  if (isArchiveError(error)) return error;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code && FASTIFY_CODES[code]) return new ArchiveError(FASTIFY_CODES[code], 'caller');
  if (statusCode === 429) return new ArchiveError('request/too-many', 'caller');
  if (statusCode && statusCode >= 400 && statusCode < 500)
    return new ArchiveError(statusCode === 404 ? 'request/not-found' : 'request/malformed', 'caller');
  return error;
}

/** The journal names the request and the failure by code and reference. INVARIANT: no body, no query, nothing personal. */
/** An alarm in the journal: by id alone, whoever watches the journal looks the rest up. */
function journalAlarm(what: string, id?: string): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), alarm: true, what, ...(id ? { id } : {}) })}\n`);
}

function journal(request: FastifyRequest, error: unknown): void {
  const route = request.routeOptions.url ?? 'none';
  const what = isArchiveError(error)
    ? error.message
    : error instanceof Error
      ? `${error.name} ${error.stack?.split('\n').slice(1, 4).join(' ') ?? ''}`
      : 'unknown';
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), reference: request.id, method: request.method, route, what })}\n`);
}

/** The built page; any address of the page itself answers with it, so that a reload stays where it was. */
async function serveWeb(app: FastifyInstance, programFolder: string): Promise<void> {
  const root = join(programFolder, 'web');
  await app.register(fastifyStatic, { root, wildcard: false, index: ['index.html'], maxAge: 0, decorateReply: true });
  app.setNotFoundHandler((request, reply) => {
    const isPage =
      request.method === 'GET' &&
      (request.headers.accept ?? '').includes('text/html') &&
      !/^\/(?:api|iiif|thumbs|log|scim)\//.test(request.url);
    if (isPage) return reply.type('text/html; charset=utf-8').sendFile('index.html');
    return sendProblem(new ArchiveError('request/not-found', 'caller'), request, reply);
  });
}
