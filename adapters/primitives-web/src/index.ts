export * from './verify-bundle.ts';
export * from './verify-receipt.ts';
export * from './web-primitives.ts';
