export { KEY_FILE_NAME } from './key-file-copies.ts';
export { KeyFileStore, type KeyFileStoreOptions } from './key-file-store.ts';
export { findPlaceProblems } from './key-places.ts';
export * from './open-key-file-store.ts';
export * from './recovery-kit.ts';
export * from './root-key.ts';
export { type LockOwner, thisProcess } from './writer-lock.ts';
