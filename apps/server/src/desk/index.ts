export { type ActorFacts, isRestricted, RESTRICTED_DOSSIERS, readActorFacts } from './actor-facts.ts';
export { type Actor, type Desk, type DeskParts, type DeskTx, deskTx, openDesk, type Purpose } from './desk.ts';
export { type Act, appendEntries } from './entries.ts';
export { defaultPolicy, policyInForce, policyOf, readPolicyText } from './policy-in-force.ts';
export { actorReach, BESIDE_SUBJECTS } from './reach.ts';
export { inScope, type Scope, type ScopeClause, type ScopeConditions, type ScopePlace, scopeFonds, scopeSql } from './scope.ts';
