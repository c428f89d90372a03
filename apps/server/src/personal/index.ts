export { type Consent, listConsents, recordConsent, withdrawConsent } from './consents.ts';
export { countOverdue, type Decision, decideRequest, extendRequest, fulfilRequest } from './decide-request.ts';
export { approveDestruction, finishDestructions, runDestruction } from './destroy-dossier.ts';
export { LEGAL_BASES, LIMITS, type LimitCode } from './law.ts';
export { type Limit, readLimits, setLimit } from './limits.ts';
export { listOwnDossiers, type OwnDossier, readAnswer, type SubjectAnswer } from './own-dossiers.ts';
export { keepNotice, keepPurpose, listNotices, listPurposes, type Notice, type ProcessingPurpose } from './purposes.ts';
export { listRequests, makeRequest, type NewRequest, type SubjectRequest, withdrawRequest } from './requests.ts';
export { liftRestriction, listRestrictions, type Restriction } from './restrictions.ts';
