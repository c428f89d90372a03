import {
  countRegister,
  exportRegister,
  keepNotice,
  keepPurpose,
  listAssessments,
  listBreaches,
  listDestructions,
  listNotices,
  listProcessing,
  listProvisions,
  listPurposes,
  makeBreachNotice,
  markBreach,
  readLimits,
  recordAssessment,
  recordBreach,
  setLimit,
} from '../../personal/index.ts';
import type { Handlers } from '../handler.ts';

type ProcessingHandlers = Pick<
  Handlers,
  | 'listProcessingPurposes'
  | 'keepProcessingPurpose'
  | 'listNotices'
  | 'keepNotice'
  | 'listPersonalLimits'
  | 'setPersonalLimit'
  | 'listProcessing'
  | 'listProvisions'
  | 'listDestructions'
  | 'countRegister'
  | 'exportRegister'
  | 'listAssessments'
  | 'recordAssessment'
  | 'listBreaches'
  | 'recordBreach'
  | 'markBreach'
  | 'makeBreachNotice'
>;

const within = (time: { fromMs?: number | undefined; toMs?: number | undefined }) => ({
  fromMs: time.fromMs ?? 0,
  toMs: time.toMs ?? Number.MAX_SAFE_INTEGER,
});

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
  listProcessing: async ({ desk }) => ({ items: await listProcessing(await desk()) }),
  listProvisions: async ({ desk, query }) => ({ items: await listProvisions(await desk(), within(query)) }),
  listDestructions: async ({ desk }) => ({ items: await listDestructions(await desk()) }),
  countRegister: async ({ archive, desk, params, body }) => countRegister(archive, await desk(), params.register, within(body)),
  exportRegister: async ({ archive, desk, params, body, reply }) => {
    const bytes = await exportRegister(archive, await desk(), params.register, { ...within(body), leave: body.leave });
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="register-${params.register}.csv"`)
      .send(Buffer.from(bytes));
  },
  listAssessments: async ({ archive, desk }) => ({ items: await listAssessments(archive, await desk()) }),
  recordAssessment: async ({ desk, body, reply }) => reply.status(201).send({ id: await recordAssessment(await desk(), body) }),
  listBreaches: async ({ archive, desk }) => ({ items: await listBreaches(archive, await desk()) }),
  recordBreach: async ({ desk, body, reply }) => reply.status(201).send({ id: await recordBreach(await desk(), body) }),
  markBreach: async ({ desk, params, body, reply }) => {
    await markBreach(await desk(), params.breachId, body.step);
    return reply.status(204).send();
  },
  makeBreachNotice: async ({ archive, desk, params, body, language, reply }) => {
    const bytes = await makeBreachNotice(archive, await desk(), params.breachId, body.to, language);
    return reply
      .type('text/html; charset=utf-8')
      .header('content-disposition', `attachment; filename="notice-${body.to}.html"`)
      .send(Buffer.from(bytes));
  },
};
