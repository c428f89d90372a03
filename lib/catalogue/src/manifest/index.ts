export {
  findManifestField,
  MANIFEST_COLUMNS,
  MANIFEST_FIELDS,
  type ManifestColumn,
  type ManifestField,
  type ManifestFinding,
} from './fields.ts';
export { isRefused, ManifestCheck, type ManifestDossier } from './manifest-check.ts';
export { type ManifestDate, readManifestDate } from './manifest-date.ts';
export { facesOf, ImageFolders, type MatchedImages, matchImages } from './manifest-images.ts';
export type { ManifestLine, ManifestScheme } from './manifest-line.ts';
export { foldName, type ManifestSubject } from './manifest-subject.ts';
export {
  type CellEdits,
  type ManifestHead,
  type ManifestRow,
  ManifestSheet,
  type MergedCells,
  type SheetCell,
  type SheetRow,
} from './sheet-rows.ts';
