export * from './anchors.ts';
export * from './bundle-check.ts';
export * from './canonical-json.ts';
export * from './manifest.ts';
export * from './members.ts';
export * from './zip-read.ts';
export * from './zip-write.ts';
