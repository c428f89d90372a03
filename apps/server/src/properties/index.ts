export { answerPropertyItem, type ItemAnswer } from './answer-item.ts';
export { makeDescription } from './describe-dossier.ts';
export { type MadeReport, makePropertyReport } from './report-check.ts';
export { runPropertyCheck } from './run-check.ts';
export { listPropertyChecks, readPropertyCheck } from './show-check.ts';
export { startPropertyCheck } from './start-check.ts';
