import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Cookies of the door. Over TLS they carry the prefix `__Host-`: a browser then takes them from this very host over TLS alone, for `/`, and no
 * neighbouring host can set them. Source: RFC 6265bis, section 4.1.3.2.
 */
export interface Cookies {
  readonly sessionName: string;
  findSession(request: FastifyRequest): string | null;
  setSession(reply: FastifyReply, token: string, expiresAtMs: number): void;
  clearSession(reply: FastifyReply): void;
  /** A short-lived cookie that must survive the way back from another site (SameSite=Lax). */
  findVisit(request: FastifyRequest): string | null;
  setVisit(reply: FastifyReply, value: string, lifeMs: number): void;
  clearVisit(reply: FastifyReply): void;
}

export function cookiesFor(isTls: boolean): Cookies {
  const prefix = isTls ? '__Host-' : '';
  const sessionName = `${prefix}lantai_session`;
  const visitName = `${prefix}lantai_visit`;
  const strict = { path: '/', httpOnly: true, sameSite: 'strict', secure: isTls } as const;
  const lax = { ...strict, sameSite: 'lax' } as const;
  return {
    sessionName,
    findSession: (request) => request.cookies[sessionName] ?? null,
    setSession: (reply, token, expiresAtMs) => void reply.setCookie(sessionName, token, { ...strict, expires: new Date(expiresAtMs) }),
    clearSession: (reply) => void reply.clearCookie(sessionName, strict),
    findVisit: (request) => request.cookies[visitName] ?? null,
    setVisit: (reply, value, lifeMs) => void reply.setCookie(visitName, value, { ...lax, maxAge: Math.floor(lifeMs / 1000) }),
    clearVisit: (reply) => void reply.clearCookie(visitName, lax),
  };
}
