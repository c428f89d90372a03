export * from './node-primitives.ts';
