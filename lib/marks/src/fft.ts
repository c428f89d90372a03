/** A square of complex numbers, `side` a power of two, row by row. Changed in place. */
export interface Spectrum {
  readonly side: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Factors of the transform by side, and the order of reversed bits. */
interface Turns {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  readonly reversed: Uint16Array;
}

const TURNS = new Map<number, Turns>();

function turnsOf(side: number): Turns {
  const known = TURNS.get(side);
  if (known) return known;
  const cos = Float64Array.from({ length: side / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / side));
  const sin = Float64Array.from({ length: side / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / side));
  const reversed = new Uint16Array(side);
  for (let i = 1; i < side; i++) reversed[i] = (reversed[i >> 1]! >> 1) | (i & 1 ? side >> 1 : 0);
  const made = { cos, sin, reversed };
  TURNS.set(side, made);
  return made;
}

/**
 * Fourier transform of a square, in place, not normalized, and mirrored about its diagonal: whoever transforms twice has the right way round again.
 * Exchange `re` and `im` for the inverse.
 */
export function transform(square: Spectrum): void {
  transformColumns(square);
  mirror(square.re, square.side);
  mirror(square.im, square.side);
  transformColumns(square);
}

/** All columns at once: whole rows are added and turned, which lie in memory as they are needed. */
function transformColumns({ side, re, im }: Spectrum): void {
  const { cos, sin, reversed } = turnsOf(side);
  for (let i = 0; i < side; i++) if (i < reversed[i]!) swapRows(re, im, i * side, reversed[i]! * side, side);
  for (let half = 1; half < side; half *= 2) {
    const skip = side / (2 * half);
    for (let k = 0; k < half; k++) {
      const c = cos[k * skip]!;
      const s = sin[k * skip]!;
      for (let start = 0; start < side; start += 2 * half) addRows(re, im, (start + k) * side, (start + k + half) * side, side, c, s);
    }
  }
}

/** Rows a and b become a + tb and a - tb, where t = c + is. */
function addRows(re: Float64Array, im: Float64Array, a: number, b: number, side: number, c: number, s: number): void {
  for (let i = 0; i < side; i++) {
    const x = re[b + i]!;
    const y = im[b + i]!;
    const r = x * c - y * s;
    const m = x * s + y * c;
    re[b + i] = re[a + i]! - r;
    im[b + i] = im[a + i]! - m;
    re[a + i] = re[a + i]! + r;
    im[a + i] = im[a + i]! + m;
  }
}

function swapRows(re: Float64Array, im: Float64Array, a: number, b: number, side: number): void {
  for (let i = 0; i < side; i++) {
    const r = re[a + i]!;
    const m = im[a + i]!;
    re[a + i] = re[b + i]!;
    im[a + i] = im[b + i]!;
    re[b + i] = r;
    im[b + i] = m;
  }
}

function mirror(plane: Float64Array, side: number): void {
  for (let y = 1; y < side; y++)
    for (let x = 0; x < y; x++) {
      const v = plane[y * side + x]!;
      plane[y * side + x] = plane[x * side + y]!;
      plane[x * side + y] = v;
    }
}
