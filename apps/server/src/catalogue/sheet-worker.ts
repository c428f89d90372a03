import { parentPort, workerData } from 'node:worker_threads';
import { writeCataloguePdf, writeCatalogueXlsx } from '@lantai/documents/sheets';
import { assert } from '@lantai/values';
import type { SheetRequest } from './sheet-maker.ts';

/** A thread that writes one catalogue sheet and ends. It holds no keys and no database. */
const { sheet, format, language } = workerData as SheetRequest;
assert(parentPort, 'runs as a thread');
const bytes = format === 'pdf' ? await writeCataloguePdf(sheet, language) : await writeCatalogueXlsx(sheet, language);
parentPort.postMessage(new Uint8Array(bytes));
