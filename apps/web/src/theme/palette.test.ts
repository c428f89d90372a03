import { describe, expect, it } from 'vitest';
import { contrast, DARK, LIGHT, type Palette } from './palette.ts';

/** Each text colour and the grounds it is used on. */
const PAIRS: [keyof Palette, (keyof Palette)[]][] = [
  ['ink', ['paper', 'card', 'sunk', 'stage', 'cinnabarSoft', 'jadeSoft', 'amberSoft', 'blueSoft']],
  ['ink2', ['paper', 'card', 'sunk']],
  ['cinnabar', ['paper', 'card', 'cinnabarSoft', 'sunk']],
  ['onCinnabar', ['cinnabarFill']],
  ['jade', ['card', 'paper', 'jadeSoft']],
  ['amber', ['card', 'paper', 'amberSoft']],
  ['blue', ['card', 'paper', 'blueSoft']],
  ['railInk', ['rail', 'railOn']],
];

describe('the palette', () => {
  it('knows the contrast of black on white and of a colour on itself', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#9c2a23', '#9c2a23')).toBe(1);
  });
  it('keeps every text at 4.5:1 or more on its grounds, light and dark', () => {
    for (const [name, palette] of Object.entries({ LIGHT, DARK }))
      for (const [text, grounds] of PAIRS)
        for (const ground of grounds) {
          const ratio = contrast(palette[text], palette[ground]);
          expect({ name, text, ground, enough: ratio >= 4.5, ratio }).toMatchObject({ enough: true });
        }
  });
});
