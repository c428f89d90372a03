export {
  attendConsultation,
  type Consultation,
  endConsultation,
  listConsultations,
  makeConsultation,
  type NewConsultation,
} from './consultations.ts';
export { type AccessQuestion, explainAccess } from './explain-access.ts';
export {
  declareKinship,
  endKinship,
  endPost,
  givePost,
  type KinshipLine,
  listKinships,
  listPosts,
  type NewKinship,
  type NewPost,
  type PostLine,
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
export { getReorganisation, mergeUnit, moveUnit, type Reorganisation, runReorganisation, splitUnit } from './reorganise.ts';
export { createOrganisation, createUnit, type NewUnit } from './units.ts';
