export {
  type Account,
  checkAccount,
  checkPassword,
  findAccount,
  findAccountByName,
  findTrialOwner,
  insertAccount,
  type NewAccount,
} from './accounts.ts';
export { hashPassword, makePassword, verifyPassword } from './password.ts';
