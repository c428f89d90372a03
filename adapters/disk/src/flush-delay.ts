import { setTimeout as wait } from 'node:timers/promises';
import type { FileSystem } from '@lantai/vault';

/** A file system whose every flush takes `delayMs` longer: a slower disk, for benches. Flushes wait side by side, as on a real one. */
export function withFlushDelay(inner: FileSystem, delayMs: number): FileSystem {
  return {
    async open(path, how, mode) {
      const file = await inner.open(path, how, mode);
      return {
        write: (bytes) => file.write(bytes),
        truncate: (lengthBytes) => file.truncate(lengthBytes),
        close: () => file.close(),
        async sync() {
          await wait(delayMs);
          await file.sync();
        },
      };
    },
    async syncFolder(path) {
      await wait(delayMs);
      await inner.syncFolder(path);
    },
    read: (path) => inner.read(path),
    readRange: (path, offset, lengthBytes) => inner.readRange(path, offset, lengthBytes),
    readRangeSync: (path, offset, lengthBytes) => inner.readRangeSync(path, offset, lengthBytes),
    findStatus: (path) => inner.findStatus(path),
    findStatusSync: (path) => inner.findStatusSync(path),
    list: (path) => inner.list(path),
    makeFolder: (path, mode) => inner.makeFolder(path, mode),
    rename: (from, to) => inner.rename(from, to),
    remove: (path) => inner.remove(path),
    removeFolder: (path) => inner.removeFolder(path),
  };
}
