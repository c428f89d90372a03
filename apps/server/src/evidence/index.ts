export { type MonitorInput, type MonitorOutcome, visitLog } from './monitor.ts';
