import { decideUseAlarm, listUseAlarms } from '../../watch/index.ts';
import type { Handlers } from '../handler.ts';

export const useWatchHandlers: Pick<Handlers, 'listUseAlarms' | 'decideUseAlarm'> = {
  listUseAlarms: async ({ archive, account }) => ({ items: await listUseAlarms(archive, account) }),
  decideUseAlarm: async ({ archive, account, params, body }) => decideUseAlarm(archive, account, params.useAlarmId, body),
};
