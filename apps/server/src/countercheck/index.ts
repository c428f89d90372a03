export { type CheckDecision, decideCheck, reopenChecks } from './change-checks.ts';
export {
  type CheckRow,
  type CheckState,
  hasArranged,
  openCheckWords,
  ownPart,
  readChecks,
} from './check-rows.ts';
export { findCountercheckRefusal } from './filing-gate.ts';
export {
  type CountercheckPlace,
  isCountercheckRequired,
  keepsFonds,
  listCountercheckRules,
  REQUIRED_SQL,
  setCountercheckRule,
} from './rules.ts';
