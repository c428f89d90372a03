import type { Gray } from '../raster.ts';

const GRID_ACROSS = 16;
const GRID_DOWN = 22;
/** Grain of the paper is fainter; what is stronger was ink. */
const FAINT: readonly [number, number] = [3, 17];
const MARGIN_01 = 0.04;
/** A page with more ink has a text of its own, and nothing can be told apart below it. */
const MOST_INK_01 = 0.004;

/**
 * The pattern of what is fainter than ink on a sheet with next to none: 16 × 22 squares, a bit set where there is more than in the median square, written as
 * `pageDigest` writes them. Show-through of the other face makes it that face's mirror image; grain alone makes chance of it. Empty on a page with ink.
 */
export function faintDigest(gray: Gray, inkShare01: number): string {
  if (inkShare01 > MOST_INK_01) return '';
  const { width, height, data } = gray;
  const [mx, my] = [Math.round(width * MARGIN_01), Math.round(height * MARGIN_01)];
  const sums = new Float64Array(GRID_ACROSS * GRID_DOWN);
  const counts = new Float64Array(GRID_ACROSS * GRID_DOWN);
  for (let y = my; y < height - my; y += 2) {
    const row = Math.floor((y * GRID_DOWN) / height) * GRID_ACROSS;
    const level = rowLevel(data, y * width + mx, width - 2 * mx);
    for (let x = mx; x < width - mx; x++) {
      const cell = row + Math.floor((x * GRID_ACROSS) / width);
      const darker = level - data[y * width + x]!;
      if (darker >= FAINT[0] && darker <= FAINT[1]) sums[cell]! += darker;
      counts[cell]!++;
    }
  }
  const shares = sums.map((s, i) => (counts[i] ? s / counts[i]! : 0));
  const median = [...shares].sort((a, b) => a - b)[shares.length >> 1]!;
  let out = '';
  for (let i = 0; i < shares.length; i += 4) {
    let digit = 0;
    for (let k = 0; k < 4; k++) digit = digit * 2 + (shares[i + k]! > median ? 1 : 0);
    out += digit.toString(16);
  }
  return out;
}

/** The paper of a row: what three quarters of it are darker than. */
function rowLevel(data: Uint8Array, from: number, length: number): number {
  const counts = new Uint32Array(256);
  for (let i = from; i < from + length; i++) counts[data[i]!]!++;
  for (let v = 255, sum = 0; v >= 0; v--) {
    sum += counts[v]!;
    if (sum * 4 >= length) return v;
  }
  return 0;
}

/** A digest as the sheet's other face would show it: left and right exchanged. */
export function mirroredDigest(digest: string): string {
  const digitsAcross = GRID_ACROSS / 4;
  const reversed = (digit: string) => {
    const n = Number.parseInt(digit, 16);
    return (((n & 1) << 3) | ((n & 2) << 1) | ((n & 4) >> 1) | ((n & 8) >> 3)).toString(16);
  };
  const rows = digest.match(new RegExp(`.{${digitsAcross}}`, 'g')) ?? [];
  return rows.map((row) => [...row].reverse().map(reversed).join('')).join('');
}

/** A digest of the same face turned by half. */
export const turnedDigest = (digest: string): string =>
  mirroredDigest((digest.match(new RegExp(`.{${GRID_ACROSS / 4}}`, 'g')) ?? []).reverse().join(''));
