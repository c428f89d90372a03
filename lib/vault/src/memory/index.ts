export * from './faulty-blob-store.ts';
export * from './faulty-file-system.ts';
export * from './memory-blob-store.ts';
export * from './memory-key-store.ts';
export * from './seeded-chance.ts';
export * from './simulated-disk.ts';
