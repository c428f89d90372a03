export { answerHint } from './answer-hint.ts';
export { makeAuditForm } from './audit-form.ts';
export { confirmDetermination, refuseDetermination } from './decide-determination.ts';
export { examineDossier, queueExaminations } from './examine-dossier.ts';
export { attachDocument, makeDocument } from './file-document.ts';
export { markAssertion } from './mark-assertion.ts';
export { type NewDetermination, proposeDetermination, withdrawDetermination } from './propose-determination.ts';
export { readKeyFacts } from './read-key-facts.ts';
