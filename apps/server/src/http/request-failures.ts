import { type Endpoint, endpoints, type OperationId } from '@lantai/contract';
import { isArchiveError } from '@lantai/values';
import type { FastifyRequest } from 'fastify';
import { statusOf } from './problems.ts';

/** Refused, not found, over, locked, too often; and whatever is our own fault. */
const FAILURES: ReadonlySet<number> = new Set([401, 403, 404, 410, 423, 429]);
/** Entries of these are made where they are judged. */
const JUDGED: ReadonlySet<string> = new Set([
  'session/refused',
  'session/code-needed',
  'session/locked',
  'token/refused',
  'oidc/refused',
  'oidc/not-linked',
]);

/**
 * Whether what went wrong with a request is a failure that the log holds (docs/spec/log-entry.md, section 7).
 * @param id the operation; null when none was reached
 * @param isKnown whether it is known who asked
 */
export function isFailure(id: OperationId | null, isKnown: boolean, request: FastifyRequest, error: unknown): boolean {
  const status = statusOf(error);
  if (status >= 500) return true;
  if (!isArchiveError(error) || (JUDGED.has(error.code) && !isKnown)) return false;
  // Being asked for the password again is a step of the way; so is finding out that nobody is signed in.
  if (error.code === 'session/fresh-needed') return false;
  if (id === 'getSession' && request.headers.cookie === undefined) return false;
  // An address that is none of ours is a slip, or a scan of the whole network.
  if (id === null) return error.code !== 'request/not-found' && FAILURES.has(status);
  const endpoint: Endpoint = endpoints[id];
  // Checkpoints and tiles are asked for by nobody in particular; signing in has entries of its own. A telephone's secret that does not hold is a guess, or too late.
  if (endpoint.right === 'open') return status === 429 || error.code === 'phone/link-over';
  return FAILURES.has(status) || (endpoint.needsFreshAuth === true && !!isKnown);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The id that the address names last. INVARIANT: nothing else of the address: it may hold a token. */
export function objectOf(request: FastifyRequest): string | undefined {
  return Object.values((request.params ?? {}) as Record<string, unknown>)
    .filter((value): value is string => typeof value === 'string' && UUID.test(value))
    .at(-1);
}
