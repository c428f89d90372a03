export { ACCOUNT_KEY, type Account, accountNames, openAccountName } from './account-rows.ts';
export { findAccount, findAccountByName, findTrialOwner, foldAccountName, insertAccount, type NewAccount } from './accounts.ts';
export {
  type AccountChange,
  type AccountOrder,
  changeAccount,
  changeAccountIn,
  createAccountAs,
  createAccountIn,
  endAccountSessions,
  removeFactors,
  resetPassword,
} from './administrate.ts';
export { type ApiToken, type ApiTokenLine, findApiToken, listApiTokens, makeApiToken, revokeApiToken } from './api-tokens.ts';
export { askBreakGlass, type BreakGlassLine, endBreakGlass, listBreakGlass, openBreakGlass } from './break-glass.ts';
export { type ClockWatch, openClockWatch } from './clock-watch.ts';
export { type ConflictCode, findOfficeConflicts, listOfficeConflicts, type NamedConflict, type OfficeConflict } from './conflicts.ts';
export { confirmTotp, type Factors, getFactors, removeTotp, renewRecoveryCodes, startTotp } from './factors.ts';
export { holderToken } from './holder.ts';
export { type AccountLine, listAccounts } from './list-accounts.ts';
export { finishOidc, linkOidc, startOidc } from './oidc.ts';
export { type AdministratorAct, listAdministratorActs, overseenBy } from './oversight.ts';
export { addPasskey, checkPasskey, type PasskeyAnswer, removePasskey, type Site, startPasskey, startPasskeyProof } from './passkeys.ts';
export { checkNewPassword, hashPassword, makePassword, verifyPassword } from './password.ts';
export { checkAccount, checkPassword, type Judged, type ProofWay, proveAgain, replacePassword } from './proof.ts';
export { accountsOfPerson, checkSamePerson } from './same-person.ts';
export { isAdministrator, lockAccounts } from './separation.ts';
export {
  type ClientFacts,
  checkFresh,
  digestOfToken,
  endEverySession,
  endSession,
  endSessionById,
  endSessionsOf,
  FRESH_MS,
  findSession,
  insertSession,
  listSessions,
  markFresh,
  type Session,
  type SessionWay,
} from './sessions.ts';
