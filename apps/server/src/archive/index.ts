export { type ArchiveFile, findArchiveFile, LOG_KEY_FILE, writeArchiveFile } from './archive-file.ts';
export { type Clock, formatWallTime, systemClock } from './clock.ts';
export { writeDurably } from './durable-file.ts';
export {
  createKeys,
  findKeyPlaceProblems,
  findKeyProblems,
  openKeys,
  readOwnRootFile,
  readOwnRootKey,
  restoreKeys,
  rootKeyPath,
} from './key-folder.ts';
export { LogKeys, type LogSigners, listLogSigners, logKeysOf, openLogSigners } from './log-signer.ts';
export { MOMENTS, type Moment, Moments } from './moments.ts';
export {
  insertObjects,
  type ObjectRow,
  openStoredObject,
  type PreparedObject,
  type PutObject,
  prepareObject,
  putObjects,
  sealAs,
} from './objects.ts';
export { type LinesRow, openReading } from './open-reading.ts';
export type { Place } from './place.ts';
export { readingPlace } from './reading-place.ts';
export { isMarkedRestored, markRestored, unmarkRestored } from './restored-mark.ts';
export { openByShares, readShares, stretchPassphrase } from './root-secret.ts';
export { type KeyRef, PURPOSE, Sealer } from './sealer.ts';
export type { Archive, ArchiveIdentity } from './services.ts';
