export { type CutPlan, type PagePlane, planeOf, type Raster } from './plane.ts';
export * from './view-number.ts';
export { type InkSheet, LETTERS_A_PAGE, LETTERS_A_THUMBNAIL, layInk, type VisibleMark } from './visible.ts';
