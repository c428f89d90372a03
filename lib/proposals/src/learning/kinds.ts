const YEAR = /(?:19|20)\d{2}(?=年)/u;
const SLOT = '{year}';

/** The kind a title is of: its year left open (2015年度考核登记表 → {year}年度考核登记表), without spaces. */
export const kindOfTitle = (title: string): string => title.replace(/\s/g, '').replace(YEAR, SLOT);

/** The title of a kind, with its year. Null when it needs one and there is none. Undoes {@link kindOfTitle}. */
export function titleOfKind(kind: string, year: number | null): string | null {
  if (!kind.includes(SLOT)) return kind;
  return year === null ? null : kind.replace(SLOT, String(year));
}
