import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterAll, beforeAll } from 'vitest';
import { type Account, findAccount, insertAccount } from '../../access/index.ts';
import type { Archive } from '../../archive/index.ts';
import { deskTx } from '../../desk/index.ts';
import { type ArchiveFixture, useArchive } from '../../testing/archive-fixture.ts';
import { createHttp } from '../create-http.ts';
import { createHandlers } from '../handlers.ts';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by the test, field by field
  readonly body: any;
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>;
}

/** A browser before the server: it keeps cookies. */
export interface Visitor {
  readonly cookies: Map<string, string>;
  call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  signIn(name: string, password?: string, code?: string): Promise<Answer>;
}

/** The web server of an archive with accounts of every kind, and a clock that can be moved. */
export interface WebFixture extends ArchiveFixture {
  readonly app: FastifyInstance;
  readonly served: Archive;
  /** Moves the server's clock by this much, forwards or back. */
  moveClock(byMs: number): void;
  visitor(): Visitor;
  /** A visitor signed in as a new account of this role. */
  enter(role: Account['role'], over?: Partial<Account>): Promise<Visitor & { accountId: string; name: string }>;
  /** Kinds of entries that an account left in the log, or those about it. */
  kindsOf(accountId: string): Promise<string[]>;
}

/** Password of every account that the fixture makes. */
export const PASSWORD = '秋天的银杏叶落满了档案馆的台阶';

/** Opens an archive and its web server for the tests of a file: call at the top of the file. */
export function useWeb(change: (archive: Archive) => Partial<Archive> = () => ({})): WebFixture {
  const fixture = useArchive();
  const made: { web?: WebFixture } = {};
  beforeAll(async () => {
    made.web = await openWeb(fixture, change);
  });
  afterAll(async () => {
    await made.web?.app.close();
  });
  return new Proxy({} as WebFixture, {
    get: (_, name) => made.web?.[name as keyof WebFixture] ?? fixture[name as keyof ArchiveFixture],
  });
}

async function openWeb(fixture: ArchiveFixture, change: (archive: Archive) => Partial<Archive>): Promise<WebFixture> {
  let offsetMs = 0;
  const { clock } = fixture.archive;
  const moved = { ...clock, nowMs: () => clock.nowMs() + offsetMs };
  const served: Archive = { ...fixture.archive, clock: moved, ...change(fixture.archive) };
  const app = await createHttp(served, createHandlers(served));
  let count = 0;
  let addresses = 0;
  // Each at an address of its own: sign-ins are counted by address.
  const visitor = () => makeVisitor(app, `192.0.2.${++addresses}`);
  const web = {
    app,
    served,
    moveClock: (byMs: number) => {
      offsetMs += byMs;
    },
    visitor,
    enter: async (role: Account['role'], over: Partial<Account> = {}) => {
      const name = `${role}${++count}`;
      const accountId = await served.db.tx((tx) =>
        insertAccount(deskTx(tx, served, null, 'administration'), served, {
          name,
          role,
          password: PASSWORD,
          fondsId: over.fondsId ?? null,
          unitId: over.unitId ?? null,
          levelMax: over.levelMax ?? 3,
          mustChangePassword: over.mustChangePassword ?? false,
        }),
      );
      if (!(await findAccount(served, accountId))) throw new Error('an account just made is found');
      const made = visitor();
      await made.signIn(name);
      return { ...made, accountId, name };
    },
    kindsOf: async (accountId: string) =>
      (
        await served.db.query<{ kind: string }>(
          `select kind from entry where actor_id = $1 or convert_from(bytes, 'UTF8')::jsonb->>'object' = $1::text order by id`,
          [accountId],
        )
      ).map((row) => row.kind),
  };
  return web as unknown as WebFixture;
}

function makeVisitor(app: FastifyInstance, address: string): Visitor {
  const cookies = new Map<string, string>();
  const call: Visitor['call'] = async (method, path, body, headers = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const options: InjectOptions = {
      method,
      url: path,
      remoteAddress: address,
      headers: { ...(cookie ? { cookie } : {}), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { payload: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) }),
    };
    const response = await app.inject(options);
    for (const { name, value } of response.cookies) {
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const isJson = String(response.headers['content-type']).includes('json');
    return { status: response.statusCode, body: isJson && response.body ? response.json() : response.body, headers: response.headers };
  };
  const signIn: Visitor['signIn'] = (name, password = PASSWORD, code) =>
    call('POST', '/api/v1/session', { name, password, ...(code === undefined ? {} : { code }) });
  return { cookies, call, signIn };
}
