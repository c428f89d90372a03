import { type Endpoint, isForTokens, type OperationId } from '@lantai/contract';
import { type Action, ARCHIVE_BUSINESS } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import type { FastifyRequest } from 'fastify';
import { type ApiToken, type ClockWatch, checkFresh, findApiToken, findSession, type Session } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { codeOf, type Desk, FailureLog, NOBODY as UNKNOWN } from '../desk/index.ts';
import type { UseWatch } from '../watch/index.ts';
import type { Cookies } from './cookies.ts';
import { statusOf } from './problems.ts';
import { RateWindow } from './rate-window.ts';
import { isFailure, objectOf } from './request-failures.ts';

const ACCOUNT_REQUESTS_A_MINUTE_MAX = 3000;
const WRONG_TOKENS_A_MINUTE_MAX = 30;
/** How long each answer to somebody slowed is held back. */
const SLOWED_MS = 2_000;

/** Who asks: a browser with a session, or a program with an API token (`token` is then set, and `session` stands for it). */
export interface Asker {
  readonly session: Session | null;
  readonly token: ApiToken | null;
}

const NOBODY: Asker = { session: null, token: null };

/** The one gate before every operation: who asks, and whether the endpoint's declaration lets them. */
export class Gate {
  readonly #accounts = new RateWindow(ACCOUNT_REQUESTS_A_MINUTE_MAX);
  readonly #wrongTokens = new RateWindow(WRONG_TOKENS_A_MINUTE_MAX);

  /** Where refusals and failures become entries. */
  readonly failures: FailureLog;

  constructor(
    readonly archive: Archive,
    readonly cookies: Cookies,
    readonly clock: ClockWatch,
    readonly watch: Pick<UseWatch, 'note'>,
  ) {
    this.failures = new FailureLog(archive);
  }

  /**
   * Who asks. A token that does not hold is refused; it never falls back to a cookie.
   * @throws ArchiveError `token/refused`, `request/too-many` (caller)
   */
  async identify(request: FastifyRequest): Promise<Asker> {
    await this.clock.check();
    const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (request.headers.authorization !== undefined) {
      const token = bearer ? await findApiToken(this.archive, bearer) : null;
      if (!token) return this.#refuseToken(request.ip);
      const { id, account, digest, expiresAtMs } = token;
      return { token, session: { id, account, digest, expiresAtMs, freshAtMs: 0 } };
    }
    const cookie = this.cookies.findSession(request);
    if (!cookie) return NOBODY;
    return { session: await findSession(this.archive, cookie), token: null };
  }

  async #refuseToken(address: string): Promise<never> {
    if (!this.#wrongTokens.take(address, this.archive.clock.nowMs())) throw new ArchiveError('request/too-many', 'caller');
    await this.failures.note({ kind: 'session.refused', actorId: UNKNOWN, params: { reason: 'token' } });
    throw new ArchiveError('token/refused', 'caller');
  }

  /**
   * Lets the asker through to an operation, or says why not. The policy decides by the asker's own desk, as it does inside the operation.
   * @throws ArchiveError `session/needed`, `request/too-many`, `password/change-needed`, `token/…`, `desk/not-allowed`, `session/fresh-needed`
   */
  async admit(endpoint: Endpoint, { session, token }: Asker, openOwnDesk: () => Promise<Desk>): Promise<void> {
    if (endpoint.right === 'open') return;
    if (!session) throw new ArchiveError('session/needed', 'caller');
    if (endpoint.tokensOnly && !token) throw new ArchiveError('token/needed', 'caller');
    const { account } = session;
    const nowMs = this.archive.clock.nowMs();
    if (!this.#accounts.take(account.accountId, nowMs)) throw new ArchiveError('request/too-many', 'caller');
    if (account.mustChangePassword && !endpoint.beforePasswordChange) throw new ArchiveError('password/change-needed', 'caller');
    if (token && !isForTokens(endpoint)) throw new ArchiveError('token/not-for-this', 'caller');
    if (endpoint.right !== 'signed-in') {
      if (token && !token.scopes.has(endpoint.right)) throw new ArchiveError('token/scope', 'caller', { scope: endpoint.right });
      if (!endpoint.byViewToken) (await openOwnDesk()).scope(endpoint.right);
    }
    if (endpoint.needsFreshAuth) checkFresh(session, nowMs);
  }

  /** Holds back the archive business of whoever does far more than usual; what comes of it is for the security administrator to see. */
  async pace(endpoint: Endpoint, openOwnDesk: () => Promise<Desk>): Promise<void> {
    if (isBusiness(endpoint) && (await openOwnDesk()).isSlowed) await new Promise((resolve) => setTimeout(resolve, SLOWED_MS));
  }

  /** Says to the watch that somebody has looked at or taken something. */
  noteUse(endpoint: Endpoint, { session }: Asker): void {
    if (session && isBusiness(endpoint)) this.watch.note(session.account.accountId, session.account.role);
  }

  /**
   * Writes into the log what was refused, guessed at or failed; of somebody unknown too. What was merely mistyped or came too late is no failure,
   * but among dangerous acts.
   * @param id the operation; null when none was reached
   */
  async noteFailure(id: OperationId | null, asker: Asker | null, request: FastifyRequest, error: unknown): Promise<void> {
    if (!isFailure(id, asker?.session != null, request, error)) return;
    const { session = null, token = null } = asker ?? {};
    const objectId = objectOf(request);
    await this.failures.note({
      kind: statusOf(error) >= 500 ? 'request.failed' : 'request.refused',
      actorId: session?.account.accountId ?? UNKNOWN,
      ...(objectId ? { objectId } : {}),
      params: { ...(id ? { operation: id } : {}), code: codeOf(error), ...(token ? { token: token.id } : {}) },
    });
  }
}

/** Archive business; the images of a look come with the look. */
const isBusiness = ({ right, byViewToken }: Endpoint): boolean =>
  !byViewToken && right !== 'open' && right !== 'signed-in' && ARCHIVE_BUSINESS.includes(right);

/** A desk that does only what a token's scopes hold; the policy decides after it as for everybody. */
export function restrictDesk(desk: Desk, scopes: ReadonlySet<Action>): Desk {
  const check = (action: Action) => {
    if (!scopes.has(action)) throw new ArchiveError('token/scope', 'caller', { scope: action });
  };
  return {
    ...desk,
    may: (action) => scopes.has(action) && desk.may(action),
    scope: (action) => {
      check(action);
      return desk.scope(action);
    },
    act: async (action, work) => {
      check(action);
      return desk.act(action, work);
    },
  };
}
