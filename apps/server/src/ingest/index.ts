export { type IncomingFile, listFiles } from './folder-source.ts';
export { type ImportResult, type ImportWatcher, importFiles } from './import-files.ts';
export type { FileOutcome } from './outcome.ts';
export { startPipeline } from './pipeline.ts';
export { queueMissing } from './queue-missing.ts';
export { findReading } from './readings.ts';
