import type { Finding } from '@lantai/values';
import type { Gray } from './raster.ts';

/** Below this share of ink, margins left out, a sheet is blank: written pages of the samples hold 0.7 % and more, blank ones 0.00 %. */
const BLANK_INK_01 = 0.0008;
/** Sharp pages of the samples reach 0.46 and more, pages blurred over 3 pixels at 300 dpi 0.36 at most. */
const BLURRED_SLOPE_01 = 0.4;
const MIN_EDGES = 300;
/** Source: DA/T 31 asks for 200 dpi and more. */
const MIN_RESOLUTION_DPI = 200;
/** A resolution that programs write when they know none. */
const DEFAULT_RESOLUTIONS_DPI = [72, 96];
const A4_SHORT_SIDE_INCHES = 8.27;
/** Share of the page that is darkness reaching in from its edges. */
const BORDER_AREA_01 = 0.001;
const DARK = 75;

/** What the page checks look at. */
export interface CheckedPage {
  /** As scanned, before anything is cleaned; long side about 1,750 pixels. */
  readonly gray: Gray;
  /** Its ink, as a mask. */
  readonly ink: Gray;
  /** Of the stored page. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** As the file states it. */
  readonly resolutionDpi?: number;
}

/** Findings `blank`, `blur`, `low_resolution` and `black_border` of a scanned page, with what was measured. */
export function checkPage(page: CheckedPage): Finding[] {
  const out: Finding[] = [];
  const inkShare = inkShare01(page.ink);
  const share = (v: number) => Math.round(v * 1e5) / 1e5;
  if (inkShare < BLANK_INK_01) {
    out.push({ code: 'blank', severity: 'warning', params: { inkShare: share(inkShare), limit: BLANK_INK_01 } });
  } else {
    const slope = edgeSlope01(page.gray);
    if (slope !== null && slope < BLURRED_SLOPE_01) {
      out.push({ code: 'blur', severity: 'warning', params: { edgeSlope: Math.round(slope * 1000) / 1000, limit: BLURRED_SLOPE_01 } });
    }
  }
  const dpi = Math.round(resolutionOf(page));
  if (dpi < MIN_RESOLUTION_DPI) out.push({ code: 'low_resolution', severity: 'warning', params: { dpi, limit: MIN_RESOLUTION_DPI } });
  const border = borderShare01(page.gray);
  if (border >= BORDER_AREA_01) {
    out.push({ code: 'black_border', severity: 'warning', params: { areaShare: share(border), limit: BORDER_AREA_01 } });
  }
  return out;
}

/** The file's own resolution where it says one that means something, else what the pixels give for an A4 sheet. */
function resolutionOf(page: CheckedPage): number {
  const stated = page.resolutionDpi;
  if (stated && !DEFAULT_RESOLUTIONS_DPI.includes(Math.round(stated))) return stated;
  return Math.min(page.widthPx, page.heightPx) / A4_SHORT_SIDE_INCHES;
}

function inkShare01(ink: Gray): number {
  const margin = Math.round(Math.min(ink.width, ink.height) * 0.05);
  let set = 0;
  for (let y = margin; y < ink.height - margin; y++) {
    const end = (y + 1) * ink.width - margin;
    for (let i = y * ink.width + margin; i < end; i++) set += ink.data[i]!;
  }
  const n = (ink.height - 2 * margin) * (ink.width - 2 * margin);
  return n > 0 ? set / n : 0;
}

/** How steep the steepest tenth of the strong edges is: the share of their contrast that one pixel's step makes; null when there are few. */
function edgeSlope01(gray: Gray): number | null {
  const { data, width, height } = gray;
  const margin = Math.round(Math.min(width, height) * 0.03) + 6;
  const slopes: number[] = [];
  const step = (i: number) => Math.abs(data[i + 1]! - data[i - 1]!) / 2;
  for (let y = margin; y < height - margin; y += 5) {
    for (let x = margin, i = y * width + margin; x < width - margin; x++, i++) {
      const here = step(i);
      if (here < 12 || here < step(i - 1) || here < step(i + 1)) continue;
      let low = 255;
      let high = 0;
      for (let k = i - 5; k <= i + 5; k++) {
        const v = data[k]!;
        if (v < low) low = v;
        if (v > high) high = v;
      }
      if (high - low >= 90) slopes.push(here / (high - low));
    }
  }
  if (slopes.length < MIN_EDGES) return null;
  slopes.sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length * 0.9)]!;
}

function borderShare01(gray: Gray): number {
  const { data, width, height } = gray;
  const seen = new Uint8Array(data.length);
  const stack: number[] = [];
  const visit = (i: number) => {
    if (seen[i] || data[i]! >= DARK) return;
    seen[i] = 1;
    stack.push(i);
  };
  for (let x = 0; x < width; x++) {
    visit(x);
    visit((height - 1) * width + x);
  }
  for (let y = 0; y < height; y++) {
    visit(y * width);
    visit(y * width + width - 1);
  }
  let area = 0;
  for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
    area++;
    const x = i % width;
    if (x > 0) visit(i - 1);
    if (x < width - 1) visit(i + 1);
    if (i >= width) visit(i - width);
    if (i < data.length - width) visit(i + width);
  }
  return area / data.length;
}
