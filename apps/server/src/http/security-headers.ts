import type { FastifyReply } from 'fastify';

/**
 * What a browser may do with our pages: only our own scripts and images, no frames, no guessing of types, nothing kept by caches between.
 * antd writes its styles into the page, so styles alone may be inline (docs/adr of the web).
 */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "object-src 'none'",
].join('; ');

const ONE_YEAR_SECONDS = 31_536_000;

/** @param of isPhone: the page that photographs; no other may ask for the camera */
export function setSecurityHeaders(reply: FastifyReply, of: { readonly isTls: boolean; readonly isPhone: boolean }): void {
  reply.headers({
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': `camera=${of.isPhone ? '(self)' : '()'}, microphone=(), geolocation=()`,
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
    ...(of.isTls ? { 'strict-transport-security': `max-age=${ONE_YEAR_SECONDS}` } : {}),
  });
}
