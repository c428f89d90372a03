export { type BundleOutcome, checkBundleAt } from './check-bundle.ts';
export { type MonitorInput, type MonitorOutcome, visitLog } from './monitor.ts';
export { openWitnessKey } from './witness-key.ts';
