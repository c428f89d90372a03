import { runProgram, type ScannerProgram } from './program.ts';

/** A scanner that SANE found. */
export interface Scanner {
  /** As SANE names it: `test:0`. */
  readonly device: string;
  readonly vendor: string;
  readonly model: string;
}

/** What a scanner can be asked for; its own words. */
export interface ScannerAbilities {
  readonly sources: readonly string[];
  readonly modes: readonly string[];
  /** Resolutions it names one by one, dpi; or from … to. */
  readonly resolutions: readonly number[] | { readonly from: number; readonly to: number } | null;
}

/** Network scanners answer late. */
const LIST_TIMEOUT_MS = 60_000;
const ABILITIES_TIMEOUT_MS = 60_000;

/** The scanners of this machine. @throws ArchiveError `scanner/no-program`, `scanner/failed` (environment) */
export async function listScanners(program: ScannerProgram): Promise<Scanner[]> {
  const said = await runProgram(program, ['-f', '%d\t%v\t%m%n'], LIST_TIMEOUT_MS);
  return said.split('\n').flatMap((line) => {
    const [device, vendor = '', model = ''] = line.split('\t');
    return device && line.includes('\t') ? [{ device, vendor, model }] : [];
  });
}

/** What a scanner can be asked for. @throws ArchiveError `scanner/not-found`, `scanner/busy`, … (environment) */
export async function readAbilities(program: ScannerProgram, device: string): Promise<ScannerAbilities> {
  return parseAbilities(await runProgram(program, ['-d', device, '-A'], ABILITIES_TIMEOUT_MS));
}

/** What `scanimage -A` says of sources, modes and resolutions. */
export function parseAbilities(said: string): ScannerAbilities {
  const words = (option: string) => {
    const line = new RegExp(`^\\s*--${option} ([^\\[\\n]+) \\[`, 'm').exec(said)?.[1] ?? '';
    return line === '' ? [] : line.split('|').map((word) => word.trim());
  };
  const range = /^\s*--resolution (\d+)\.\.(\d+)dpi/m.exec(said);
  const list = /^\s*--resolution ((?:\d+\|)*\d+)dpi/m.exec(said)?.[1];
  const resolutions = range ? { from: Number(range[1]), to: Number(range[2]) } : list ? list.split('|').map(Number) : null;
  return { sources: words('source'), modes: words('mode'), resolutions };
}
