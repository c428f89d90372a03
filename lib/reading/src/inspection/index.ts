export { isBackOf } from './faces.ts';
export { mirroredDigest, turnedDigest } from './faint-digest.ts';
export { judgePage, type SeenPage } from './judge.ts';
export { DEFAULT_LIMITS, type InspectionLimits, SHEET_SIZES, type SheetSize } from './limits.ts';
export { measurePage, type ScanFacts } from './measure.ts';
export { type ColourMode, MEASURES_VERSION, type MeasuredPlace, type PageMeasures } from './measures.ts';
export { countWriting } from './writing.ts';
