export * from './verify-receipt.ts';
export * from './web-primitives.ts';
