export { checkRecoveryKit, confirmRecoveryKit, type KitAnswer } from './confirm-kit.ts';
export { createArchive, type FirstAccount, migrateDatabase, type SetupInput, type SetupResult } from './create-archive.ts';
