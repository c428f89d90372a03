import { type Gray, makeGray } from './raster.ts';

/**
 * Ink of a page as a mask: a pixel is ink when it is darker than the mean of its neighbourhood by more than `minContrast` grey levels.
 * A local mean follows uneven light and paper tint, which one threshold for the page does not.
 * @param radius half the side of the neighbourhood, in pixels; about one line height
 */
export function binarise(image: Gray, radius: number, minContrast: number): Gray {
  const { width, height, data } = image;
  const out = makeGray(width, height);
  const columns = new Int32Array(width);
  const prefix = new Int32Array(width + 1);
  const addRow = (y: number, sign: 1 | -1) => {
    const row = y * width;
    for (let x = 0; x < width; x++) columns[x]! += sign * data[row + x]!;
  };
  for (let y = 0; y < Math.min(radius, height); y++) addRow(y, 1);
  for (let y = 0; y < height; y++) {
    if (y + radius < height) addRow(y + radius, 1);
    if (y - radius - 1 >= 0) addRow(y - radius - 1, -1);
    const rows = Math.min(height - 1, y + radius) - Math.max(0, y - radius) + 1;
    for (let x = 0, sum = 0; x < width; x++) {
      sum += columns[x]!;
      prefix[x + 1] = sum;
    }
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const left = x - radius < 0 ? 0 : x - radius;
      const right = x + radius + 1 > width ? width : x + radius + 1;
      const mean = (prefix[right]! - prefix[left]!) / (rows * (right - left));
      if (data[row + x]! < mean - minContrast) out.data[row + x] = 1;
    }
  }
  return out;
}

/** Share of set pixels of a mask, 0 to 1. */
export function setShare01(mask: Gray): number {
  let n = 0;
  for (const v of mask.data) n += v;
  return mask.data.length ? n / mask.data.length : 0;
}
