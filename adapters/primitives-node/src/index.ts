export * from './bundle-primitives.ts';
export * from './node-primitives.ts';
export { sm2PublicKey } from './sm2.ts';
