export { keepExamples, type SettledMaterial, settleExamples } from './examples.ts';
export { forgetAgain, forgetDossier } from './forget-dossier.ts';
export { askLearning, type LearningView, listLearning, type ModelView, useModel } from './keep-model.ts';
export { type Learned, learn } from './learn.ts';
export { type LearningPlace, reviseProposals } from './models.ts';
export { queueLearning, runLearning } from './queue-learning.ts';
export type { Trace, TracedProposal } from './traces.ts';
