// A sheet on a photograph: its corners, and the picture of it laid flat.
export { findSheet, type SheetSearch, SURE_01 } from './find-sheet.ts';
export { carry, type Homography, invert, layUnitSquare } from './homography.ts';
export {
  type CornerMark,
  type CornerMarks,
  cornersOf,
  FLATTENER,
  type FlatPlan,
  findCornerFault,
  layFlat,
  markCorners,
  PAPERS,
  type PaperName,
  planFlat,
  resolutionOf,
} from './lay-flat.ts';
export { areaOf, type Corners, distance, holds, isConvex, orderCorners, type Point } from './quadrangle.ts';
