import { parentPort, workerData } from 'node:worker_threads';
import {
  writeBoxLabelsPdf,
  writeCataloguePdf,
  writeCatalogueXlsx,
  writeCheckpointPdf,
  writeCodeTableXlsx,
  writePrintPdf,
  writeReportPdf,
  writeSeparatorsPdf,
  writeSlipPdf,
  writeTableXlsx,
} from '@lantai/documents/sheets';
import { assert } from '@lantai/values';
import type { SheetRequest } from './sheet-maker.ts';

/** A thread that writes one sheet, report or print and ends. It holds no keys and no database. */
const request = workerData as SheetRequest;
assert(parentPort, 'runs as a thread');
parentPort.postMessage(new Uint8Array(await write(request)));

function write(asked: SheetRequest): Promise<Uint8Array> {
  if ('report' in asked) return writeReportPdf(asked.report);
  if ('checkpoint' in asked) return writeCheckpointPdf(asked.checkpoint, asked.language);
  if ('tables' in asked) return writeTableXlsx(asked.tables);
  if ('separators' in asked) return writeSeparatorsPdf(asked.separators, asked.language);
  if ('boxLabels' in asked) return writeBoxLabelsPdf(asked.boxLabels, asked.language);
  if ('codes' in asked) return writeCodeTableXlsx(asked.codes);
  if ('slip' in asked) return writeSlipPdf(asked.slip, asked.language);
  if ('print' in asked) return writePrintPdf(asked.print, asked.language);
  return asked.format === 'pdf' ? writeCataloguePdf(asked.sheet, asked.language) : writeCatalogueXlsx(asked.sheet, asked.language);
}
