// Throws random cases at the default policy and at the reference model, and says where they differ.
//   node --import tsx test/policy-matrix/agreement.ts --cases 1000000 [--seed 1]
import { argv } from 'node:process';
import { decide, explain, type Policy } from '@lantai/policy';
import { DEFAULT_POLICY, loadPolicy } from '@lantai/policy/document';
import { Dice, SMALL_WORLD, throwAction, throwActor, throwThing, throwWhen } from './random-cases.ts';
import { answerOf } from './reference.ts';

/** Where the three disagree: the numbers that make the case again. */
export interface Disagreement {
  readonly seed: number;
  readonly action: string;
  readonly decided: string;
  readonly reference: string;
  readonly explained: boolean | null;
}

/** What many cases came to; a model that says no to everything would agree too, so the answers are counted. */
export interface Agreement {
  readonly disagreements: readonly Disagreement[];
  readonly allowed: number;
  readonly notFound: number;
  readonly refused: number;
}

/** Compares decision, explanation and reference model over random cases; each seed is one case. */
export function compareModels(policy: Policy, cases: number, firstSeed = 1): Agreement {
  const disagreements: Disagreement[] = [];
  const counts = { allowed: 0, 'not-found': 0, refused: 0 };
  for (let seed = firstSeed; seed < firstSeed + cases; seed++) {
    const dice = new Dice(seed);
    const actor = throwActor(dice, SMALL_WORLD);
    const [action, when] = [throwAction(dice), throwWhen(dice)];
    const thing = dice.below(20) ? throwThing(dice, SMALL_WORLD) : null;
    const verdict = decide(policy, actor, action, thing, when);
    const decided = verdict.allowed ? 'allowed' : verdict.reason === 'role' ? 'refused' : 'not-found';
    const reference = answerOf(actor, action, thing, when);
    const explained = thing && explain(policy, actor, action, thing, when).allowed;
    counts[decided]++;
    if (decided !== reference || (explained !== null && explained !== verdict.allowed))
      disagreements.push({ seed, action, decided, reference, explained });
  }
  return { disagreements, allowed: counts.allowed, notFound: counts['not-found'], refused: counts.refused };
}

if (argv[1]?.endsWith('agreement.ts')) {
  const option = (name: string, otherwise: number) => (argv.includes(name) ? Number(argv[argv.indexOf(name) + 1]) : otherwise);
  const cases = option('--cases', 1_000_000);
  const begun = performance.now();
  const found = compareModels(loadPolicy(DEFAULT_POLICY), cases, option('--seed', 1));
  console.log(
    `${cases} cases in ${Math.round(performance.now() - begun)} ms: ${found.allowed} allowed, ${found.notFound} not found, ${found.refused} refused, ${found.disagreements.length} disagreements`,
  );
  for (const d of found.disagreements.slice(0, 10)) console.log(' ', JSON.stringify(d));
  process.exitCode = found.disagreements.length ? 1 : 0;
}
