import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CatalogueSheet } from '@lantai/catalogue';
import type { CheckpointSheet, PlainTable, PrintJob, ReportDocument } from '@lantai/documents/sheets';
import { ArchiveError } from '@lantai/values';
import type { Config } from '../config.ts';

/** What the thread is asked for: a catalogue sheet, a report as PDF, a checkpoint to be printed, or pages of a dossier on paper. */
export type SheetRequest =
  | { readonly sheet: CatalogueSheet; readonly format: 'xlsx' | 'pdf'; readonly language: 'zh' | 'en' }
  | { readonly report: ReportDocument }
  | { readonly checkpoint: CheckpointSheet; readonly language: 'zh' | 'en' }
  | { readonly print: PrintJob; readonly language: 'zh' | 'en' }
  | { readonly tables: readonly PlainTable[] };

/** Name of the bundle in the program folder. */
const ENTRY = 'sheet-worker.mjs';
const TIMEOUT_MS = 60_000;
const HEAP_MB = 512;

/**
 * Writes a sheet in a thread of its own: subsetting a font and packing a workbook take longer than other requests may wait.
 * @throws ArchiveError `sheet/failed`, `sheet/timeout` (environment)
 */
export function runSheetWorker(config: Pick<Config, 'programFolder'>, request: SheetRequest): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(config.programFolder, ENTRY), {
      workerData: request,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    const settle = (done: () => void) => {
      clearTimeout(timer);
      void worker.terminate();
      done();
    };
    const fail = (code: string, cause?: unknown) => settle(() => reject(new ArchiveError(code, 'environment', {}, cause)));
    const timer = setTimeout(() => fail('sheet/timeout'), TIMEOUT_MS);
    worker.once('message', (bytes: Uint8Array) => settle(() => resolve(bytes)));
    worker.once('error', (cause) => fail('sheet/failed', cause));
    worker.once('exit', () => fail('sheet/failed'));
  });
}
