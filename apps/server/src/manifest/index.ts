export type { ManifestFinding } from '@lantai/catalogue/manifest';
export { type AppliedDossier, type ApplyManifestOptions, applyManifest } from './apply-manifest.ts';
export { checkManifest, type ManifestSource } from './check-manifest.ts';
export { collectLeftOut, errorSheetOf, type LeftOut } from './error-sheet.ts';
export type { DossierPlan, ManifestOptions, ManifestReport, ManifestWatcher, ReadyDossier, SeenColumn } from './manifest-plan.ts';
export { type ManifestView, viewManifest } from './manifest-view.ts';
export {
  fileManifest,
  getManifestProgress,
  type ManifestProgress,
  optionsOfOrder,
  sourceOfOrder,
  startManifest,
  unitOfOrder,
} from './manifest-work.ts';
