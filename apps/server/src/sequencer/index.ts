export { checkLog, type LogCheckOptions, type LogReport } from './check-log.ts';
export type { StoredCheckpoint } from './checkpoint-rows.ts';
export { type LogProof, LogReader, openLogReader, type ReceiptOutcome } from './log-reader.ts';
export { repairTiles } from './repair-tiles.ts';
export { type RestoreOutcome, restoreEntries } from './restore-entries.ts';
export { type Sequencer, type SequencerOptions, type SequencerStatus, startSequencer } from './sequencer.ts';
