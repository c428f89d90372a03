export { forgetFrequencies, refreshFrequencies, refreshStaleFrequencies } from './frequencies.ts';
export {
  indexCatalogue,
  indexMaterials,
  indexSubject,
  type MaterialToIndex,
  type SubjectToIndex,
  unindexMaterials,
} from './index-catalogue.ts';
export { type IndexParts, indexPage, indexPages, type PageToIndex, refilePages, unindexPages } from './index-page.ts';
export { keepFrequencies } from './keep-frequencies.ts';
export { createPageIndex, rebuildPageIndex } from './rebuild.ts';
export { lockPagesOf, refileDossiers } from './refile-dossier.ts';
export type { HitKind, SearchFilters } from './scope-needs.ts';
export { searchArchive } from './search-archive.ts';
export type { Count, FacetValue, SearchHit, SearchRequest, SearchResult } from './search-result.ts';
