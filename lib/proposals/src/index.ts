export { type FoundDate, findDates } from './dates.ts';
export { loadPageWords } from './load-page-words.ts';
export type { PageLine, PageReading } from './page-reading.ts';
export type { PageWords } from './page-words.ts';
export type { DossierProposals, Proposal, Proposed, ProposedField, Reason } from './proposal.ts';
export { type Knowledge, type Known, prepare, propose } from './propose.ts';
export type { Traits } from './traits.ts';
