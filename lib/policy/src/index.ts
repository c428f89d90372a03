export * from './asking.ts';
export * from './compare.ts';
export * from './decide.ts';
export * from './explain.ts';
export * from './levels.ts';
export * from './model.ts';
export * from './restriction.ts';
export { clearanceOf, findClause, scope } from './scope.ts';
export * from './words.ts';
