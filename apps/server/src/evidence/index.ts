export { type MonitorInput, type MonitorOutcome, visitLog } from './monitor.ts';
export { openWitnessKey } from './witness-key.ts';
