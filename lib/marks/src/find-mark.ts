import { codedLength, decodeBits } from './convolution.ts';
import { bumpWeights, type Fit, fitPilots, foldField, type PilotPair, pilotPair, type Region, turnedCell } from './fold.ts';
import { findNumber, layoutOf, type MarkHmac, type MarkLayout, PILOT_CELLS, TAG_BITS, TILE_CELLS } from './mark-key.ts';
import { type GrayPicture, type PaperField, paperFields } from './paper.ts';
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
const CELL_MIN_PX = 4.4;
/** Two cell sizes so near that a pattern between them still fits over the region searched. */
const CELL_STEP = 1.01;
/** Side of the region searched first, pixels: some 50 to 100 cells. */
const REGION_PX = 448;
/** A fit below this is noise, and not looked at closer. */
const SIGMA_MIN = 5.2;
/** How many fits are looked at closer. */
const CLOSER_MAX = 8;
const COARSE_BINS = 2;
const FINE_BINS = 4;
/** Pixels of a field used for the closer look, each way. */
const CLOSER_PX = 2048;

interface Candidate extends Fit {
  readonly field: PaperField;
  readonly level: number;
  readonly cellPx: readonly [number, number];
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
    const region = fullestRegion(field, REGION_PX);
    const found: Candidate[] = [];
    for (let cell = CELL_MIN_PX; cell < 2 * CELL_MIN_PX * CELL_STEP; cell *= CELL_STEP) {
      const cellPx = [cell, cell] as const;
      const fit = fitPilots(foldField(field, region, cellPx, COARSE_BINS), this.#coarse);
      if (fit.sigma < SIGMA_MIN) continue;
      const last = found.at(-1);
      // Neighbouring sizes see the same pattern: the best of them stands for all.
      if (last && cell / last.cellPx[0] < 1.03) found.pop();
      found.push(last && cell / last.cellPx[0] < 1.03 && last.sigma > fit.sigma ? last : { ...fit, field, level, cellPx });
    }
    return found;
  }

  /** Fits the cell size over a larger region, each way for itself. */
  #closer(candidate: Candidate): Candidate {
    const { field } = candidate;
    const region = fullestRegion(field, CLOSER_PX);
    let best = candidate;
    const seen = this.#fit(candidate, region, candidate.cellPx);
    best = seen;
    const long = Math.max(region.width, region.height);
    const finest = (0.1 * candidate.cellPx[0]) / long;
    for (let step = 0.004; step > finest; step /= 2) {
      for (const [dx, dy] of [
        [1, 1],
        [-1, -1],
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ] as const) {
        const [x, y] = best.cellPx;
        const next = this.#fit(candidate, region, [x * (1 + dx * step), y * (1 + dy * step)]);
        if (next.sigma > best.sigma) best = next;
      }
    }
    return best;
  }

  #fit({ field, level }: Candidate, region: Region, cellPx: readonly [number, number]): Candidate {
    return { ...fitPilots(foldField(field, region, cellPx, COARSE_BINS), this.#coarse), field, level, cellPx };
  }

  /** Reads the cells of a fitted pattern and decodes them. */
  #read({ field, level, cellPx }: Candidate): FoundMark | null {
    const whole = { x: 0, y: 0, width: field.widthPx, height: field.heightPx };
    const fold = foldField(field, whole, cellPx, FINE_BINS);
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

/** The region of at most this side with most paper in it. */
function fullestRegion(field: PaperField, sidePx: number): Region {
  const width = Math.min(sidePx, field.widthPx);
  const height = Math.min(sidePx, field.heightPx);
  let best = { x: 0, y: 0, width, height };
  let most = -1;
  const stepPx = Math.max(32, sidePx >> 2);
  for (let y = 0; y <= field.heightPx - height; y += stepPx)
    for (let x = 0; x <= field.widthPx - width; x += stepPx) {
      const paper = samplePaper(field, { x, y, width, height });
      if (paper > most) {
        most = paper;
        best = { x, y, width, height };
      }
    }
  return best;
}

/** Paper in a region, from every eighth pixel each way. */
function samplePaper({ weight, value, widthPx }: PaperField, { x, y, width, height }: Region): number {
  let paper = 0;
  // Paper without any difference is a blank of the screen, not of a page.
  for (let j = y; j < y + height; j += 8)
    for (let i = x; i < x + width; i += 8) paper += value[j * widthPx + i] === 0 ? 0 : weight[j * widthPx + i]!;
  return paper;
}
