import type { Desk, Material } from './desk-data.ts';

/** Materials that wait for this person as second: somebody else put something into them. */
export const listToCountercheck = (desk: Desk): Material[] =>
  desk.materials.filter(({ countercheck: c }) => c?.state === 'waiting' && !c.isOwn);

/** How many of a dossier stand where. */
export function countChecks(desk: Desk): { readonly mine: number; readonly others: number; readonly returned: number } {
  const states = desk.materials.map(({ countercheck }) => countercheck);
  return {
    mine: listToCountercheck(desk).length,
    others: states.filter((c) => c?.state === 'waiting' && c.isOwn).length,
    returned: states.filter((c) => c?.state === 'returned').length,
  };
}

/** The next one that waits for this person after a material, round the end; null when none does. */
export function findNextToCountercheck(desk: Desk, materialId: string | null): Material | null {
  const waiting = listToCountercheck(desk);
  const order = desk.materials.map((m) => m.id);
  const from = materialId === null ? -1 : order.indexOf(materialId);
  return waiting.find((m) => order.indexOf(m.id) > from) ?? waiting[0] ?? null;
}
