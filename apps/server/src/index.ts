export * from './access/index.ts';
export * from './anchors/index.ts';
export { type OpenArchive, type OpenOptions, openArchive } from './app.ts';
export * from './archive/index.ts';
export {
  type BoxChange,
  type BoxFilters,
  createBoxes,
  editBox,
  findBox,
  findBoxOnPicture,
  listBoxes,
  type NewBoxes,
  type PutOrder,
  putIntoBox,
  readBox,
  takeFromBox,
  type VolumeOf,
} from './boxes/index.ts';
export * from './catalogue/index.ts';
export { type Config, type RootQuestion, readConfig } from './config.ts';
export { type CopyInput, copyDossier, copyPage, type MadeCopy, type PageCopy } from './copies/index.ts';
export { listCountercheckRules, setCountercheckRule } from './countercheck/index.ts';
export { checkCount, declareSlip, listExceptions, type NewSlip, readCount, settleException } from './counting/index.ts';
export { findRunningServer } from './db/index.ts';
export * from './desk/index.ts';
export {
  applySheet,
  type DirectorySource,
  getFondsByCode,
  getOnlyFonds,
  ldapSettingsOf,
  listSources,
  makeErrorSheet,
  makeTemplate,
  planSheet,
  type SheetLine,
  syncLdap,
} from './directory/index.ts';
export * from './evidence/index.ts';
export { listFilingCheckRules, setFilingCheckRule } from './filing-check/index.ts';
export * from './ingest/index.ts';
export * from './keeping/index.ts';
export { readKeyFacts } from './keyfacts/index.ts';
export { type Learned, type LearningPlace, learn, listLearning } from './learning/index.ts';
export * from './manifest/index.ts';
export * from './masking/index.ts';
export * from './pages/index.ts';
export { exportRegister, listRequests, REGISTERS, type RegisterName, type SubjectRequest } from './personal/index.ts';
export { makeDescription, makePropertyReport, readPropertyCheck, runPropertyCheck, startPropertyCheck } from './properties/index.ts';
export * from './search/index.ts';
export * from './serve/index.ts';
export * from './setup/index.ts';
export {
  claimStation,
  createBatch,
  finishClaim,
  judgePage,
  listBatches,
  listClaims,
  listContractors,
  listDefectKinds,
  type NewBatch,
  readBatch,
  readClaim,
  releaseClaim,
  returnClaim,
} from './stations/index.ts';
