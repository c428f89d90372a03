export {
  checkCalendarFollows,
  checkDefectsFollow,
  checkQualityFollows,
  checkSchemeFollows,
  compareCalendars,
  compareDefects,
  compareSchemes,
  compareStandards,
  type StandardDifference,
} from './differences.ts';
export { editQualityText, type ItemEdit } from './edit-standard.ts';
