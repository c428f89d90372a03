import { askLearning, listLearning, useModel } from '../../learning/index.ts';
import type { Handlers } from '../handler.ts';

export const learningHandlers: Pick<Handlers, 'listLearning' | 'askLearning' | 'useLearningModel'> = {
  listLearning: async ({ archive, desk }) => ({ items: await listLearning(archive, await desk()) }),
  askLearning: async ({ archive, body, desk, reply }) => {
    await askLearning(archive, await desk(), body);
    return reply.code(202).send();
  },
  useLearningModel: async ({ params, body, desk, reply }) => {
    await useModel(await desk(), params.modelId, body.isUsed);
    return reply.code(204).send();
  },
};
