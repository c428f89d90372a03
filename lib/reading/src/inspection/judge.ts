import type { Box, Finding } from '@lantai/values';
import type { InspectionLimits } from './limits.ts';
import { SHEET_SIZES } from './limits.ts';
import type { PageMeasures } from './measures.ts';

/** Rounding of a scanner's sides: 2,480 pixels are a hair under 210 mm at 300 dpi. */
const RESOLUTION_TOLERANCE_01 = 0.02;
const SIZE_TOLERANCE_01 = 0.05;
/** Two dark edges, however thin, are a border. */
const BORDER_EDGE_01 = 0.15;
/** A sensor filled to the brim, and by how much more ink must then stand out. */
const FULL_WHITE = 252;
const BURNT_PALE = 1.8;
const MM_PER_INCH = 25.4;

/** What the reading told of the page beside its measures. */
export interface SeenPage {
  readonly orientation: 0 | 90 | 180 | 270;
  readonly skewDegrees: number;
  /** Lines that are writing for sure: `countWriting`. */
  readonly lineCount: number;
}

/**
 * The findings of one page: code, what was measured, the limit. Boxes are in pixels of the page turned upright. Codes: docs/spec/reading.md.
 * Safe to run again over stored measures with other limits.
 */
export function judgePage(measures: PageMeasures, seen: SeenPage, limits: InspectionLimits): Finding[] {
  // A sheet with a few words in a corner holds next to no ink and is not blank.
  const isBlank = measures.inkShare01 < limits.blankInk01 && seen.lineCount === 0;
  return [
    ...(isBlank ? [warning('blank', { inkShare: measures.inkShare01, limit: limits.blankInk01 })] : judgeInk(measures, limits)),
    ...judgeFile(measures, limits),
    ...judgeLay(measures, seen, limits),
    ...judgePlaces(measures, seen, limits),
  ];
}

type Params = Readonly<Record<string, string | number>>;
const warning = (code: string, params: Params, box?: Box): Finding => ({ code, severity: 'warning', params, ...(box ? { box } : {}) });
const info = (code: string, params: Params): Finding => ({ code, severity: 'info', params });

function judgeInk(m: PageMeasures, limits: InspectionLimits): Finding[] {
  const out: Finding[] = [];
  if (m.edgeSlope01 !== null && m.edgeSlope01 < limits.blurSlope01)
    out.push(warning('blur', { edgeSlope: m.edgeSlope01, limit: limits.blurSlope01 }));
  // Paper at full white has swallowed the faint strokes before the strong ones look pale.
  const inkContrast = m.paperLevel >= FULL_WHITE ? limits.inkContrast * BURNT_PALE : limits.inkContrast;
  if (m.inkContrast !== null && m.inkShare01 >= limits.blankInk01 && m.inkContrast < inkContrast)
    out.push(warning('too_pale', { contrast: m.inkContrast, limit: inkContrast }));
  return out;
}

/** Resolution and colour, and the size of the sheet where the file's resolution is believed. */
function judgeFile(m: PageMeasures, limits: InspectionLimits): Finding[] {
  const out: Finding[] = [];
  const isBelieved = m.declaredDpi !== null && !m.declaredIsUnlikely;
  const dpi = isBelieved ? m.declaredDpi : m.estimatedDpi;
  if (dpi !== null && dpi < limits.resolutionDpi * (1 - RESOLUTION_TOLERANCE_01))
    out.push(warning('low_resolution', { dpi, limit: limits.resolutionDpi, source: isBelieved ? 'declared' : 'estimated' }));
  if (limits.colour === 'colour' && m.colour !== 'colour') out.push(warning('not_colour', { mode: m.colour }));
  if (limits.colour === 'grey' && m.colour === 'bitonal') out.push(warning('bitonal', { mode: m.colour }));
  if (isBelieved && m.declaredDpi !== null) {
    const mm = MM_PER_INCH / m.declaredDpi;
    const [widthMm, heightMm] = [Math.round(m.widthPx * mm), Math.round(m.heightPx * mm)];
    if (!limits.sizes.some((size) => SHEET_SIZES[size].some((sides) => fits(widthMm, heightMm, sides))))
      out.push(info('sheet_size', { widthMm, heightMm, expected: limits.sizes.join(' ') }));
  }
  return out;
}

function fits(widthMm: number, heightMm: number, [short, long]: readonly [number, number]): boolean {
  const near = (a: number, b: number) => Math.abs(a - b) <= SIZE_TOLERANCE_01 * b;
  return near(Math.min(widthMm, heightMm), short) && near(Math.max(widthMm, heightMm), long);
}

/** How the sheet lay and how it was lit. Turn and skew are put right on the optimised image, so they are told and ask for nothing. */
function judgeLay(m: PageMeasures, seen: SeenPage, limits: InspectionLimits): Finding[] {
  const out: Finding[] = [];
  if (seen.orientation !== 0) out.push(info('orientation', { degrees: seen.orientation }));
  if (Math.abs(seen.skewDegrees) > limits.skewDegrees) out.push(info('skew', { degrees: seen.skewDegrees, limit: limits.skewDegrees }));
  if (m.paperLevel < limits.paperLevel) out.push(warning('too_dark', { level: m.paperLevel, limit: limits.paperLevel }));
  if (m.borderArea01 >= limits.borderArea01 || m.borderEdge01 >= BORDER_EDGE_01)
    out.push(warning('black_border', { areaShare: m.borderArea01, edgeShare: m.borderEdge01, limit: limits.borderArea01 }));
  if (m.moireTiles01 >= limits.moireTiles01) out.push(warning('moire', { tileShare: m.moireTiles01, limit: limits.moireTiles01 }));
  return out;
}

function judgePlaces(m: PageMeasures, { orientation }: SeenPage, limits: InspectionLimits): Finding[] {
  const out: Finding[] = [];
  const share = (v: number) => Math.round(v * 1000) / 1000;
  const upright = (box: Box) => turnBack(box, m, orientation);
  if (m.cutText && m.cutText.amount >= limits.cutMarks)
    out.push(warning('text_cut', { marks: m.cutText.amount, limit: limits.cutMarks }, upright(m.cutText.box)));
  if (m.foldedCorner) out.push(warning('folded_corner', { sideShare: share(m.foldedCorner.amount) }, upright(m.foldedCorner.box)));
  if (m.finger) out.push(warning('finger', { sideShare: share(m.finger.amount) }, upright(m.finger.box)));
  return out;
}

/** A box of the scan on the page turned back by the turn that the scan suffered. */
function turnBack([x, y, w, h]: Box, { widthPx, heightPx }: PageMeasures, orientation: SeenPage['orientation']): Box {
  if (orientation === 90) return [y, widthPx - x - w, h, w];
  if (orientation === 180) return [widthPx - x - w, heightPx - y - h, w, h];
  if (orientation === 270) return [heightPx - y - h, x, h, w];
  return [x, y, w, h];
}
