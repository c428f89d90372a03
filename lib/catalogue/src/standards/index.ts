export { checkQualityFollows, checkSchemeFollows, compareSchemes, compareStandards, type StandardDifference } from './differences.ts';
export { editQualityText, type ItemEdit } from './edit-standard.ts';
