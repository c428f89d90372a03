import type { Gray } from '../raster.ts';

/** Share of the ink on a sheet, 5 % margins left out: dark edges and punched holes are not writing. */
export function inkShare01(ink: Gray): number {
  const margin = Math.round(Math.min(ink.width, ink.height) * 0.05);
  let set = 0;
  for (let y = margin; y < ink.height - margin; y++) {
    const end = (y + 1) * ink.width - margin;
    for (let i = y * ink.width + margin; i < end; i++) set += ink.data[i]!;
  }
  const n = (ink.height - 2 * margin) * (ink.width - 2 * margin);
  return n > 0 ? set / n : 0;
}
