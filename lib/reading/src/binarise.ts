import { type Gray, makeGray } from './raster.ts';

/** The mean is taken of squares this wide: it changes little from pixel to pixel. The loops below are written out for four. */
const SQUARE_PX = 4;

/**
 * Marks ink: pixels darker than the mean of their neighbourhood by more than `minContrast` (0 to 255). Uneven light and tinted paper do not matter;
 * a black area wider than the neighbourhood is marked at its rim only.
 * @param radius of the square neighbourhood, in pixels
 */
export function binarise(image: Gray, radius: number, minContrast: number): Gray {
  const { width, height, data } = image;
  const out = makeGray(width, height);
  const ink = out.data;
  const limits = limitsOf(image, Math.max(1, Math.round(radius / SQUARE_PX)), minContrast);
  const across = Math.ceil(width / SQUARE_PX);
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(y / SQUARE_PX) * across;
    const end = i + width;
    let k = row;
    for (; i + SQUARE_PX <= end; i += SQUARE_PX, k++) {
      const limit = limits[k]!;
      if (data[i]! < limit) ink[i] = 1;
      if (data[i + 1]! < limit) ink[i + 1] = 1;
      if (data[i + 2]! < limit) ink[i + 2] = 1;
      if (data[i + 3]! < limit) ink[i + 3] = 1;
    }
    for (; i < end; i++) if (data[i]! < limits[k]!) ink[i] = 1;
  }
  return out;
}

/** For each square the lightest level that is no longer ink. */
function limitsOf(image: Gray, radiusSquares: number, minContrast: number): Uint8Array {
  const { width, height, data } = image;
  const across = Math.ceil(width / SQUARE_PX);
  const down = Math.ceil(height / SQUARE_PX);
  const sums = new Int32Array(across * down);
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(y / SQUARE_PX) * across;
    const end = i + width;
    let k = row;
    for (; i + SQUARE_PX <= end; i += SQUARE_PX, k++) sums[k]! += data[i]! + data[i + 1]! + data[i + 2]! + data[i + 3]!;
    for (; i < end; i++) sums[k]! += data[i]!;
  }
  const limits = new Uint8Array(across * down);
  const columns = new Int32Array(across);
  const total = new Int32Array(across + 1);
  for (let y = 0; y < Math.min(radiusSquares, down); y++) for (let x = 0; x < across; x++) columns[x]! += sums[y * across + x]!;
  for (let y = 0; y < down; y++) {
    const enters = y + radiusSquares < down ? (y + radiusSquares) * across : -1;
    const leaves = y - radiusSquares - 1;
    for (let x = 0; x < across; x++) {
      if (enters >= 0) columns[x]! += sums[enters + x]!;
      if (leaves >= 0) columns[x]! -= sums[leaves * across + x]!;
      total[x + 1] = total[x]! + columns[x]!;
    }
    const rows = Math.min(height, (y + radiusSquares + 1) * SQUARE_PX) - Math.max(0, (y - radiusSquares) * SQUARE_PX);
    for (let x = 0; x < across; x++) {
      const left = Math.max(0, x - radiusSquares);
      const right = Math.min(across, x + radiusSquares + 1);
      const area = rows * (Math.min(width, right * SQUARE_PX) - left * SQUARE_PX);
      limits[y * across + x] = Math.max(0, Math.ceil((total[right]! - total[left]!) / area - minContrast));
    }
  }
  return limits;
}
