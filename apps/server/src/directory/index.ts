export { type ApplyOptions, applyRun, PASSWORDS_MAX, previewRun, type RunResult } from './apply-run.ts';
export {
  type DirectoryList,
  type DirectoryPerson,
  type DirectoryRefusal,
  type DirectoryUnit,
  PEOPLE_MAX,
  UNITS_MAX,
} from './directory-list.ts';
export { type LdapSettings, readLdapSettings } from './ldap/ldap-settings.ts';
export { ldapSettingsOf, type SyncOptions, type SyncResult, startLdapJob, syncLdap } from './ldap/sync-ldap.ts';
export type { PersonStep } from './plan-people.ts';
export type { DirectoryPlan, RunOptions } from './plan-run.ts';
export type { UnitStep } from './plan-units.ts';
export * as scim from './scim/index.ts';
export {
  applySheet,
  makeErrorSheet,
  makeTemplate,
  planSheet,
  type SheetLine,
  type SheetOptions,
  type SheetPlan,
  type SheetResult,
} from './sheet-run.ts';
export { type DirectorySource, getFondsByCode, getOnlyFonds, listSources } from './sources.ts';
