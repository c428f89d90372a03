export { type FoundMark, MarkFinder } from './find-mark.ts';
export { CELLS_A_PAGE, CELLS_A_THUMBNAIL, type InvisibleMark, layMarks, MARK_AMPLITUDE, signsOf } from './invisible.ts';
export { layoutOf, type MarkHmac, type MarkLayout } from './mark-key.ts';
export type { GrayPicture } from './paper.ts';
export { type CutPlan, type PagePlane, planeOf, type Raster } from './plane.ts';
export * from './view-number.ts';
export { type InkSheet, LETTERS_A_PAGE, LETTERS_A_THUMBNAIL, layInk, MARK_STRENGTH01, type VisibleMark } from './visible.ts';
