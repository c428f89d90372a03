import { keepNotice, keepPurpose, listNotices, listPurposes, readLimits, setLimit } from '../../personal/index.ts';
import type { Handlers } from '../handler.ts';

type ProcessingHandlers = Pick<
  Handlers,
  'listProcessingPurposes' | 'keepProcessingPurpose' | 'listNotices' | 'keepNotice' | 'listPersonalLimits' | 'setPersonalLimit'
>;

export const processingHandlers: ProcessingHandlers = {
  listProcessingPurposes: async ({ archive }) => ({ items: await listPurposes(archive.db) }),
  keepProcessingPurpose: async ({ desk, params, body }) => keepPurpose(await desk(), { ...body, code: params.code }),
  listNotices: async ({ archive }) => ({ items: await listNotices(archive.db) }),
  keepNotice: async ({ desk, body, reply }) => reply.status(201).send(await keepNotice(await desk(), body)),
  listPersonalLimits: async ({ archive }) => ({ items: await readLimits(archive.db) }),
  setPersonalLimit: async ({ desk, params, body, reply }) => {
    await setLimit(await desk(), params.code, body.value);
    return reply.status(204).send();
  },
};
