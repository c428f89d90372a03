import { chanceOf } from './calibrate.ts';
import type { Ruled } from './example.ts';
import type { Learnt, Model, Trust } from './model.ts';
import { guess } from './sorter.ts';

/** Above this the rules are sure, and are left alone where nobody corrected them. */
export const SURE_01 = 0.95;
/** What was learned never claims more: from 0.95 on the desk lets a person confirm all at once (apps/web, SURE_FROM). */
export const LEARNT_MAX_01 = 0.94;
/** A guess that is likelier wrong than right replaces nothing. */
const GUESS_LEAST_01 = 0.5;

/** One value with how sure it is and who said it. */
export interface Said {
  readonly value: string | null;
  readonly confidence01: number;
  readonly by: 'rules' | 'learnt';
}

/** What rules and learning say together of a material. */
export interface Decision {
  readonly classCode: Said;
  /** A kind of title. */
  readonly title: Said;
}

/** What rules and learning together say of a material with these features; without a model the rules alone. */
export function decide(model: Model | null, features: readonly number[], signature: number, ruled: Ruled): Decision {
  const classCode = { value: ruled.classCode, confidence01: ruled.class01 };
  const title = { value: ruled.title, confidence01: ruled.title01 };
  if (!model) return { classCode: { ...classCode, by: 'rules' }, title: { ...title, by: 'rules' } };
  return {
    classCode: decideOne(model.classes, features, signature, classCode),
    title: decideOne(model.titles, features, signature, title),
  };
}

function decideOne(
  learnt: Learnt,
  features: readonly number[],
  signature: number,
  ruled: { readonly value: string | null; readonly confidence01: number },
): Said {
  const ruled01 = ruled.value === null ? 0 : trusted01(learnt.trust, signature, ruled.confidence01);
  const rules: Said = { value: ruled.value, confidence01: ruled01, by: 'rules' };
  // INVARIANT: what the rules are sure of and were not corrected in stays as it is.
  if (ruled01 > SURE_01) return rules;
  const best = guess(learnt.sorter, features);
  if (!best) return rules;
  const chance01 = Math.min(LEARNT_MAX_01, chanceOf(learnt.calibration, best.strength));
  if (best.value === ruled.value) return { ...rules, confidence01: Math.max(ruled01, chance01) };
  return chance01 >= GUESS_LEAST_01 && chance01 > ruled01 ? { value: best.value, confidence01: chance01, by: 'learnt' } : rules;
}

/** How far the rules are to be believed, who were corrected where they judged so before. */
export function trusted01(trust: Trust, signature: number, confidence01: number): number {
  const fared = trust.get(signature);
  return fared ? Math.min(confidence01, (fared[1] + 1) / (fared[0] + 2)) : confidence01;
}
