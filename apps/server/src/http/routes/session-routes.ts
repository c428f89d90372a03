import { rightsOf } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import { checkPassword, hashPassword, verifyPassword } from '../../access/index.ts';
import type { Archive } from '../../archive/index.ts';
import { deskTx } from '../../desk/index.ts';
import type { Call, Handlers } from '../handler.ts';
import { endOtherSessions, endSession, insertSession, SESSION_COOKIE, type Session } from '../sessions.ts';

type SessionHandlers = Pick<Handlers, 'signIn' | 'getSession' | 'signOut' | 'changePassword' | 'chooseLanguage'>;

async function sessionView(archive: Archive, session: Pick<Session, 'account' | 'expiresAtMs'>) {
  const { account } = session;
  const sample = await archive.db.one<{ n: number }>(`select count(*)::int as n from dossier where code = 'P1101'`);
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
    rights: [...rightsOf(account.role)],
    archive: {
      id: archive.identity.archiveId,
      kind: archive.identity.kind,
      suite: archive.identity.suite,
      sampleImported: (sample?.n ?? 0) > 0,
      recoveryKitConfirmed: await isKitConfirmed(archive),
    },
    expiresAtMs: session.expiresAtMs,
  };
}

const isKitConfirmed = async (archive: Archive): Promise<boolean> =>
  !!(await archive.db.one(`select 1 as one from entry where kind = 'kit.confirmed' limit 1`));

/** A session's cookie: out of reach of scripts, sent to this site alone, and over TLS only where we speak it. */
function setCookie(call: Call<'signIn'>, token: string, expiresAtMs: number): void {
  call.reply.setCookie(SESSION_COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: call.archive.config.tls !== null,
    expires: new Date(expiresAtMs),
  });
}

export const sessionHandlers: SessionHandlers = {
  signIn: async (call) => {
    const { archive, body } = call;
    const outcome = await archive.db.tx(async (raw) => {
      const tx = deskTx(raw, archive, null, 'administration');
      const checked = await checkPassword(archive, tx, body.name, body.password);
      if ('refused' in checked) return checked;
      const session = await insertSession(tx, archive, checked.account.accountId);
      await tx.log({ kind: 'session.opened', objectId: checked.account.accountId, params: { way: 'web' } });
      return { ...checked, ...session };
    });
    // Thrown after the commit: the refused attempt and its count stay.
    if ('refused' in outcome) throw outcome.refused;
    setCookie(call, outcome.token, outcome.expiresAtMs);
    return sessionView(archive, outcome);
  },
  getSession: (call) => sessionView(call.archive, { account: call.account, expiresAtMs: call.session?.expiresAtMs ?? 0 }),
  signOut: async ({ archive, session, reply }) => {
    await archive.db.tx(async (raw) => {
      if (!session) return;
      const tx = deskTx(raw, archive, session.account.accountId, 'administration');
      await endSession(tx, session.digest);
      await tx.log({ kind: 'session.closed', objectId: session.account.accountId });
    });
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).status(204).send();
  },
  changePassword: async ({ archive, account, session, body, reply }) => {
    if (body.current === body.next) throw new ArchiveError('password/same', 'caller');
    const hash = await hashPassword(body.next);
    const isRight = await archive.db.tx(async (raw) => {
      const tx = deskTx(raw, archive, account.accountId, 'administration');
      const row = await tx.one<{ password_hash: string }>('select password_hash from account where id = $1 for update', [
        account.accountId,
      ]);
      if (!row || !(await verifyPassword(row.password_hash, body.current))) {
        await tx.log({ kind: 'password.refused', objectId: account.accountId });
        return false;
      }
      await tx.query('update account set password_hash = $2, must_change_password = false where id = $1', [account.accountId, hash]);
      if (session) await endOtherSessions(tx, account.accountId, session.digest);
      await tx.log({ kind: 'password.changed', objectId: account.accountId });
      return true;
    });
    if (!isRight) throw new ArchiveError('password/wrong', 'caller');
    return reply.status(204).send();
  },
  chooseLanguage: async ({ archive, account, body, reply }) => {
    await archive.db.query('update account set language = $2 where id = $1', [account.accountId, body.language]);
    return reply.status(204).send();
  },
};
