import traditional from 'opencc-js/dict/TSCharacters';

let table: Map<string, string> | undefined;

function simplified(): Map<string, string> {
  table ??= new Map(
    traditional
      .split('|')
      .map((entry) => entry.split(' ') as [string, string])
      .filter(([from, to]) => from.length === to.length && from !== to),
  );
  return table;
}

/** A text without spaces and punctuation, with where each of its characters stood. */
export interface FoldedText {
  readonly text: string;
  /** UTF-16 offset in the source of each UTF-16 unit of `text`. */
  readonly at: readonly number[];
}

const SILENT = /^[\s\p{P}\p{S}]$/u;

/** Folds a text for comparing labels and titles: full width, lower case, 繁 → 简, no spaces, punctuation or signs. */
export function foldWithPlaces(source: string): FoldedText {
  let text = '';
  const at: number[] = [];
  let offset = 0;
  for (const char of source) {
    for (const unit of char.normalize('NFKC').toLowerCase()) {
      if (SILENT.test(unit)) continue;
      const folded = simplified().get(unit) ?? unit;
      for (let i = 0; i < folded.length; i++) at.push(offset);
      text += folded;
    }
    offset += char.length;
  }
  return { text, at };
}

/** The text of {@link foldWithPlaces}. */
export const foldLabel = (source: string): string => foldWithPlaces(source).text;

/** Traditional characters as simplified ones, one for one; nothing else changes. */
export const simplify = (source: string): string => [...source].map((c) => simplified().get(c) ?? c).join('');

/** How many characters must be changed, added or taken away to make one text of the other. */
export function editDistance(a: string, b: string): number {
  const [m, n] = [[...a], [...b]];
  let before = Array.from({ length: n.length + 1 }, (_, j) => j);
  for (let i = 1; i <= m.length; i++) {
    const row = [i];
    for (let j = 1; j <= n.length; j++)
      row[j] = Math.min(before[j]! + 1, row[j - 1]! + 1, before[j - 1]! + (m[i - 1] === n[j - 1] ? 0 : 1));
    before = row;
  }
  return before[n.length]!;
}
