import { decideUseAlarm, endUnitLeader, listUnitLeaders, listUseAlarms, registerUnitLeader } from '../../watch/index.ts';
import type { Handlers } from '../handler.ts';

type UseWatchHandlers = Pick<Handlers, 'listUseAlarms' | 'decideUseAlarm' | 'listUnitLeaders' | 'registerUnitLeader' | 'endUnitLeader'>;

export const useWatchHandlers: UseWatchHandlers = {
  listUseAlarms: async ({ archive, account }) => ({ items: await listUseAlarms(archive, account) }),
  decideUseAlarm: async ({ archive, account, params, body }) => decideUseAlarm(archive, account, params.useAlarmId, body),
  listUnitLeaders: async ({ archive, desk }) => ({
    items: (await listUnitLeaders(archive, await desk())).map((leader) => ({ ...leader, dossiers: [...leader.dossiers] })),
  }),
  registerUnitLeader: async ({ archive, desk, body, reply }) =>
    reply.status(201).send({ id: await registerUnitLeader(archive, await desk(), body) }),
  endUnitLeader: async ({ desk, params, reply }) => {
    await endUnitLeader(await desk(), params.leaderId);
    return reply.status(204).send();
  },
};
