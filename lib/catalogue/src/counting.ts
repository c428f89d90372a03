import { ArchiveError } from '@lantai/values';

/** What counting looks at in a page. */
export interface CountedPage {
  /** The face bears no content. */
  readonly blank: boolean;
  /** The sheet was fed twice; the other image counts. */
  readonly duplicate: boolean;
}

/** Sums of a class or a dossier. */
export interface Counts {
  /** 份: materials, each counted with its copies. */
  readonly copies: number;
  /** 页: faces that bear content. */
  readonly pages: number;
}

/** 页数 of a material: the faces that bear content, each once. Source: rules on 份 and 页, docs/spec/catalogue.md. */
export function countPages(pages: readonly CountedPage[]): number {
  return pages.filter((p) => !p.blank && !p.duplicate).length;
}

/** 份数 and 页数 of several materials together. */
export function sumCounts(materials: readonly Counts[]): Counts {
  return materials.reduce((sum, m) => ({ copies: sum.copies + m.copies, pages: sum.pages + m.pages }), { copies: 0, pages: 0 });
}

/** 份数 as typed: 1 to 999. @throws ArchiveError `material/copies` (caller). */
export function parseCopies(value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > 999) throw new ArchiveError('material/copies', 'caller', { least: 1, most: 999 });
  return value;
}
