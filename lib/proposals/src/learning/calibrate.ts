/** From this strength on, a guess is right with this chance. In order of strength; chances never fall. */
export type Calibration = readonly (readonly [strength: number, chance01: number])[];

/** A guess that was put to the test. */
export interface Tried {
  readonly strength: number;
  readonly isRight: boolean;
}

const TRIED_MIN = 2;
const STEP_SIZE_MIN = 10;
const STEPS_MAX = 8;

/**
 * Chances out of guesses that were put to the test: by steps of strength, each chance (right + 1) / (tried + 2), so that few trials claim little.
 * Too few give none, and nothing is then believed.
 */
export function calibrate(tried: readonly Tried[]): Calibration {
  if (tried.length < TRIED_MIN) return [];
  const sorted = [...tried].sort((a, b) => a.strength - b.strength);
  const steps = Math.max(1, Math.min(STEPS_MAX, Math.floor(sorted.length / STEP_SIZE_MIN)));
  let blocks = Array.from({ length: steps }, (_, i) => {
    const part = sorted.slice(Math.floor((i * sorted.length) / steps), Math.floor(((i + 1) * sorted.length) / steps));
    return { from: part[0]!.strength, right: part.filter((t) => t.isRight).length, count: part.length };
  });
  // A stronger guess that was right less often than a weaker one is no better: both are taken together.
  for (let i = 1; i < blocks.length; ) {
    const [low, high] = [blocks[i - 1]!, blocks[i]!];
    if (chance(high) >= chance(low)) i++;
    else {
      const joined = { from: low.from, right: low.right + high.right, count: low.count + high.count };
      blocks = [...blocks.slice(0, i - 1), joined, ...blocks.slice(i + 1)];
      i = Math.max(1, i - 1);
    }
  }
  // Weaker than anything tried is not believed, but for what only rounding parts from it.
  return blocks.map((block) => [Math.floor(block.from * 1000) / 1000, Math.round(chance(block) * 1000) / 1000] as const);
}

const chance = ({ right, count }: { readonly right: number; readonly count: number }): number => (right + 1) / (count + 2);

/** Chance that a guess of this strength is right. */
export function chanceOf(calibration: Calibration, strength: number): number {
  let found = 0;
  for (const [from, chance01] of calibration) if (strength >= from) found = chance01;
  return found;
}
