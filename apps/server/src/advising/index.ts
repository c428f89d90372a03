export { type AdvisedDossier, adviseProposals } from './advise.ts';
