import { type Rgb, shrinkRgb, toGray } from '../raster.ts';
import { type Cut, laidSize, layScan, type ScanLay } from './lay.ts';
import { findPageEdge } from './page-edge.ts';
import { cleanPaper, findPaper, type Paper } from './paper.ts';

/** Name and version of what is done here. The version changes whenever the same scan may come out otherwise. */
export const OPTIMISER = { name: 'lantai-optimise', version: '1' } as const;

const SMALL_LONG_SIDE_PX = 900;
/** Taken off beyond the ground's edge, in pixels of the small picture: its rim is half ground. */
const RIM_PX = 1;

/** What was found on a scan and done to it, all that is needed to do it again. */
export interface OptimisePlan extends ScanLay {
  /** Of the laid page, in its pixels: the sheet. */
  readonly cut: Cut;
  /** Null where no paper was found: then nothing is cleaned. */
  readonly paper: Paper | null;
}

/** Finds the sheet's edges and its paper on a scan that lay so. */
export function planOptimising(image: Rgb, lay: ScanLay): OptimisePlan {
  const factor = Math.max(1, Math.round(Math.max(image.width, image.height) / SMALL_LONG_SIDE_PX));
  const small = shrinkRgb(image, factor);
  const whole = laidSize(small, lay);
  const laid = layScan(small, lay, { left: 0, top: 0, right: whole.width, bottom: whole.height });
  const edge = findPageEdge(toGray(laid.image), laid.reach);
  const rim = (depth: number) => (depth > 0 ? depth + RIM_PX : 0);
  const full = laidSize(image, lay);
  const inset = {
    left: rim(edge.left) * factor,
    top: rim(edge.top) * factor,
    right: rim(whole.width - edge.right) * factor,
    bottom: rim(whole.height - edge.bottom) * factor,
  };
  const cut: Cut = { left: inset.left, top: inset.top, right: full.width - inset.right, bottom: full.height - inset.bottom };
  const sheet = layScan(small, lay, edge);
  return { orientation: lay.orientation, skewDegrees: lay.skewDegrees, cut, paper: findPaper(sheet.image, sheet.reach) };
}

/** The optimised image by a plan: upright, level, cut to the sheet, its background of one colour. The same plan and scan give the same pixels. */
export function optimise(image: Rgb, plan: OptimisePlan): Rgb {
  const { image: laid, reach } = layScan(image, plan, plan.cut);
  if (plan.paper) cleanPaper(laid, reach, plan.paper);
  return laid;
}
