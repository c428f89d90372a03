export type { ChildLimits } from './child.ts';
export { type ChildPool, type ChildPoolOptions, createChildPool, type PoolState, type RunOptions } from './pool.ts';
