export { type Decision, decide, type Said, SURE_01 } from './decide.ts';
export type { Example, Ruled, Stood } from './example.ts';
export { kindOfTitle, titleOfKind } from './kinds.ts';
export { decodeModel, encodeModel, type Model } from './model.ts';
export { type Evaluation, EXAMPLES_MIN, type Retrained, type Rights, retrain } from './retrain.ts';
export { type Revision, revise, ruledOf } from './revise.ts';
