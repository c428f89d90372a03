// Paper scanners by SANE's own program. Apart from the decoders: no child that opens files of strangers loads this.
export { listScanners, readAbilities, type Scanner, type ScannerAbilities } from './devices.ts';
export type { ScannerProgram } from './program.ts';
export { type ScanEnd, type ScanOptions, scanPages } from './scan-pages.ts';
export {
  SCAN_MODES,
  SCAN_SOURCES,
  type ScanMode,
  type ScanSource,
  type ScanWish,
  type SettledScan,
  settleScan,
  wordsOf,
} from './settle.ts';
