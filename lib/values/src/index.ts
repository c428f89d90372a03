export * from './bytes.ts';
export * from './canonical-json.ts';
export * from './errors.ts';
export * from './finding.ts';
export * from './identifiers.ts';
export * from './ids.ts';
export * from './partial-date.ts';
