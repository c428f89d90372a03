export { decideUseAlarm, listUseAlarms, type UseAlarm } from './alarms.ts';
export { endUnitLeader, listUnitLeaders, registerUnitLeader, type UnitLeader } from './leaders.ts';
export { openUseWatch, type UseWatch } from './use-watch.ts';
