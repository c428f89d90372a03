export * from './disk-blob-store.ts';
export * from './durable-folder.ts';
export * from './flush-delay.ts';
export * from './node-file-system.ts';
