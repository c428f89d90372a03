import { ArchiveError } from '@lantai/values';
import {
  type Account,
  changeAccount,
  createAccountAs,
  endAccountSessions,
  listAccounts,
  listAdministratorActs,
  listOfficeConflicts,
  removeFactors,
  resetPassword,
} from '../../access/index.ts';
import type { Archive } from '../../archive/index.ts';
import type { Handlers } from '../handler.ts';

type AccountHandlers = Pick<
  Handlers,
  | 'listAccounts'
  | 'createAccount'
  | 'changeAccount'
  | 'resetPassword'
  | 'removeFactors'
  | 'endAccountSessions'
  | 'listAdministratorActs'
  | 'listOfficeConflicts'
>;

async function getLine(archive: Archive, actor: Account, accountId: string) {
  const [line] = await listAccounts(archive, actor, accountId);
  if (!line) throw new ArchiveError('account/not-found', 'caller');
  return line;
}

export const accountHandlers: AccountHandlers = {
  listAccounts: async ({ archive, account }) => ({ items: await listAccounts(archive, account) }),
  createAccount: async ({ archive, account, body, reply }) => {
    const { accountId, password } = await createAccountAs(archive, account, body);
    return reply.status(201).send({ account: await getLine(archive, account, accountId), password });
  },
  changeAccount: async ({ archive, account, params, body }) => {
    await changeAccount(archive, account, params.accountId, body);
    return getLine(archive, account, params.accountId);
  },
  resetPassword: async ({ archive, account, params }) => {
    const password = await resetPassword(archive, account, params.accountId);
    return { account: await getLine(archive, account, params.accountId), password };
  },
  removeFactors: async ({ archive, account, params }) => {
    await removeFactors(archive, account, params.accountId);
    return getLine(archive, account, params.accountId);
  },
  endAccountSessions: async ({ archive, account, params }) => {
    await endAccountSessions(archive, account, params.accountId);
    return getLine(archive, account, params.accountId);
  },
  listOfficeConflicts: async ({ archive, account }) => ({ items: await listOfficeConflicts(archive, account) }),
  listAdministratorActs: async ({ archive, account, query }) => listAdministratorActs(archive, account, query),
};
