export type { AnchorCheck } from './anchor-work.ts';
export { anchorsForBundle } from './bundle-anchors.ts';
export { printCheckpoint } from './checkpoint-sheet.ts';
export { findCosigned, getNewestCheckpoint } from './cosign.ts';
export { type AnchorProblem, findAnchorProblems } from './health.ts';
export { keepAnchors } from './keep-anchors.ts';
export { deployContract } from './open-provider.ts';
export type { ProviderSettings } from './provider-rows.ts';
export {
  type AnchorLine,
  addProvider,
  anchoredReceipt,
  checkAllNow,
  endProvider,
  getAnchored,
  listAnchors,
  listProviders,
  makeAllDue,
  type ProviderState,
} from './providers.ts';
export { listStamped, type Stamp, type StampedCheckpoint, type StampState } from './stamps.ts';
