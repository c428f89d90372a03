import type { Assertion, KeyFactCode, KeyFacts } from '../../api/key-facts.ts';

/** What is in hand: a fact, and of it what one material says. */
export interface Chosen {
  readonly fact: KeyFactCode;
  readonly materialId: string | null;
}

/** What the chosen material says of the chosen fact; null when it says nothing. */
export function findAssertion(facts: KeyFacts, chosen: Chosen | null): Assertion | null {
  const fact = facts.facts.find((f) => f.code === chosen?.fact);
  return fact?.assertions.find((a) => a.materialId === chosen?.materialId) ?? null;
}

const placesOf = (facts: KeyFacts, isConflict: boolean): Chosen[] =>
  facts.facts.flatMap((f) =>
    f.assertions.filter((a) => !isConflict || a.role === 'deviates').map((a) => ({ fact: f.code, materialId: a.materialId })),
  );

/** The first deviating value, else the first value there is. */
export const firstChosen = (facts: KeyFacts): Chosen | null => placesOf(facts, true)[0] ?? placesOf(facts, false)[0] ?? null;

/** The value before or behind the one in hand, fact by fact in the order of dates; round at the ends. Of conflicts alone when asked. */
export function stepChosen(facts: KeyFacts, chosen: Chosen | null, by: 1 | -1, isConflict: boolean): Chosen | null {
  const all = placesOf(facts, false);
  const wanted = placesOf(facts, isConflict);
  if (!wanted.length) return chosen;
  const is = (one: Chosen, other: Chosen | null) => one.fact === other?.fact && one.materialId === other.materialId;
  const at = all.findIndex((place) => is(place, chosen));
  for (let i = 1; i <= all.length; i++) {
    const next = all[(at + by * i + all.length * 2) % all.length];
    if (next && wanted.some((place) => is(place, next))) return next;
  }
  return chosen;
}
