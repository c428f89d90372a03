import { finishOidc, linkOidc, listAccounts, startOidc } from '../../access/index.ts';
import { deskTx } from '../../desk/index.ts';
import type { Call, Handlers } from '../handler.ts';
import { siteOf } from '../site.ts';
import { beginSession } from './session-routes.ts';

/** Time to sign in at the provider and come back. */
const VISIT_MS = 5 * 60_000;

/** The browser is sent back to the page; a refusal is told there by its code. */
async function finishOidcSignIn(call: Call<'finishOidcSignIn'>) {
  const { archive, request, reply, cookies } = call;
  const query = request.url.split('?')[1] ?? '';
  const outcome = await archive.db.tx(async (raw) => {
    const checked = await finishOidc(archive, deskTx(raw, archive, null, 'administration'), {
      site: siteOf(archive, request),
      query,
      visit: cookies.findVisit(request),
    });
    if ('refused' in checked) return checked;
    const tx = deskTx(raw, archive, checked.account.accountId, 'administration');
    // The provider may have asked for the password long ago: a dangerous act asks here.
    return beginSession(call, tx, checked.account, 'oidc', 0);
  });
  cookies.clearVisit(reply);
  if ('refused' in outcome) return reply.redirect(`/?refused=${encodeURIComponent(outcome.refused.code)}`, 302);
  cookies.setSession(reply, outcome.token, outcome.expiresAtMs);
  return reply.redirect('/', 302);
}

export const oidcHandlers: Pick<Handlers, 'startOidcSignIn' | 'finishOidcSignIn' | 'linkOidc'> = {
  startOidcSignIn: async ({ archive, request, reply, cookies }) => {
    const { url, visit } = await startOidc(archive, siteOf(archive, request));
    cookies.setVisit(reply, visit, VISIT_MS);
    return reply.redirect(url, 302);
  },
  finishOidcSignIn,
  linkOidc: async ({ archive, account, params, body }) => {
    await linkOidc(archive, account, params.accountId, body.subject);
    const [line] = await listAccounts(archive, account, params.accountId);
    return line;
  },
};
