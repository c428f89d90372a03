export * from './policy.ts';
export * from './words.ts';
