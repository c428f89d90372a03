import { type Problem, wordsOf } from '@lantai/contract';
import { isArchiveError } from '@lantai/values';

/**
 * The one table from error codes to HTTP statuses. Actions know no statuses.
 * A caller's code without a row here is 422: well-formed, but cannot be done.
 */
const STATUS: Readonly<Record<string, number>> = {
  'request/malformed': 400,
  'id/malformed': 400,
  'image/request': 400,
  'session/needed': 401,
  'session/refused': 401,
  'session/code-needed': 401,
  'passkey/refused': 422,
  'optimised/none': 404,
  'optimised/not-read-yet': 409,
  'oidc/off': 409,
  'oidc/linked-elsewhere': 409,
  'totp/enrolled': 409,
  'totp/not-begun': 409,
  'passkey/known': 409,
  'token/refused': 401,
  'token/needed': 401,
  'scim/version': 412,
  'session/fresh-needed': 403,
  'password/change-needed': 403,
  'token/not-for-this': 403,
  'token/scope': 403,
  'account/own': 403,
  'break-glass/own': 403,
  'break-glass/over': 410,
  'break-glass/asked': 409,
  'account/name-taken': 409,
  'account/changed': 409,
  'account/role-fixed': 409,
  'account/last-of-role': 409,
  'account/holder-conflict': 409,
  'request/unknown-key': 400,
  'desk/not-allowed': 403,
  'use/stopped': 403,
  'use/own-alarm': 403,
  'use/decided': 409,
  'use/alarm-not-found': 404,
  'request/foreign-origin': 403,
  'session/locked': 423,
  'request/too-large': 413,
  'request/media-type': 415,
  'request/too-many': 429,
  'upload/not-found': 404,
  'manifest/not-found': 404,
  'upload/expired': 410,
  'phone/link-over': 410,
  'phone/link-not-found': 404,
  'phone/too-many': 409,
  'scan/not-found': 404,
  'phone/link-full': 409,
  'upload/offset': 409,
  'upload/incomplete': 409,
  'upload/version': 412,
  'upload/too-large': 413,
  'view/expired': 410,
  'quality/no-standard': 404,
  'filing/exception-open': 409,
  'filing/not-counterchecked': 409,
  'filing/not-checked': 409,
  'filing/check-failed': 409,
  'filing/check-unanswered': 409,
  'countercheck/off': 409,
  'determination/not-confirmed': 409,
  'determination/document-open': 409,
  'determination/document-held': 409,
  'countercheck/not-confirmed': 409,
  'countercheck/not-returned': 409,
  'countercheck/returned-already': 409,
  'filing/filed-already': 409,
  'count-exception/closed': 409,
  'properties/not-found': 404,
  'properties/running': 409,
  'batch/code-taken': 409,
  'box/changed': 409,
  'code/whole-fonds': 403,
  'box/number-taken': 409,
  'station/nothing-waiting': 409,
  'claim/over': 409,
  'catalogue/changed-since': 409,
  'dossier/changed': 409,
  'dossier/code-taken': 409,
  'field/code-taken': 409,
  'sample/not-offered': 409,
  'view/name-taken': 409,
  'job/not-failed': 409,
  'policy/changed': 409,
  'standard/in-force': 409,
  'reading/changed': 409,
  'directory/plan-changed': 409,
  'export/not-as-confirmed': 409,
  'fonds/code-taken': 409,
  'unit/code-taken': 409,
  'subject-request/open': 409,
  'subject-request/state': 409,
  'subject-request/extended': 409,
  'purpose/changed': 409,
  'breach/step': 409,
  'destruction/same-person': 403,
  'anchor/name-taken': 409,
};

const CALLER_STATUS = 422;

/** The HTTP status of a failure. What is not found, and what may not be seen, are both 404. */
export function statusOf(error: unknown): number {
  if (!isArchiveError(error)) return 500;
  const known = STATUS[error.code];
  if (known) return known;
  if (error.fault === 'corruption') return 500;
  if (error.fault === 'environment') return 503;
  return /\/(?:not-found|unknown)$/.test(error.code) ? 404 : CALLER_STATUS;
}

/** The body of an error answer (RFC 9457): codes, numbers and the code's own words, nothing of the request. */
export function problemOf(error: unknown, language: 'zh' | 'en', reference: string): Problem {
  const status = statusOf(error);
  const code = isArchiveError(error) ? error.code : 'program/failed';
  const params = isArchiveError(error) && Object.keys(error.detail).length ? { ...error.detail } : undefined;
  return {
    type: `urn:lantai:problem:${code}`,
    title: wordsOf(language, code, params ?? {}),
    status,
    code,
    ...(params ? { params } : {}),
    ...(status >= 500 ? { reference } : {}),
  };
}

/** The language of an answer: `Accept-Language` beginning with English asks for English; Chinese else. */
export function languageOf(header: string | string[] | undefined): 'zh' | 'en' {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  const first = /\b(zh|en)\b/i.exec(text)?.[1]?.toLowerCase();
  return first === 'en' ? 'en' : 'zh';
}
