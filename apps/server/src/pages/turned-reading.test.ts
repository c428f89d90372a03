import type { Reading } from '@lantai/reading';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { turnReading } from './turned-reading.ts';

const turns = fc.constantFrom(0, 90, 180, 270) as fc.Arbitrary<0 | 90 | 180 | 270>;
const reading = (orientation: Reading['orientation'], box: readonly [number, number, number, number]): Reading => ({
  engine: 'e',
  pageDigest: '',
  version: '1',
  widthPx: 400,
  heightPx: 600,
  orientation,
  skewDegrees: 0,
  lines: [{ text: '甲', box, confidence01: 1, source: 'normal' }],
});

describe('a reading of a page that was turned since', () => {
  it('lies where the words are shown: a box at the top left of an upright page is at the top right once it is shown a quarter further', () => {
    // The scan is upright; a person says it had suffered 270 degrees, so it is now shown turned clockwise by 90.
    expect(turnReading(reading(0, [10, 20, 30, 40]), 270)).toMatchObject({
      widthPx: 600,
      heightPx: 400,
      orientation: 270,
      lines: [{ box: [540, 10, 40, 30] }],
    });
  });

  it('comes back to itself by any way round, and stays inside the page', () => {
    const box = fc.tuple(
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 0, max: 500 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 100 }),
    );
    fc.assert(
      fc.property(turns, turns, turns, box, (first, second, third, at) => {
        const start = reading(first, at);
        const away = turnReading(turnReading(start, second), third);
        const { box: b } = away.lines[0]!;
        expect(b[0] >= 0 && b[1] >= 0 && b[0] + b[2] <= away.widthPx && b[1] + b[3] <= away.heightPx).toBe(true);
        expect(turnReading(away, first)).toEqual(start);
        expect(turnReading(start, third)).toEqual(away);
      }),
    );
  });
});
