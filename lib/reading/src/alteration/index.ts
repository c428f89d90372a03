export { type AlterationField, findAlterations } from './find-alterations.ts';
export { ALTERATION_CHECK, ALTERATION_CODES, type AlterationCode, type AlterationHint, type PageLie } from './hints.ts';
