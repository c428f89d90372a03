export * from './activities.ts';
export * from './elements.ts';
export * from './evidence.ts';
export * from './judge-metadata.ts';
export { loadPropertyStandard } from './load-standard.ts';
export * from './model.ts';
