/** A square of complex numbers, `side` a power of two, row by row. Changed in place. */
export interface Spectrum {
  readonly side: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Twiddle factors by side. */
const TURNS = new Map<number, { cos: Float64Array; sin: Float64Array }>();

function turnsOf(side: number) {
  const known = TURNS.get(side);
  if (known) return known;
  const cos = Float64Array.from({ length: side / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / side));
  const sin = Float64Array.from({ length: side / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / side));
  TURNS.set(side, { cos, sin });
  return { cos, sin };
}

/** Fourier transform of a square, in place, not normalized. Exchange `re` and `im` for the inverse. */
export function transform({ side, re, im }: Spectrum): void {
  for (let i = 0; i < side; i++) transformLine(re, im, i * side, 1, side);
  for (let i = 0; i < side; i++) transformLine(re, im, i, side, side);
}

function transformLine(re: Float64Array, im: Float64Array, from: number, step: number, side: number): void {
  reorder(re, im, from, step, side);
  const { cos, sin } = turnsOf(side);
  for (let half = 1; half < side; half *= 2) {
    const skip = side / (2 * half);
    for (let start = 0; start < side; start += 2 * half)
      for (let k = 0; k < half; k++) {
        const a = from + (start + k) * step;
        const b = a + half * step;
        const c = cos[k * skip]!;
        const s = sin[k * skip]!;
        const r = re[b]! * c - im[b]! * s;
        const i = re[b]! * s + im[b]! * c;
        re[b] = re[a]! - r;
        im[b] = im[a]! - i;
        re[a]! += r;
        im[a]! += i;
      }
  }
}

/** Puts a line into the order of reversed bits. */
function reorder(re: Float64Array, im: Float64Array, from: number, step: number, side: number): void {
  for (let i = 1, j = 0; i < side; i++) {
    let bit = side >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    const a = from + i * step;
    const b = from + j * step;
    [re[a], re[b]] = [re[b]!, re[a]!];
    [im[a], im[b]] = [im[b]!, im[a]!];
  }
}
