export { decideUseAlarm, listUseAlarms, type UseAlarm } from './alarms.ts';
export { openUseWatch, type UseWatch } from './use-watch.ts';
