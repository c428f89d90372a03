import type { CatalogueSheet } from '@lantai/catalogue';
import type {
  BoxLabelJob,
  CheckpointSheet,
  CodeTable,
  PlainTable,
  PrintJob,
  ReportDocument,
  SeparatorJob,
  SlipSheet,
} from '@lantai/documents/sheets';
import { runThread, type ThreadKind } from '../children/index.ts';
import type { Config } from '../config.ts';

/** What the thread is asked for: a catalogue sheet, a report as PDF, a checkpoint to be printed, or pages of a dossier on paper. */
export type SheetRequest =
  | { readonly sheet: CatalogueSheet; readonly format: 'xlsx' | 'pdf'; readonly language: 'zh' | 'en' }
  | { readonly report: ReportDocument }
  | { readonly checkpoint: CheckpointSheet; readonly language: 'zh' | 'en' }
  | { readonly print: PrintJob; readonly language: 'zh' | 'en' }
  | { readonly separators: SeparatorJob; readonly language: 'zh' | 'en' }
  | { readonly slip: SlipSheet; readonly language: 'zh' | 'en' }
  | { readonly boxLabels: BoxLabelJob; readonly language: 'zh' | 'en' }
  | { readonly codes: CodeTable }
  | { readonly tables: readonly PlainTable[] };

const SHEET: ThreadKind = { entry: 'sheet-worker.mjs', timeoutMs: 60_000, heapMb: 512, name: 'sheet' };

/**
 * Writes a sheet in a thread of its own: subsetting a font and packing a workbook take longer than other requests may wait.
 * @throws ArchiveError `sheet/failed`, `sheet/timeout` (environment)
 */
export function runSheetWorker({ programFolder }: Pick<Config, 'programFolder'>, request: SheetRequest): Promise<Uint8Array> {
  return runThread(programFolder, SHEET, request);
}
