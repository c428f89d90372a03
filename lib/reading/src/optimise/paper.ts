import type { Rgb } from '../raster.ts';

const BLOCK_PX = 24;
/** Rounds of fitting; after each, blocks that are not paper are left out. */
const ROUNDS = 4;
const OFF_PAPER = 9;
const TERMS = 6;
const EVEN_SHARE_01 = 0.6;
/** Less of a scan than this that is paper makes it a picture. */
const MIN_PAPER_01 = 0.25;
/** Grain of the paper and of the sensor: what lies within three deviations of it is background. */
const DEVIATIONS = 3;
/** Below the least a JPEG's own rounding would count; scans of paper need no more, and what needs more than the most is a photograph with pale lines to lose. */
const THRESHOLD: readonly [least: number, most: number] = [8, 16];

/** The paper of a page: its colour as it changes over the page with the light, and how far its grain strays. */
export interface Paper {
  /** For red, green and blue: a + bx + cy + dx² + exy + fy², x and y from −1 to 1 over the page. */
  readonly surface: readonly [readonly number[], readonly number[], readonly number[]];
  /** The one colour that the background is given. */
  readonly colour: readonly [number, number, number];
  /** A pixel darker than the paper, or of another colour, by this much or more is not background. */
  readonly threshold: number;
}

interface Block {
  readonly x: number;
  readonly y: number;
  readonly level: readonly [number, number, number];
}

/**
 * Finds the paper of a laid page; null where too little of it is paper or that is uneven (a photograph, a dark ground): then nothing is cleaned.
 * A stain is no paper however large: the surface is stiff and follows the light only.
 * @param image the laid page, small; @param reach where the scan has pixels
 */
export function findPaper(image: Rgb, reach: Uint8Array): Paper | null {
  const { even: blocks, count } = blocksOf(image, reach);
  if (blocks.length < 4 * TERMS) return null;
  // Most blocks of a page are paper, and paper is what is light.
  const brightness = (b: Block) => b.level[0] + b.level[1] + b.level[2];
  const typical = blocks.map(brightness).sort((a, b) => a - b)[Math.floor(blocks.length * 0.7)]!;
  let kept = blocks.filter((b) => Math.abs(brightness(b) - typical) < 3 * 3 * OFF_PAPER);
  let surface: Paper['surface'] | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    if (kept.length < 4 * TERMS || kept.length < MIN_PAPER_01 * count) return null;
    const fitted = [0, 1, 2].map((c) => fit(kept, c));
    const [r, g, b] = fitted;
    if (!r || !g || !b) return null;
    surface = [r, g, b];
    const on = surface;
    kept = blocks.filter((block) => block.level.every((v, c) => Math.abs(v - valueAt(on[c]!, block.x, block.y)) < OFF_PAPER));
  }
  if (!surface) return null;
  const colour = surface.map((s) => Math.max(0, Math.min(255, Math.round(s[0]! + (s[3]! + s[5]!) / 3)))) as [number, number, number];
  const threshold = thresholdOf(image, reach, surface);
  return threshold > THRESHOLD[1] ? null : { surface, colour, threshold };
}

/** The middle level of each block's pixels, channel by channel: strokes are few, so it is the paper between them. */
function blocksOf({ data, width, height }: Rgb, reach: Uint8Array): { readonly even: Block[]; readonly count: number } {
  const out: Block[] = [];
  let uneven = 0;
  for (let y0 = 0; y0 + BLOCK_PX <= height; y0 += BLOCK_PX) {
    for (let x0 = 0; x0 + BLOCK_PX <= width; x0 += BLOCK_PX) {
      const counts = [new Uint16Array(256), new Uint16Array(256), new Uint16Array(256)];
      let n = 0;
      for (let y = y0; y < y0 + BLOCK_PX; y++) {
        for (let x = x0; x < x0 + BLOCK_PX; x++) {
          const i = y * width + x;
          if (!reach[i]) continue;
          n++;
          for (let c = 0; c < 3; c++) counts[c]![data[i * 3 + c]!]!++;
        }
      }
      if (n < BLOCK_PX * BLOCK_PX) continue;
      const level = counts.map((h) => middleOf(h, n)) as [number, number, number];
      if (!isEven(counts[1]!, level[1], n)) {
        uneven++;
        continue;
      }
      out.push({ x: ((x0 + BLOCK_PX / 2) / width) * 2 - 1, y: ((y0 + BLOCK_PX / 2) / height) * 2 - 1, level });
    }
  }
  return { even: out, count: out.length + uneven };
}

/** Most of a block of paper is of one level; of a picture it is of many. */
function isEven(histogram: Uint16Array, level: number, n: number): boolean {
  let near = 0;
  for (let v = Math.max(0, level - OFF_PAPER); v <= Math.min(255, level + OFF_PAPER); v++) near += histogram[v]!;
  return near >= EVEN_SHARE_01 * n;
}

function middleOf(histogram: Uint16Array, n: number): number {
  for (let v = 0, sum = 0; v < 256; v++) {
    sum += histogram[v]!;
    if (sum * 2 >= n) return v;
  }
  return 255;
}

const termsAt = (x: number, y: number) => [1, x, y, x * x, x * y, y * y];

/** The surface's value at a place, x and y from −1 to 1. */
export const valueAt = (s: readonly number[], x: number, y: number): number =>
  s[0]! + s[1]! * x + s[2]! * y + s[3]! * x * x + s[4]! * x * y + s[5]! * y * y;

/** Least squares; null when the blocks lie too few ways to tell the six terms apart. */
function fit(blocks: readonly Block[], channel: number): number[] | null {
  const m = Array.from({ length: TERMS }, () => new Float64Array(TERMS + 1));
  for (const block of blocks) {
    const t = termsAt(block.x, block.y);
    for (let i = 0; i < TERMS; i++) {
      for (let j = 0; j < TERMS; j++) m[i]![j]! += t[i]! * t[j]!;
      m[i]![TERMS]! += t[i]! * block.level[channel]!;
    }
  }
  for (let i = 0; i < TERMS; i++) {
    let pivot = i;
    for (let k = i + 1; k < TERMS; k++) if (Math.abs(m[k]![i]!) > Math.abs(m[pivot]![i]!)) pivot = k;
    [m[i], m[pivot]] = [m[pivot]!, m[i]!];
    if (Math.abs(m[i]![i]!) < 1e-6) return null;
    for (let k = 0; k < TERMS; k++) {
      if (k === i) continue;
      const by = m[k]![i]! / m[i]![i]!;
      for (let j = i; j <= TERMS; j++) m[k]![j]! -= by * m[i]![j]!;
    }
  }
  return m.map((row, i) => row[TERMS]! / row[i]!);
}

/** Three deviations of the light half of the grain: its dark half is mixed with strokes. */
function thresholdOf({ data, width, height }: Rgb, reach: Uint8Array, surface: Paper['surface']): number {
  let n = 0;
  let squares = 0;
  for (let y = 1; y < height; y += 3) {
    for (let x = 1; x < width; x += 3) {
      const i = y * width + x;
      if (!reach[i]) continue;
      const over = data[i * 3 + 1]! - valueAt(surface[1], (x / width) * 2 - 1, (y / height) * 2 - 1);
      if (over <= 0) continue;
      n++;
      squares += over * over;
    }
  }
  const deviation = n ? Math.sqrt(squares / n) : 0;
  return Math.max(THRESHOLD[0], Math.round(DEVIATIONS * deviation));
}

/** Luma in 1/256 from the three channels. */
const luma = (r: number, g: number, b: number) => (r * 77 + g * 150 + b * 29) / 256;

/**
 * Gives the background one colour, in place. What is darker than the paper or of another colour by the threshold or more is not touched; in between the
 * change fades, so that no rim is drawn round a stroke. What the scan did not reach becomes paper.
 */
export function cleanPaper({ data, width, height }: Rgb, reach: Uint8Array, paper: Paper): void {
  const [sr, sg, sb] = paper.surface;
  const [pr, pg, pb] = paper.colour;
  const { threshold } = paper;
  const half = threshold / 2;
  for (let y = 0, i = 0; y < height; y++) {
    const v = ((y + 0.5) / height) * 2 - 1;
    for (let x = 0; x < width; x++, i++) {
      const p = i * 3;
      if (!reach[i]) {
        data[p] = pr;
        data[p + 1] = pg;
        data[p + 2] = pb;
        continue;
      }
      const u = ((x + 0.5) / width) * 2 - 1;
      const [r, g, b] = [data[p]!, data[p + 1]!, data[p + 2]!];
      const [lr, lg, lb] = [valueAt(sr, u, v), valueAt(sg, u, v), valueAt(sb, u, v)];
      const off = Math.max(luma(lr, lg, lb) - luma(r, g, b), Math.abs(r - g - (lr - lg)), Math.abs(g - b - (lg - lb)));
      if (off >= threshold) continue;
      const share = off <= half ? 1 : (threshold - off) / half;
      data[p] = Math.round(r + (pr - r) * share);
      data[p + 1] = Math.round(g + (pg - g) * share);
      data[p + 2] = Math.round(b + (pb - b) * share);
    }
  }
}
