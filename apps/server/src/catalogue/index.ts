export {
  adoptStandard,
  draftQuality,
  findQualityItems,
  listStandards,
  readStandardText,
  type StandardLine,
  type StandardTrial,
  type StandardVersion,
  tryStandard,
  withdrawStandard,
} from './adopt-standard.ts';
export { type BoxLabelOrder, makeBoxLabels, makeBoxLists } from './box-sheets.ts';
export { type MadeSheet, makeCatalogueSheet } from './catalogue-sheet.ts';
export { listCodeRules, setCodeRule } from './code-rules.ts';
export { type CountercheckRequest, countercheckMaterials } from './countercheck-acts.ts';
export { type CountercheckLine, type CountercheckSide, listCounterchecks } from './countercheck-queue.ts';
export { createDossier, createNumberedDossier, type NewDossier } from './create-dossier.ts';
export { type DossierDetail, readDossierDetail } from './dossier-detail.ts';
export { DOSSIER_FOLLOWERS } from './dossier-followers.ts';
export { type BulkOutcome, type DossierChange, editDossiers, moveDossierRows, undoBulkEdit } from './edit-dossiers.ts';
export { fileDossier } from './file-dossier.ts';
export { type FiledList, fileListed, type ListedCounts, type ListedMaterial, planListed } from './file-listed.ts';
export { type FiledDossier, type FiledMaterial, lockFiledDossier, readFiledDossier } from './filed-materials.ts';
export { type DossierHead, findDossierByCode, findHead, findRootUnit } from './find-dossier.ts';
export { idNumberToken } from './id-number-token.ts';
export { type DossierFilters, type DossierLine, findLines, listDossiers } from './list-dossiers.ts';
export { suffixesOf } from './material-codes.ts';
export { nextDossierCode } from './next-code.ts';
export { type OperationRequest, operateDossier } from './operate.ts';
export { type LaidPage, type LaidPlace, type LayoutLookup, placeLaidPages } from './place-laid-pages.ts';
export { proposeDossier, queueProposals, waitUntilProposed } from './propose-dossier.ts';
export { scoreDossierQuality } from './quality.ts';
export { openDossierDesk } from './read-desk.ts';
export { type DossierStatus, readStatus } from './read-status.ts';
export { readMaterialVersions } from './read-versions.ts';
export { type ReadingState, readingState, waitUntilRead } from './reading-state.ts';
export { type Recoded, recodeDossiers } from './recode-dossiers.ts';
export { reindexDossier } from './reindex-dossier.ts';
export { listReviewQueue, type ReviewLine } from './review-queue.ts';
export { listSavedViews, removeView, replaceView, type SavedView, saveView } from './saved-views.ts';
export { getScheme, readSchemes, schemeView, titlesOf } from './schemes.ts';
export { makeSeparators, type SeparatorOrder } from './separator-sheets.ts';
export { runSheetWorker } from './sheet-maker.ts';
export { maskShown, type ShownDossier, type ShownMaterial, type ShownPage, showDossier } from './show-dossier.ts';
export { makeSlipSheet } from './slip-sheet.ts';
export { onlyStandardInForce, STANDARD_KINDS, type StandardKind } from './standards-in-force.ts';
