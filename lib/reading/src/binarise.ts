import { type Gray, makeGray } from './raster.ts';

/**
 * Ink of a page as a mask: a pixel is ink when it is darker than the mean of its neighbourhood by more than `minContrast` grey levels.
 * A local mean follows uneven light and paper tint, which one threshold for the page does not.
 * @param radius half the side of the neighbourhood, in pixels; about one line height
 */
export function binarise(image: Gray, radius: number, minContrast: number): Gray {
  const { width, height, data } = image;
  const out = makeGray(width, height);
  const ink = out.data;
  // Sums of columns over the rows around y, and their running total: the sum of any neighbourhood in the row is one subtraction.
  const columns = new Int32Array(width);
  const total = new Int32Array(width + 1);
  for (let y = 0; y < Math.min(radius, height); y++) for (let x = 0, i = y * width; x < width; x++, i++) columns[x]! += data[i]!;
  for (let y = 0; y < height; y++) {
    const entering = (y + radius) * width;
    const leaving = (y - radius - 1) * width;
    const enters = y + radius < height;
    const leaves = y - radius - 1 >= 0;
    for (let x = 0, sum = 0; x < width; x++) {
      let c = columns[x]!;
      if (enters) c += data[entering + x]!;
      if (leaves) c -= data[leaving + x]!;
      columns[x] = c;
      sum += c;
      total[x + 1] = sum;
    }
    const rows = Math.min(height - 1, y + radius) - Math.max(0, y - radius) + 1;
    const row = y * width;
    const from = Math.min(radius, width);
    const to = Math.max(from, width - radius - 1);
    for (let x = 0; x < from; x++) if (isInk(x)) ink[row + x] = 1;
    const area = rows * (2 * radius + 1);
    for (let x = from, a = from - radius, b = from + radius + 1; x < to; x++, a++, b++) {
      if ((data[row + x]! + minContrast) * area < total[b]! - total[a]!) ink[row + x] = 1;
    }
    for (let x = to; x < width; x++) if (isInk(x)) ink[row + x] = 1;
    function isInk(x: number): boolean {
      const left = Math.max(0, x - radius);
      const right = Math.min(width, x + radius + 1);
      return (data[row + x]! + minContrast) * rows * (right - left) < total[right]! - total[left]!;
    }
  }
  return out;
}
