import { ArchiveError } from '@lantai/values';
import type { ScannerAbilities } from './devices.ts';

/** Where the paper lies. */
export const SCAN_SOURCES = ['feeder', 'duplex', 'glass'] as const;
export type ScanSource = (typeof SCAN_SOURCES)[number];
/** How colour is kept. */
export const SCAN_MODES = ['colour', 'grey', 'black'] as const;
export type ScanMode = (typeof SCAN_MODES)[number];

/** How scanners call these; what two of them fit is the first. */
const SOURCE_WORDS: Readonly<Record<ScanSource, RegExp>> = {
  duplex: /duplex|both sides/i,
  feeder: /^(?!.*(?:duplex|both sides)).*(?:adf|feeder)/i,
  glass: /flatbed|platen|glass/i,
};
const MODE_WORDS: Readonly<Record<ScanMode, RegExp>> = { colour: /colou?r/i, grey: /gr[ae]y/i, black: /lineart|black|binary/i };

/** What somebody asks a scanner for. */
export interface ScanWish {
  readonly source: ScanSource;
  readonly mode: ScanMode;
  readonly resolutionDpi: number;
}

/** The wish in the scanner's own words; a word is left out where the scanner has none of its kind. */
export interface SettledScan {
  readonly source?: string;
  readonly mode?: string;
  readonly resolutionDpi: number;
  /** From a glass one face is taken, or it would be scanned for ever. */
  readonly isGlass: boolean;
}

const wordOf = (words: readonly string[], pattern: RegExp): string | undefined => words.find((word) => pattern.test(word));

/** Which of our words a scanner understands. A scanner that names no source has one, and it is not known which. */
export function wordsOf({ sources, modes }: ScannerAbilities): {
  readonly sources: readonly ScanSource[];
  readonly modes: readonly ScanMode[];
} {
  return {
    sources: sources.length ? SCAN_SOURCES.filter((s) => wordOf(sources, SOURCE_WORDS[s]) !== undefined) : ['glass'],
    modes: modes.length ? SCAN_MODES.filter((m) => wordOf(modes, MODE_WORDS[m]) !== undefined) : ['colour'],
  };
}

/** Settles a wish with what a scanner can do. @throws ArchiveError `scan/resolution`, `scan/source`, `scan/mode` (caller): it never does something else in silence */
export function settleScan(abilities: ScannerAbilities, wish: ScanWish): SettledScan {
  const { resolutionDpi } = wish;
  if (!canResolve(abilities, resolutionDpi)) throw new ArchiveError('scan/resolution', 'caller', { dpi: resolutionDpi });
  const source = wordOf(abilities.sources, SOURCE_WORDS[wish.source]);
  const mode = wordOf(abilities.modes, MODE_WORDS[wish.mode]);
  // A scanner that names no sources has one; asked for another it cannot do it, and must not do something else in silence.
  if (source === undefined && abilities.sources.length > 0) throw new ArchiveError('scan/source', 'caller', { source: wish.source });
  if (mode === undefined && abilities.modes.length > 0) throw new ArchiveError('scan/mode', 'caller', { mode: wish.mode });
  return {
    resolutionDpi,
    isGlass: wish.source === 'glass' || source === undefined,
    ...(source === undefined ? {} : { source }),
    ...(mode === undefined ? {} : { mode }),
  };
}

function canResolve({ resolutions }: ScannerAbilities, dpi: number): boolean {
  if (resolutions === null) return true;
  return 'from' in resolutions ? resolutions.from <= dpi && dpi <= resolutions.to : resolutions.includes(dpi);
}
