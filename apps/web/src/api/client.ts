import { createLantaiClient, type Schemas } from '@lantai/contract/client';

export type { Schemas } from '@lantai/contract/client';

export type Purpose = Schemas['Purpose'];
/** What somebody of the archive chooses among; the others come with a consultation that was approved for them. */
export const DAILY_PURPOSES = ['archive_work', 'verification', 'audit'] as const satisfies readonly Purpose[];
/** Source: rules §1.1.5, the purposes for which dossiers are consulted. */
export const CONSULTATION_PURPOSES = [
  'political_review',
  'personnel_decision',
  'talent',
  'discipline',
  'history',
  'daily_management',
  'lawful_interest',
  'verification',
] as const satisfies readonly Purpose[];
const PURPOSES: readonly string[] = [...DAILY_PURPOSES, ...CONSULTATION_PURPOSES];
const KEY = 'lantai.purpose';

/** Why this session looks into dossiers; every entry names it. */
export function currentPurpose(): Purpose {
  const kept = sessionStorage.getItem(KEY);
  return kept !== null && PURPOSES.includes(kept) ? (kept as Purpose) : 'archive_work';
}
export function choosePurpose(purpose: Purpose): void {
  sessionStorage.setItem(KEY, purpose);
}

/** The client of the page: same origin, session by cookie, language and purpose of the moment. */
export const api = createLantaiClient({ language: () => (document.documentElement.lang === 'en' ? 'en' : 'zh-CN') });
api.use({
  onRequest({ request }) {
    if (!request.headers.has('lantai-purpose')) request.headers.set('lantai-purpose', currentPurpose());
    return request;
  },
});
