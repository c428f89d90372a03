export {
  type AnswerRow,
  CHECK_COLUMNS,
  type CheckRow,
  FINDINGS_KEPT,
  type KeptItem,
  type KeptResults,
  openResults,
  openWords,
  readAnswers,
  sealResults,
  sealWords,
} from './check-rows.ts';
export { type FilingRefusal, findFilingCheckRefusal } from './filing-gate.ts';
export { type FilingCheckRule, listFilingCheckRules, setFilingCheckRule } from './rules.ts';
export { type CheckStandards, loadCheckStandards, nameOfStandard } from './standards.ts';
