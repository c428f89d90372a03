export * from './bundle-primitives.ts';
export * from './node-primitives.ts';
export { isSm2Signature, sm2PublicKey, sm2Sign } from './sm2.ts';
