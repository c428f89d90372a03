export { DEFAULT_POLICY } from './default-policy.data.ts';
export { loadPolicy, readPolicy } from './read-policy.ts';
export type { PolicyProblem } from './yaml-source.ts';
