export * from './defects.ts';
export * from './inspection.ts';
export * from './sample.ts';
export * from './stations.ts';
