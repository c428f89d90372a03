export { checkRecoveryKit, confirmRecoveryKit, isKitConfirmed, type KitAnswer } from './confirm-kit.ts';
export { createArchive, type FirstAccount, migrateDatabase, type SetupInput, type SetupResult } from './create-archive.ts';
export {
  confirmSplit,
  findRootProtection,
  protectByPassphrase,
  type RootProtection,
  type ShareSheet,
  type SplitRoot,
  splitRoot,
  unprotectRoot,
} from './root-protection.ts';
