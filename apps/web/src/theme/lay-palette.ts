import { type Palette, SANS, SONG } from './palette.ts';

/** Lays a palette on the document as custom properties, so that all style sheets read one list of colours. */
export function layPalette(palette: Palette, isDark: boolean, isLarge: boolean): void {
  const root = document.documentElement;
  for (const [name, value] of Object.entries(palette)) root.style.setProperty(`--${name}`, value);
  root.style.setProperty('--sans', SANS);
  root.style.setProperty('--song', SONG);
  root.style.colorScheme = isDark ? 'dark' : 'light';
  root.dataset.ground = isDark ? 'dark' : 'light';
  root.dataset.type = isLarge ? 'large' : 'normal';
}
