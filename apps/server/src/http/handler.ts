import type { endpoints, OperationId } from '@lantai/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Account, Session } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import type { Cookies } from './cookies.ts';

type Endpoints = typeof endpoints;
type Schema<O extends OperationId, K extends 'params' | 'query' | 'body'> =
  Endpoints[O] extends Readonly<Record<K, infer S extends z.ZodType>> ? z.output<S> : undefined;

/** One call of an operation, already parsed and authenticated. */
export interface Call<O extends OperationId> {
  readonly archive: Archive;
  readonly params: Schema<O, 'params'>;
  readonly query: Schema<O, 'query'>;
  readonly body: Schema<O, 'body'>;
  readonly language: 'zh' | 'en';
  /** Who calls. @throws ArchiveError `session/needed` when nobody is signed in */
  readonly account: Account;
  /** Null when nobody is signed in. */
  readonly session: Session | null;
  readonly cookies: Cookies;
  /** The desk of this account with the purpose the request names. */
  desk(): Promise<Desk>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Does one operation: gives the answer's body, or sends the reply itself and gives it back. */
export type Handler<O extends OperationId> = (call: Call<O>) => Promise<unknown>;

/** Every operation with its handler: a missing one does not compile. */
export type Handlers = { readonly [O in OperationId]: Handler<O> };
