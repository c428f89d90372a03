export { createDossier, type NewDossier } from './create-dossier.ts';
export { type DossierHead, findDossierByCode, findHead, findRootUnit } from './find-dossier.ts';
export { type ReadingState, readingState, waitUntilRead } from './reading-state.ts';
export { type ShownDossier, type ShownMaterial, type ShownPage, showDossier } from './show-dossier.ts';
