import { ArchiveError } from '@lantai/values';
import {
  type Account,
  type ClientFacts,
  checkPasskey,
  checkPassword,
  digestOfToken,
  endSession,
  endSessionById,
  endSessionsOf,
  FRESH_MS,
  insertSession,
  listSessions,
  markFresh,
  proveAgain,
  replacePassword,
  type Session,
  type SessionWay,
} from '../../access/index.ts';
import type { Archive } from '../../archive/index.ts';
import { type DeskTx, deskTx, openDesk } from '../../desk/index.ts';
import { isKitConfirmed } from '../../setup/index.ts';
import type { Call, Handlers } from '../handler.ts';
import { rightsAt } from '../rights.ts';
import { siteOf } from '../site.ts';

type SessionHandlers = Pick<
  Handlers,
  | 'signIn'
  | 'getSignInWays'
  | 'getSession'
  | 'signOut'
  | 'changePassword'
  | 'chooseLanguage'
  | 'proveFresh'
  | 'listSessions'
  | 'endSession'
  | 'endOtherSessions'
>;
/** What beginning a session needs of a call. */
type DoorCall = Pick<Call<'signIn'>, 'archive' | 'request' | 'reply' | 'cookies'>;

export async function sessionView(archive: Archive, session: Pick<Session, 'account' | 'expiresAtMs'>) {
  const { account } = session;
  const sample = await archive.db.system('trial-sample').one<{ n: number }>(`select count(*)::int as n from dossier where code = 'P1101'`);
  return {
    account: {
      id: account.accountId,
      name: account.name,
      role: account.role,
      fondsId: account.fondsId,
      unitId: account.unitId,
      language: account.language,
      mustChangePassword: account.mustChangePassword,
    },
    rights: rightsAt(await openDesk(archive, account, 'administration')),
    archive: {
      id: archive.identity.archiveId,
      kind: archive.identity.kind,
      suite: archive.sealer.suite,
      sampleImported: (sample?.n ?? 0) > 0,
      recoveryKitConfirmed: await isKitConfirmed(archive),
    },
    expiresAtMs: session.expiresAtMs,
  };
}

const clientOf = ({ request }: Pick<DoorCall, 'request'>): ClientFacts => ({
  address: request.ip,
  browser: request.headers['user-agent'] ?? '',
});

/** Begins a session with a token of its own; the one that the browser came with ends (session fixation). */
export async function beginSession(call: DoorCall, tx: DeskTx, account: Account, way: SessionWay, freshAtMs?: number) {
  const before = call.cookies.findSession(call.request);
  if (before) await endSession(tx, digestOfToken(before));
  return insertSession(tx, call.archive, account.accountId, {
    way,
    client: clientOf(call),
    ...(freshAtMs === undefined ? {} : { freshAtMs }),
  });
}

async function signIn(call: Call<'signIn'>) {
  const { archive, body } = call;
  const outcome = await archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'administration');
    const checked = await checkPassword(archive, tx, body.name, body.password, body.code);
    if ('refused' in checked) return checked;
    return {
      ...checked,
      ...(await beginSession(call, deskTx(raw, archive, checked.account.accountId, 'administration'), checked.account, checked.way)),
    };
  });
  // Thrown after the commit: the refused attempt and its count stay.
  if ('refused' in outcome) throw outcome.refused;
  call.cookies.setSession(call.reply, outcome.token, outcome.expiresAtMs);
  return sessionView(archive, outcome);
}

/** The session of a browser; programs with a token do not come here (the endpoints are not for tokens). */
function ownSession({ session }: { readonly session: Session | null }): Session {
  if (!session) throw new ArchiveError('session/needed', 'caller');
  return session;
}

async function changePassword(call: Call<'changePassword'>) {
  const { archive, account, body } = call;
  const session = ownSession(call);
  const outcome = await archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, account.accountId, 'administration');
    const refused = await replacePassword(archive, tx, account, body);
    if (refused) return { refused };
    await endSessionsOf(tx, account.accountId);
    return insertSession(tx, archive, account.accountId, { way: 'password', client: clientOf(call) });
  });
  if ('refused' in outcome) throw outcome.refused;
  call.cookies.setSession(call.reply, outcome.token, Math.min(outcome.expiresAtMs, session.expiresAtMs));
  return call.reply.status(204).send();
}

async function proveFresh(call: Call<'proveFresh'>) {
  const { archive, account, body } = call;
  const session = ownSession(call);
  if (body.password === undefined && body.code === undefined && body.passkey === undefined)
    throw new ArchiveError('request/malformed', 'caller');
  const nowMs = archive.clock.nowMs();
  const outcome = await archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, account.accountId, 'administration');
    const proved = body.passkey
      ? await checkPasskey(archive, tx, { kind: 'passkey-fresh', account, site: siteOf(archive, call.request), answer: body.passkey })
      : await proveAgain(archive, tx, account.accountId, body);
    if (!('refused' in proved)) await markFresh(tx, session, 'way' in proved ? proved.way : 'passkey', nowMs);
    return proved;
  });
  if ('refused' in outcome) throw outcome.refused;
  return { freshUntilMs: nowMs + FRESH_MS };
}

export const sessionHandlers: SessionHandlers = {
  signIn,
  getSignInWays: async ({ archive }) => {
    const { oidc } = archive.config.access;
    return { oidc: oidc && { label: oidc.label } };
  },
  getSession: (call) => sessionView(call.archive, ownSession(call)),
  signOut: async (call) => {
    const { archive, account, reply } = call;
    await archive.db.tx(async (raw) => {
      const tx = deskTx(raw, archive, account.accountId, 'administration');
      await endSession(tx, ownSession(call).digest);
      await tx.log({ kind: 'session.closed', objectId: account.accountId });
    });
    call.cookies.clearSession(reply);
    return reply.status(204).send();
  },
  changePassword,
  chooseLanguage: async ({ archive, account, body, reply }) => {
    await archive.db.query('update account set language = $2 where id = $1', [account.accountId, body.language]);
    return reply.status(204).send();
  },
  proveFresh,
  listSessions: async (call) => {
    const items = await listSessions(call.archive, call.account.accountId);
    return { items: items.map((item) => ({ ...item, isThis: item.id === call.session?.id })) };
  },
  endSession: async ({ archive, account, params, reply }) => {
    await archive.db.tx(async (raw) => {
      const tx = deskTx(raw, archive, account.accountId, 'administration');
      if (!(await endSessionById(tx, account.accountId, params.sessionId))) throw new ArchiveError('session/not-found', 'caller');
      await tx.log({ kind: 'session.closed', objectId: account.accountId, params: { session: params.sessionId } });
    });
    return reply.status(204).send();
  },
  endOtherSessions: async (call) => {
    const { archive, account } = call;
    return archive.db.tx(async (raw) => {
      const tx = deskTx(raw, archive, account.accountId, 'administration');
      const ended = await endSessionsOf(tx, account.accountId, ownSession(call).digest);
      await tx.log({ kind: 'sessions.ended', objectId: account.accountId, params: { sessions: ended } });
      return { ended };
    });
  },
};
