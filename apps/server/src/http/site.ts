import type { FastifyRequest } from 'fastify';
import type { Site } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';

/**
 * The site as the browser sees it: as configured (`LANTAI_URL`), else from the request. A false host gains nothing: a passkey is bound to the host
 * it was made for, and the browser signs the origin it really speaks to.
 */
export function siteOf({ config }: Pick<Archive, 'config'>, request: Pick<FastifyRequest, 'headers'>): Site {
  const fallback = `${config.tls ? 'https' : 'http'}://${request.headers.host ?? 'localhost'}`;
  const origin = config.access.publicUrl ?? (URL.canParse(fallback) ? new URL(fallback).origin : 'http://localhost');
  return { origin, id: new URL(origin).hostname };
}
