import { listCodeRules, recodeDossiers, setCodeRule } from '../../catalogue/index.ts';
import type { Handlers } from '../handler.ts';

export const archivalCodeHandlers: Pick<Handlers, 'listCodeRules' | 'setCodeRule' | 'recodeDossiers'> = {
  listCodeRules: async ({ archive, desk }) => listCodeRules(archive, await desk()),
  setCodeRule: async ({ archive, body, desk, reply }) => {
    await setCodeRule(archive, await desk(), body);
    return reply.code(204).send();
  },
  recodeDossiers: async ({ archive, body, desk }) => recodeDossiers(archive, await desk(), body),
};
