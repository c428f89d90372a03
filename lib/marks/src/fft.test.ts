import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transform } from './fft.ts';

const SIDE = 8;
const plane = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: SIDE * SIDE, maxLength: SIDE * SIDE });

/** By its definition, mirrored about the diagonal. */
function slowly(re: readonly number[], im: readonly number[]): { re: number[]; im: number[] } {
  const out = { re: new Array<number>(SIDE * SIDE).fill(0), im: new Array<number>(SIDE * SIDE).fill(0) };
  for (let v = 0; v < SIDE; v++)
    for (let u = 0; u < SIDE; u++)
      for (let y = 0; y < SIDE; y++)
        for (let x = 0; x < SIDE; x++) {
          const turn = (-2 * Math.PI * (u * x + v * y)) / SIDE;
          const [a, b] = [re[y * SIDE + x]!, im[y * SIDE + x]!];
          out.re[u * SIDE + v]! += a * Math.cos(turn) - b * Math.sin(turn);
          out.im[u * SIDE + v]! += a * Math.sin(turn) + b * Math.cos(turn);
        }
  return out;
}

describe('the Fourier transform of a square', () => {
  it('is what its definition says, mirrored', () => {
    fc.assert(
      fc.property(plane, plane, (re, im) => {
        const square = { side: SIDE, re: Float64Array.from(re), im: Float64Array.from(im) };
        transform(square);
        const expected = slowly(re, im);
        for (let i = 0; i < SIDE * SIDE; i++) {
          expect(square.re[i]).toBeCloseTo(expected.re[i]!, 8);
          expect(square.im[i]).toBeCloseTo(expected.im[i]!, 8);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('gives the square back, the right way round, when it is undone', () => {
    fc.assert(
      fc.property(plane, plane, (re, im) => {
        const square = { side: SIDE, re: Float64Array.from(re), im: Float64Array.from(im) };
        transform(square);
        transform({ side: SIDE, re: square.im, im: square.re });
        for (let i = 0; i < SIDE * SIDE; i++) {
          expect(square.re[i]! / SIDE ** 2).toBeCloseTo(re[i]!, 9);
          expect(square.im[i]! / SIDE ** 2).toBeCloseTo(im[i]!, 9);
        }
      }),
    );
  });
});
