export { type Actor, type Desk, type DeskParts, type DeskTx, deskTx, openDesk, type Purpose } from './desk.ts';
export { type Act, appendEntries } from './entries.ts';
export { inScope, type Scope, scopeSql } from './scope.ts';
