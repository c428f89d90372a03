import type { Node, YAMLMap } from 'yaml';
import type { YamlReader } from './yaml-reader.ts';

/** Sheet sizes that a scheme may expect. */
const SIZES = ['A3', 'A4', 'A5', '16K'] as const;

/** What a scheme asks of scans where it asks otherwise than the program does; members and units are those of the page checks (docs/spec/reading.md). */
export interface SchemeInspection {
  readonly resolutionDpi?: number;
  readonly colour?: 'any' | 'grey' | 'colour';
  readonly skewDegrees?: number;
  readonly blankInk01?: number;
  readonly blurSlope01?: number;
  readonly borderArea01?: number;
  readonly paperLevel?: number;
  readonly inkContrast?: number;
  readonly cutMarks?: number;
  readonly moireTiles01?: number;
  readonly sizes?: readonly (typeof SIZES)[number][];
}

/** Written key, member, least and most. */
const NUMBERS = [
  ['resolution_dpi', 'resolutionDpi', 72, 2400],
  ['skew_degrees', 'skewDegrees', 0, 10],
  ['blank_ink', 'blankInk01', 0, 0.05],
  ['blur_slope', 'blurSlope01', 0, 1],
  ['border_area', 'borderArea01', 0, 1],
  ['paper_level', 'paperLevel', 0, 255],
  ['ink_contrast', 'inkContrast', 0, 255],
  ['cut_marks', 'cutMarks', 1, 1000],
  ['moire_tiles', 'moireTiles01', 0, 1],
] as const;

/** The `inspection` of a scheme; empty when it has none. */
export function readInspection(r: YamlReader, value: Node | null | undefined): SchemeInspection {
  if (value === undefined) return {};
  const map: YAMLMap | null = r.map(value, 'inspection');
  if (!map) return {};
  const f = r.fields(map, [], ['colour', 'sizes', ...NUMBERS.map(([key]) => key)]);
  const numbers = NUMBERS.flatMap(([key, member, least, most]) =>
    f[key] === undefined ? [] : [[member, r.decimal(f[key], key, least, most)] as const],
  );
  const sizes = r.list(f.sizes, 'sizes').map((node) => r.choice(node, 'sizes', SIZES));
  if (f.sizes !== undefined && (!sizes.length || new Set(sizes).size !== sizes.length)) r.sayAt('scheme/twice', f.sizes, { key: 'sizes' });
  return {
    ...Object.fromEntries(numbers),
    ...(f.colour === undefined ? {} : { colour: r.choice(f.colour, 'colour', ['any', 'grey', 'colour'] as const) }),
    ...(sizes.length ? { sizes } : {}),
  };
}
