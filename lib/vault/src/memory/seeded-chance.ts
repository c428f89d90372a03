/** A number from 0 up to 1 (excluded); a seeded generator makes a run repeatable. */
export type Chance = () => number;

/** A repeatable {@link Chance} (mulberry32). Not for keys. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
