export { findOwnKeys, findReceiptChecks, type ReceiptCheckInput, readKeyLines } from './check-receipt.ts';
export { optimiseRead, queueOptimising } from './optimise-read.ts';
export { ensureOptimised, findRecipe, type KeptRecipe } from './optimised-image.ts';
export type { ShownPageRef } from './page-images.ts';
export { PageImages } from './page-images.ts';
export { findPageForReceipt, type PageForReceipt, receiptForPage, receiptWhenReady } from './receipts.ts';
export { type TracedLook, type TraceOutcome, traceNumber, tracePicture } from './trace-picture.ts';
export { type ReadFrame, turnBox, turnReading } from './turned-reading.ts';
export {
  downloadOriginal,
  type ImageKind,
  type OpenedView,
  openPageBytes,
  openThumbnails,
  type PageView,
  redeemView,
  VIEW_MS,
  type ViewLeave,
  viewPage,
} from './view-page.ts';
