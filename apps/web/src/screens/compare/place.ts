import type { Schemas } from '../../api/client.ts';

type Desk = Schemas['Desk'];

/** A place on a page as an address holds it: `x,y,width,height` in pixels of the upright page. */
export const sayBox = (box: readonly number[]): string => box.map((value) => Math.max(0, Math.round(value))).join(',');

/** The place that an address names; null for none. */
export const readBox = (text: string | undefined): readonly number[] | null => (text === undefined ? null : text.split(',').map(Number));

/** A page that may be set beside another. */
export interface PageChoice {
  readonly pageId: string;
  readonly title: string;
  /** Place in its material, from 1; 0 of a loose page. */
  readonly number: number;
  readonly year: number | null;
}

/** The pages of a dossier in catalogue order, loose ones last. */
export function listChoices(desk: Desk): PageChoice[] {
  const filed = desk.materials.flatMap((m) =>
    m.pageIds.map((pageId, at) => ({ pageId, title: m.title, number: at + 1, year: m.date ? Number(m.date.slice(0, 4)) : null })),
  );
  const loose = desk.pages
    .filter((page) => page.materialId === null)
    .map((page) => ({ pageId: page.id, title: '', number: 0, year: null }));
  return [...filed, ...loose];
}

/** They in two: those made in the year of the page on the other side first, for seals and paper of one year are alike. */
export function splitByYear(
  choices: readonly PageChoice[],
  otherPageId: string | undefined,
): { year: number | null; same: PageChoice[]; rest: PageChoice[] } {
  const year = choices.find((c) => c.pageId === otherPageId)?.year ?? null;
  const isSame = (c: PageChoice) => year !== null && c.year === year && c.pageId !== otherPageId;
  return { year, same: choices.filter(isSame), rest: choices.filter((c) => !isSame(c)) };
}

/** What the unit was that made a material, as the catalogue has it; empty when nothing says it. */
export function unitOf(desk: Desk, pageId: string | undefined): string {
  const material = desk.materials.find((m) => m.pageIds.includes(pageId ?? ''));
  return material?.fields.find((field) => field.code === 'unit')?.value ?? '';
}
