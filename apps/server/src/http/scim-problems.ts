import { wordsOf } from '@lantai/contract';
import { isArchiveError } from '@lantai/values';
import { statusOf } from './problems.ts';

/** Where SCIM is spoken. */
export const isScim = (url: string): boolean => /^\/scim\/v2(?:\/|$|\?)/.test(url);

/** `scimType` of RFC 7644, table 9, by code. */
const TYPES: Readonly<Record<string, string>> = {
  'scim/filter-malformed': 'invalidFilter',
  'scim/path-invalid': 'invalidPath',
  'scim/patch-malformed': 'invalidSyntax',
  'scim/no-target': 'noTarget',
  'scim/read-only': 'mutability',
  'scim/roles-refused': 'mutability',
  'scim/too-many': 'tooMany',
  'scim/exists': 'uniqueness',
  'directory/external-taken': 'uniqueness',
  'directory/login-taken': 'uniqueness',
  'directory/other-source': 'uniqueness',
  'account/name-taken': 'uniqueness',
  'unit/code-taken': 'uniqueness',
  'directory/administrator-untouched': 'mutability',
  'directory/disabled-by-hand': 'mutability',
  'directory/last-archivist': 'mutability',
  'directory/own-account': 'mutability',
  'directory/unit-kept': 'mutability',
  'request/malformed': 'invalidSyntax',
};

/** The body and status of an error to a SCIM client (RFC 7644, section 3.12): codes and their words, nothing of the request. */
export function scimProblemOf(error: unknown, language: 'zh' | 'en'): { readonly status: number; readonly body: Record<string, unknown> } {
  const code = isArchiveError(error) ? error.code : 'program/failed';
  const detail = isArchiveError(error) ? error.detail : {};
  const scimType = TYPES[code];
  const own = statusOf(error);
  // Well-formed and cannot be done is 422 elsewhere; SCIM knows 400 with a type for it, and 409 for what is there already.
  const status = scimType === 'uniqueness' ? 409 : own === 422 ? 400 : own;
  return {
    status,
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
      ...(status === 400 || status === 409 ? { scimType: scimType ?? 'invalidValue' } : {}),
      detail: `${wordsOf(language, code, detail)} [${code}]`,
    },
  };
}
