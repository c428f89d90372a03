import type { ColumnPlace } from '@lantai/vault';

/** Where a sealed column of a reading belongs: engine and version are part of it, so an old reading cannot stand in for a new one. */
export const readingPlace = (column: 'text' | 'lines', pageId: string, engine: string, version: string): ColumnPlace => ({
  table: 'reading',
  column,
  rowId: `${pageId}/${engine}/${version}`,
  version: 1,
});
