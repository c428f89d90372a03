import {
  activatePolicy,
  checkPolicy,
  draftPolicy,
  explainAccess,
  listPolicies,
  readPolicyVersion,
  tableOf,
  tryPolicy,
} from '../../organisation/index.ts';
import type { Handlers } from '../handler.ts';

type PolicyHandlers = Pick<
  Handlers,
  'listPolicies' | 'getPolicy' | 'checkPolicy' | 'draftPolicy' | 'tryPolicy' | 'activatePolicy' | 'explainAccess'
>;

export const policyHandlers: PolicyHandlers = {
  listPolicies: async ({ desk }) => ({ items: await listPolicies(await desk()) }),
  getPolicy: async ({ desk, params }) => {
    const yaml = await readPolicyVersion(await desk(), params.version);
    return { version: params.version, yaml, table: tableOf(yaml) };
  },
  checkPolicy: async ({ desk, body }) => ({
    problems: checkPolicy(await desk(), body.yaml).map(({ code, params }) => ({ code, params })),
    table: tableOf(body.yaml),
  }),
  draftPolicy: async ({ desk, body, reply }) => reply.status(201).send({ version: await draftPolicy(await desk(), body.yaml) }),
  tryPolicy: async ({ archive, desk, body }) => {
    const { differences, accounts, dossiers } = await tryPolicy(archive, await desk(), body.yaml, body.actions);
    return { differences: differences.map(({ actorId, ...d }) => ({ accountId: actorId, ...d })), accounts, dossiers };
  },
  activatePolicy: async ({ desk, params, body, reply }) => {
    await activatePolicy(await desk(), params.version, body.baseVersion);
    return reply.status(204).send();
  },
  explainAccess: async ({ archive, desk, body }) => explainAccess(archive, await desk(), body),
};
