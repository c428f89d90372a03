export { type Cut, laidSize, layScan, type ScanLay } from './lay.ts';
export { OPTIMISER, type OptimisePlan, optimise, planOptimising } from './optimise.ts';
export { cleanPaper, findPaper, type Paper, valueAt } from './paper.ts';
