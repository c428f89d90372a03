export * from './blob-store-contract.ts';
export * from './key-store-contract.ts';
export * from './root-key-contract.ts';
