import type { Candidate } from './candidates.ts';
import { editDistance } from './fold.ts';

/** How often a name must stand to outweigh others; a dossier's own name stands on nearly every material. */
const MAJORITY = 0.34;

/** The name most materials give; null when no name is clearly ahead. */
export function findSubjectName(names: readonly Candidate[]): string | null {
  const votes = new Map<string, number>();
  for (const n of names) votes.set(n.value, (votes.get(n.value) ?? 0) + n.fit01 * n.way01);
  const ranked = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const total = ranked.reduce((sum, [, v]) => sum + v, 0);
  const [first, second] = ranked;
  if (!first || first[1] < MAJORITY * total || (second && second[1] === first[1])) return null;
  return first[0];
}

/** Whether a name as read can be this person's: the same, or one character misread, added or lost. */
export function isSameName(a: string, b: string): boolean {
  if (a === b) return true;
  const longest = Math.max([...a].length, [...b].length);
  return longest >= 3 ? editDistance(a, b) <= (longest >= 8 ? 2 : 1) : a[0] === b[0] && editDistance(a, b) <= 1;
}
