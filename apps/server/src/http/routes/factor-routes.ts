import {
  addPasskey,
  checkPasskey,
  confirmTotp,
  getFactors,
  removePasskey,
  removeTotp,
  renewRecoveryCodes,
  startPasskey,
  startPasskeyProof,
  startTotp,
} from '../../access/index.ts';
import { deskTx } from '../../desk/index.ts';
import type { Call, Handlers } from '../handler.ts';
import { siteOf } from '../site.ts';
import { beginSession, sessionView } from './session-routes.ts';

type FactorHandlers = Pick<
  Handlers,
  | 'getFactors'
  | 'startTotp'
  | 'confirmTotp'
  | 'removeTotp'
  | 'makeRecoveryCodes'
  | 'startPasskey'
  | 'addPasskey'
  | 'removePasskey'
  | 'startFreshPasskey'
  | 'startPasskeySignIn'
  | 'signInByPasskey'
>;

async function signInByPasskey(call: Call<'signInByPasskey'>) {
  const { archive, body, request } = call;
  const site = siteOf(archive, request);
  const outcome = await archive.db.tx(async (raw) => {
    const checked = await checkPasskey(archive, deskTx(raw, archive, null, 'administration'), {
      kind: 'passkey-in',
      account: null,
      site,
      answer: body.answer,
    });
    if ('refused' in checked) return checked;
    const tx = deskTx(raw, archive, checked.account.accountId, 'administration');
    return { ...checked, ...(await beginSession(call, tx, checked.account, 'passkey')) };
  });
  // Thrown after the commit: the refused attempt stays.
  if ('refused' in outcome) throw outcome.refused;
  call.cookies.setSession(call.reply, outcome.token, outcome.expiresAtMs);
  return sessionView(archive, outcome);
}

export const factorHandlers: FactorHandlers = {
  getFactors: async ({ archive, account }) => getFactors(archive, account.accountId),
  startTotp: async ({ archive, account }) => startTotp(archive, account),
  confirmTotp: async ({ archive, account, body }) => {
    const outcome = await confirmTotp(archive, account, body.code);
    if ('refused' in outcome) throw outcome.refused;
    return outcome;
  },
  removeTotp: async ({ archive, account, reply }) => {
    await removeTotp(archive, account);
    return reply.status(204).send();
  },
  makeRecoveryCodes: async ({ archive, account }) => ({ recoveryCodes: await renewRecoveryCodes(archive, account) }),
  startPasskey: async ({ archive, account, request }) => startPasskey(archive, account, siteOf(archive, request)),
  addPasskey: async ({ archive, account, body, request, reply }) => {
    await addPasskey(archive, account, siteOf(archive, request), body.label, body.answer);
    return reply.status(201).send(await getFactors(archive, account.accountId));
  },
  removePasskey: async ({ archive, account, params, reply }) => {
    await removePasskey(archive, account, params.passkeyId);
    return reply.status(204).send();
  },
  startFreshPasskey: async ({ archive, account, request }) => startPasskeyProof(archive, account, siteOf(archive, request)),
  startPasskeySignIn: async ({ archive, request }) => startPasskeyProof(archive, null, siteOf(archive, request)),
  signInByPasskey,
};
