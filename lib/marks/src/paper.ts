/** A picture to be traced: gray, 8 bits, rows from the top. */
export interface GrayPicture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8Array;
}

/** What is left of a picture when its writing is taken away: how far the paper is lighter or darker than the paper around, and how much paper there is. */
export interface PaperField {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Difference times weight, gray levels. */
  readonly value: Float32Array;
  /** 0 (writing) to 1 (paper). */
  readonly weight: Float32Array;
}

const BLOCK_PX = 16;
/** The paper is as light as this share of the pixels around is not; writing seldom covers more. */
const PAPER_SHARE01 = 0.7;
/** What differs by more from the paper is writing, a picture, a seal or another mark. */
const PAPER_RANGE = 10;
/**
 * Half of the window over which a difference is taken, pixels. Cells are searched where they are 2.6 to 5.2 pixels wide, so it holds two of them: they
 * average out in it just enough, and the grain of paper, which is coarse where a page is shown large, goes with the rest. Measured on screenshots
 * (bench/trace-screens.ts): pilots stand out twice as far as with 24.
 */
const AROUND_PX = 3;
/** What differs by more is an edge that was not masked. */
const VALUE_MAX = 4;
const SIDE_MIN_PX = 64;

/** The fields of a picture at full size, half, a quarter…: cells of any size are some 2.6 to 5.2 pixels wide on one of them. */
export function paperFields(picture: GrayPicture): PaperField[] {
  const { widthPx, heightPx, data } = picture;
  const weight = paperWeight(picture);
  const light = new Float32Array(data.length);
  for (let i = 0; i < light.length; i++) light[i] = data[i]! * weight[i]!;
  const fields: PaperField[] = [];
  for (let at: PaperField = { widthPx, heightPx, value: light, weight }; Math.min(at.widthPx, at.heightPx) >= SIDE_MIN_PX; at = halve(at))
    fields.push(withoutSlope(at));
  return fields;
}

/** 1 where a pixel and its neighbours are paper, else 0. */
function paperWeight({ widthPx, heightPx, data }: GrayPicture): Float32Array {
  const columns = Math.ceil(widthPx / BLOCK_PX);
  const rows = Math.ceil(heightPx / BLOCK_PX);
  const counts = new Uint32Array(columns * rows * 256);
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) counts[(((y / BLOCK_PX) | 0) * columns + ((x / BLOCK_PX) | 0)) * 256 + data[y * widthPx + x]!]!++;
  const level = Uint8Array.from({ length: columns * rows }, (_, i) => paperLevel(counts, i % columns, (i / columns) | 0, columns, rows));
  const isPaper = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      const at = y * widthPx + x;
      isPaper[at] = Math.abs(data[at]! - level[((y / BLOCK_PX) | 0) * columns + ((x / BLOCK_PX) | 0)]!) <= PAPER_RANGE ? 1 : 0;
    }
  const weight = new Float32Array(widthPx * heightPx);
  // A pixel beside writing holds some of it: compression and scaling spread edges.
  for (let y = 1; y < heightPx - 1; y++)
    for (let x = 1; x < widthPx - 1; x++) {
      const at = y * widthPx + x;
      weight[at] = isPaper[at]! & isPaper[at - 1]! & isPaper[at + 1]! & isPaper[at - widthPx]! & isPaper[at + widthPx]!;
    }
  return weight;
}

/** How light the paper is in a block and those around it. */
function paperLevel(counts: Uint32Array, column: number, row: number, columns: number, rows: number): number {
  const sum = new Uint32Array(256);
  let total = 0;
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++)
      for (let v = 0, at = (y * columns + x) * 256; v < 256; v++, at++) {
        sum[v]! += counts[at]!;
        total += counts[at]!;
      }
  let below = 0;
  for (let v = 0; v < 256; v++) {
    below += sum[v]!;
    if (below >= total * PAPER_SHARE01) return v;
  }
  return 255;
}

/** Half the size: sums of light and weight, so that writing weighs nothing. */
function halve({ widthPx, heightPx, value, weight }: PaperField): PaperField {
  const [w, h] = [widthPx >> 1, heightPx >> 1];
  const out = { widthPx: w, heightPx: h, value: new Float32Array(w * h), weight: new Float32Array(w * h) };
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const at = 2 * y * widthPx + 2 * x;
      const to = y * w + x;
      out.value[to] = (value[at]! + value[at + 1]! + value[at + widthPx]! + value[at + widthPx + 1]!) / 4;
      out.weight[to] = (weight[at]! + weight[at + 1]! + weight[at + widthPx]! + weight[at + widthPx + 1]!) / 4;
    }
  return out;
}

/** Light less the mean light of the paper around. */
function withoutSlope({ widthPx, heightPx, value, weight }: PaperField): PaperField {
  const lightAround = boxSums(value, widthPx, heightPx);
  const weightAround = boxSums(weight, widthPx, heightPx);
  const out = new Float32Array(value.length);
  for (let i = 0; i < out.length; i++) {
    const w = weight[i]!;
    const around = weightAround[i]!;
    if (w <= 0 || around <= 1) continue;
    const difference = value[i]! / w - lightAround[i]! / around;
    out[i] = Math.max(-VALUE_MAX, Math.min(VALUE_MAX, difference)) * w;
  }
  return { widthPx, heightPx, value: out, weight };
}

/** Sum over the window around each pixel: two sliding passes, both along the rows as they lie in memory. */
function boxSums(values: Float32Array, widthPx: number, heightPx: number): Float64Array {
  const rows = new Float64Array(values.length);
  for (let y = 0; y < heightPx; y++) slide(values, rows, y * widthPx, widthPx);
  const out = new Float64Array(values.length);
  const sums = new Float64Array(widthPx);
  for (let y = 0; y < Math.min(AROUND_PX, heightPx); y++) for (let x = 0; x < widthPx; x++) sums[x]! += rows[y * widthPx + x]!;
  for (let y = 0; y < heightPx; y++) {
    const [next, last] = [(y + AROUND_PX) * widthPx, (y - AROUND_PX - 1) * widthPx];
    if (next < rows.length) for (let x = 0; x < widthPx; x++) sums[x]! += rows[next + x]!;
    if (last >= 0) for (let x = 0; x < widthPx; x++) sums[x]! -= rows[last + x]!;
    out.set(sums, y * widthPx);
  }
  return out;
}

function slide(from: Float32Array, to: Float64Array, start: number, count: number): void {
  let sum = 0;
  for (let i = 0; i < Math.min(AROUND_PX, count); i++) sum += from[start + i]!;
  for (let i = 0; i < count; i++) {
    if (i + AROUND_PX < count) sum += from[start + i + AROUND_PX]!;
    if (i - AROUND_PX > 0) sum -= from[start + i - AROUND_PX - 1]!;
    to[start + i] = sum;
  }
}
