import type { ScanView } from '../scan-view.ts';
import { borderArea01, borderEdge01 } from './border.ts';
import { findCutText } from './cut-text.ts';
import { edgeSlope01 } from './edge-directions.ts';
import { colourOf, exposureOf } from './exposure.ts';
import { faintDigest } from './faint-digest.ts';
import { holeShare01 } from './holes.ts';
import { type ColourMode, MEASURES_VERSION, type PageMeasures } from './measures.ts';
import { moireTiles01 } from './moire.ts';
import { findObstructions } from './obstructions.ts';
import { inkShare01 } from './sharpness.ts';

const A4_SHORT_SIDE_INCHES = 8.27;
/** A resolution that programs write when they know none. */
const DEFAULT_RESOLUTIONS_DPI = [72, 96];
/** Print smaller than this is no form: 1.3 mm, under four points. A resolution that says so is not the scanner's. */
const SMALLEST_PRINT_INCHES = 0.05;
const SMALL_SHEET_INCHES = 5;
/** Long side ÷ short side of the sheets that are filed: a strip or a square part of one says nothing by its sides. */
const SHEET_ASPECT: readonly [number, number] = [1.25, 1.6];
/** Height of the usual character of a form: 10 to 12 points. */
const USUAL_PRINT_INCHES = 0.16;

/** What the file says of a scan beside its pixels. */
export interface ScanFacts {
  /** Pixels of the stored page per pixel of the image given, 1 or more. */
  readonly scale: number;
  readonly resolutionDpi?: number;
  readonly fileColour: ColourMode;
}

/** Measures a scan as the page checks need it, beside what its view has already cost: about 0.03 s of CPU for A4 at 300 dpi. Nothing of the view is changed. */
export function measurePage(view: ScanView, facts: ScanFacts): PageMeasures {
  const { image, layout, gray, ink, text } = view;
  const scale = view.factor * facts.scale;
  const widthPx = Math.round(image.width * facts.scale);
  const heightPx = Math.round(image.height * facts.scale);
  const inked01 = inkShare01(ink);
  const ink01 = Math.max(0, inked01 - holeShare01(ink, view.pieces, inked01));
  const exposure = exposureOf(gray, ink);
  const { textPx } = text;
  const declaredDpi = declared(facts.resolutionDpi);
  const shortSidePx = Math.min(widthPx, heightPx);
  const isSmall = declaredDpi !== null && shortSidePx / declaredDpi < SMALL_SHEET_INCHES;
  return {
    version: MEASURES_VERSION,
    widthPx,
    heightPx,
    inkShare01: rounded(ink01, 5),
    edgeSlope01: nullOr(edgeSlope01(gray, inked01), (v) => rounded(v, 3)),
    declaredDpi,
    estimatedDpi: estimateDpi(
      widthPx,
      heightPx,
      nullOr(textPx, (px) => px * scale),
    ),
    declaredIsUnlikely: isSmall && textPx !== null && (textPx * scale) / declaredDpi < SMALLEST_PRINT_INCHES,
    colour: colourOf(layout, facts.fileColour),
    ...exposure,
    borderArea01: rounded(borderArea01(gray), 5),
    borderEdge01: rounded(borderEdge01(image), 3),
    cutText: findCutText(view, scale),
    ...findObstructions(layout, gray, exposure.paperLevel, scale),
    moireTiles01: rounded(moireTiles01(gray, ink), 3),
    faintDigest: faintDigest(gray, ink01),
  };
}

/** By the sides if the picture has the shape of a sheet, then taken for A4; else by its text; null where neither tells. */
function estimateDpi(widthPx: number, heightPx: number, textPx: number | null): number | null {
  const [short, long] = [Math.min(widthPx, heightPx), Math.max(widthPx, heightPx)];
  if (long / short >= SHEET_ASPECT[0] && long / short <= SHEET_ASPECT[1]) return Math.round(short / A4_SHORT_SIDE_INCHES);
  return textPx === null ? null : Math.round(textPx / USUAL_PRINT_INCHES);
}

const declared = (dpi: number | undefined) => (dpi && !DEFAULT_RESOLUTIONS_DPI.includes(Math.round(dpi)) ? Math.round(dpi) : null);
const rounded = (v: number, digits: number) => Math.round(v * 10 ** digits) / 10 ** digits;
const nullOr = <T, U>(v: T | null, f: (v: T) => U): U | null => (v === null ? null : f(v));
