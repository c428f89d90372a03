export { type BundleOutcome, checkBundleAt } from './check-bundle.ts';
export { type BundleFile, type BundlePlan, type MadeBundle, makeBundle } from './make-bundle.ts';
export { type MonitorInput, type MonitorOutcome, visitLog } from './monitor.ts';
export { type MadePack, makeAuditPack, makeEvidencePack, type PackRequest } from './pack/make-pack.ts';
export { findDossierToPack, findUnitByCode, type PackSelection } from './pack/select-dossiers.ts';
export { timestampJudge } from './timestamp-judge.ts';
export { makeTraceBundle, type Trace } from './trace-bundle.ts';
export { openWitnessKey } from './witness-key.ts';
export { openWitness, serveWitness, type WitnessOptions, type WitnessReply } from './witness-server.ts';
