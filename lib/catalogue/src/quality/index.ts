export { loadQualityStandard } from './load.ts';
export type { Chased, ItemScore, ItemState, QualityCheck, QualityItem, QualityScore, QualityStandard } from './model.ts';
export { type Judged, scoreDossier } from './score.ts';
