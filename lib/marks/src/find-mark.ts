import { codedLength, decodeBits } from './convolution.ts';
import { bumpWeights, type Fit, fitPilots, foldField, type PilotPair, pilotPair, type Region, turnedCell } from './fold.ts';
import { findNumber, layoutOf, type MarkHmac, type MarkLayout, PILOT_CELLS, TAG_BITS, TILE_CELLS } from './mark-key.ts';
import { type GrayPicture, type PaperField, paperFields } from './paper.ts';
import { fullestRegions, regionAbout } from './regions.ts';
import { NUMBER_BITS } from './view-number.ts';

/** A mark that was read. */
export interface FoundMark {
  readonly number: bigint;
  /** How clearly its pilots stand out, in standard deviations. */
  readonly sigma: number;
  /** Side of a cell in the picture, pixels. */
  readonly cellPx: number;
  /** How far the picture is turned clockwise against the page. */
  readonly turned: 0 | 90 | 180 | 270;
}

/** Cells on a field are at least this wide; on the next field they are half as wide. */
const CELL_MIN_PX = 2.6;
/** On the picture itself smaller ones are sought too, since nothing finer is there: a whole page on a small screen. */
const CELL_LEAST_PX = 2.2;
/** Two cell sizes so near that a pattern between them still fits over the region searched. */
const CELL_STEP = 1.01;
/** Side of the regions searched first, pixels: some 60 to 120 cells. */
const REGION_PX = 320;
/** Regions searched on each field: a screen shows more than the page. */
const REGIONS_MAX = 3;
/** A fit below this is noise, and not looked at closer. */
const SIGMA_MIN = 5.2;
/** How many fits are looked at closer. */
const CLOSER_MAX = 8;
const COARSE_BINS = 2;
const FINE_BINS = 4;
/** Pixels of a field used for the closer look, each way. */
const CLOSER_PX = 2048;
/** Cell sizes are sought so far around that the pattern moves by these parts of a cell over a region. */
const DRIFT_CELLS = { first: 0.8, last: 0.1 } as const;
/** Pilots that stand out by less than this part of what they did over a smaller region are not the page's. */
const SINKING = 0.8;
const WAYS = [
  [1, 1],
  [-1, -1],
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

interface Candidate extends Fit {
  readonly field: PaperField;
  readonly level: number;
  readonly cellPx: readonly [number, number];
  readonly region: Region;
}

/** Finds the marks of one archive in pictures. */
export class MarkFinder {
  readonly #layout: MarkLayout;
  readonly #coarse: readonly PilotPair[];
  readonly #fine: readonly PilotPair[];

  constructor(readonly hmac: MarkHmac) {
    this.#layout = layoutOf(hmac);
    const pairs = (bins: number) => [pilotPair(this.#layout, [0, 1], bins), pilotPair(this.#layout, [2, 3], bins)];
    this.#coarse = pairs(COARSE_BINS);
    this.#fine = pairs(FINE_BINS);
  }

  /** The mark in a picture, at any scale, cut and quarter turn; null when none can be read. */
  find(picture: GrayPicture): FoundMark | null {
    const candidates = paperFields(picture).flatMap((field, level) => this.#search(field, level));
    candidates.sort((a, b) => b.sigma - a.sigma);
    for (const candidate of candidates.slice(0, CLOSER_MAX)) {
      const found = this.#read(this.#closer(candidate));
      if (found) return found;
    }
    return null;
  }

  /** The best fits of each cell size on one field. */
  #search(field: PaperField, level: number): Candidate[] {
    return fullestRegions(field, REGION_PX, REGIONS_MAX).flatMap((region) => {
      const found: Candidate[] = [];
      const least = level === 0 ? CELL_LEAST_PX : CELL_MIN_PX;
      for (let cell = least; cell < 2 * CELL_MIN_PX * CELL_STEP; cell *= CELL_STEP) {
        const fit = this.#fit({ field, level }, region, [cell, cell]);
        if (fit.sigma < SIGMA_MIN) continue;
        const last = found.at(-1);
        // Neighbouring sizes see the same pattern: the best of them stands for all.
        const isSame = last !== undefined && cell / last.cellPx[0] < 1.03;
        if (isSame) found.pop();
        found.push(isSame && last.sigma > fit.sigma ? last : fit);
      }
      return found;
    });
  }

  /**
   * Fits the cell size, each way for itself, over regions that grow about the one searched: what is a little off there would be a cell off here.
   * The region where the pilots stand out farthest is the page, or most of it; where a larger one makes them sink, what was seen was noise, or ends there.
   */
  #closer(candidate: Candidate): Candidate {
    const { field } = candidate;
    const longest = Math.min(CLOSER_PX, Math.max(field.widthPx, field.heightPx));
    let best = candidate;
    let latest = candidate;
    for (let sidePx = REGION_PX; ; sidePx *= 2) {
      latest = this.#refine(latest, regionAbout(field, candidate.region, Math.min(sidePx, longest)));
      if (latest.sigma > best.sigma) best = latest;
      if (sidePx >= longest || latest.sigma < SINKING * best.sigma) return best;
    }
  }

  #refine(candidate: Candidate, region: Region): Candidate {
    let best = this.#fit(candidate, region, candidate.cellPx);
    const driftOf = best.cellPx[0] / Math.max(region.width, region.height);
    for (let drift = DRIFT_CELLS.first; drift > DRIFT_CELLS.last; drift /= 2) {
      for (const [dx, dy] of WAYS) {
        const [x, y] = best.cellPx;
        const next = this.#fit(candidate, region, [x * (1 + dx * drift * driftOf), y * (1 + dy * drift * driftOf)]);
        if (next.sigma > best.sigma) best = next;
      }
    }
    return best;
  }

  #fit({ field, level }: Pick<Candidate, 'field' | 'level'>, region: Region, cellPx: readonly [number, number]): Candidate {
    return { ...fitPilots(foldField(field, region, cellPx, COARSE_BINS), this.#coarse), field, level, cellPx, region };
  }

  /** Reads the cells of a fitted pattern and decodes them. */
  #read({ field, level, cellPx, region }: Candidate): FoundMark | null {
    const fold = foldField(field, region, cellPx, FINE_BINS);
    const fit = fitPilots(fold, this.#fine);
    const number = findNumber(this.hmac, decodeBits(this.#softBits(fold, fit)));
    if (number === null) return null;
    const turned = ([0, 90, 180, 270] as const)[fit.quarters];
    return { number, sigma: fit.sigma, cellPx: cellPx[0] * 2 ** level, turned };
  }

  /** How sure each coded bit is, summed over all cells that carry it. */
  #softBits(fold: Float64Array, { shift, quarters }: Fit): Float64Array {
    const side = TILE_CELLS * FINE_BINS;
    const weights = bumpWeights(FINE_BINS);
    const soft = new Float64Array(codedLength(NUMBER_BITS + TAG_BITS));
    for (let k = PILOT_CELLS; k < this.#layout.cells.length; k++) {
      const cell = turnedCell(this.#layout.cells[k]!, quarters);
      const x0 = (cell % TILE_CELLS) * FINE_BINS - FINE_BINS / 2 + shift[0] + side;
      const y0 = Math.floor(cell / TILE_CELLS) * FINE_BINS - FINE_BINS / 2 + shift[1] + side;
      let sum = 0;
      for (let j = 0; j < weights.length; j++)
        for (let i = 0; i < weights.length; i++) sum += weights[i]! * weights[j]! * fold[((y0 + j) % side) * side + ((x0 + i) % side)]!;
      soft[(k - PILOT_CELLS) % soft.length]! += sum * this.#layout.signs[k]!;
    }
    return soft;
  }
}
