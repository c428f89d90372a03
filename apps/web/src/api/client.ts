import { createLantaiClient } from '@lantai/contract/client';

export type { Schemas } from '@lantai/contract/client';

export type Purpose = 'archive_work' | 'verification' | 'audit';
const KEY = 'lantai.purpose';

/** Why this session looks into dossiers; every entry names it. */
export function currentPurpose(): Purpose {
  const kept = sessionStorage.getItem(KEY);
  return kept === 'verification' || kept === 'audit' ? kept : 'archive_work';
}
export function choosePurpose(purpose: Purpose): void {
  sessionStorage.setItem(KEY, purpose);
}

/** The client of the page: same origin, session by cookie, language and purpose of the moment. */
export const api = createLantaiClient({ language: () => (document.documentElement.lang === 'en' ? 'en' : 'zh-CN') });
api.use({
  onRequest({ request }) {
    request.headers.set('lantai-purpose', currentPurpose());
    return request;
  },
});
