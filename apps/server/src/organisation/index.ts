export { askConsultation, listReaders, type NewConsultation, withdrawConsultation } from './ask-consultation.ts';
export { attendConsultation, endConsultation, expireConsultations, keepConsultations } from './attend-consultation.ts';
export { printConsultationForm } from './consultation-form.ts';
export {
  type ConsultationDecision,
  type ConsultationRequest,
  type ConsultationState,
  type LeaderSignature,
  samePersonSql,
} from './consultation-rows.ts';
export { approveConsultation, refuseConsultation } from './decide-consultation.ts';
export { type AccessQuestion, explainAccess } from './explain-access.ts';
export { findDossierByCode } from './find-by-code.ts';
export { type DossierCode, declareKinship, endKinship, type KinshipLine, listKinships, type NewKinship } from './kinship.ts';
export { type Consultation, listConsultations, readConsultationRequest } from './list-consultations.ts';
export {
  endPost,
  givePost,
  listEveryPost,
  listPosts,
  type NewPost,
  type PostLine,
  type PostRole,
  tieSubject,
} from './people.ts';
export {
  activatePolicy,
  checkPolicy,
  draftPolicy,
  listPolicies,
  type PolicyTrial,
  type PolicyVersion,
  readPolicyVersion,
  tryPolicy,
} from './policies.ts';
export { type PolicyTable, tableOf } from './policy-table.ts';
export {
  describeUnit,
  getReorganisation,
  listReorganisations,
  previewReorganisation,
  type ReorganisationPlan,
  type ReorganisationPreview,
  type UnitDescription,
} from './reorganisation-views.ts';
export { mergeUnit, moveIn as moveUnitIn, moveUnit, type Reorganisation, runReorganisation, splitUnit } from './reorganise.ts';
export { createOrganisation, createUnit, insertUnit, lockTree, type NewUnit, renameUnitIn } from './units.ts';
