export { type BackupOptions, makeBackup } from './backup.ts';
export type { BackupManifest } from './backup-format.ts';
export { type ExportResult, exportPlain } from './export-plain.ts';
export { checkArchive, type FsckOptions } from './fsck.ts';
export type { FsckFinding, FsckWalk } from './fsck-report.ts';
export { recoverLog } from './recover-log.ts';
export { reindexArchive } from './reindex.ts';
export { type RekeyOrder, type RekeyResult, type RotatedLevel, rekeyArchive } from './rekey.ts';
export { type RestoreOptions, restoreBackup } from './restore.ts';
