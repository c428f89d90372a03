import { calibrate, type Tried } from './calibrate.ts';
import { type Decision, decide, SURE_01, trusted01 } from './decide.ts';
import type { Example, Ruled } from './example.ts';
import type { Learnt, Model, Trust } from './model.ts';
import { guess, type LabelFloor, type Sorted, trainSorter } from './sorter.ts';

/** How one way of proposing fared on examples it was not trained on. */
export interface Rights {
  readonly classes: number;
  readonly titles: number;
  /** Values said with more than 0.95, and how many of those were right. */
  readonly sure: number;
  readonly sureRight: number;
}

/** What a new model was measured by, kept with it: counts alone. */
export interface Evaluation {
  readonly heldOut: number;
  readonly rules: Rights;
  /** The model in force before, on those held out that it was not trained on; null when there was none or no such example. */
  readonly before: (Rights & { readonly of: number; readonly candidate: number }) | null;
  readonly candidate: Rights;
  /** Values that differ from the rules', and how many of those were right. */
  readonly changed: number;
  readonly changedRight: number;
  /** `better` replaces the last; `too-few`, `no-gain`, `worse`, `unsure` do not. */
  readonly verdict: 'better' | 'too-few' | 'no-gain' | 'worse' | 'unsure';
}

/** A new model with its evaluation; null model: too little to learn by. */
export interface Retrained {
  readonly model: Model | null;
  readonly evaluation: Evaluation;
}

/** With fewer, nothing is learned. */
export const EXAMPLES_MIN = 10;
const HELD_OUT_SHARE = 0.2;
const HELD_OUT_MIN = 4;
/** Chances need no more trials than this. */
const TRIED_MAX = 4000;
/** Of the values that learning changes, so many must be right. */
const CHANGED_RIGHT_SHARE = 0.7;

/** A title that stands in fewer dossiers may speak of a person: it is never learned. */
const TITLE_FLOOR: LabelFloor = { examples: 3, dossiers: 3 };
const CLASS_FLOOR: LabelFloor = { examples: 2, dossiers: 2 };
const TRUST_MIN = 3;
/** Rules that are right as often as this are not said to be corrected. */
const CORRECTED_BELOW = 0.9;

/**
 * Trains anew on all examples and says whether the outcome may replace the model in force: measured on the last of the examples, which a model of
 * the earlier ones had not seen. Deterministic.
 * @param examples in the order in which they were settled
 */
export function retrain(examples: readonly Example[], before: Model | null): Retrained {
  const nothing: Rights = { classes: 0, titles: 0, sure: 0, sureRight: 0 };
  const empty = { heldOut: 0, rules: nothing, before: null, candidate: nothing, changed: 0, changedRight: 0 };
  if (examples.length < EXAMPLES_MIN) return { model: null, evaluation: { ...empty, verdict: 'too-few' } };
  const heldOut = examples.slice(-Math.max(HELD_OUT_MIN, Math.round(HELD_OUT_SHARE * examples.length)));
  const past = examples.slice(0, -heldOut.length);
  // Chances come of guesses on dossiers that the guessing model had not seen; those held out set none by which they are judged.
  const tried = [0, 1].flatMap((part): Trial[] => {
    const late = past.slice(-TRIED_MAX);
    const [unseen, seen] = [late.filter((e) => e.dossier % 2 === part), late.filter((e) => e.dossier % 2 !== part)];
    return [{ model: learn(seen), examples: unseen }];
  });
  const early = learn(past);
  const judged = decideAll(withChances(early, tried), heldOut);
  const model = withChances(learn(examples), [...tried, { model: early, examples: heldOut }]);
  return { model, evaluation: evaluate(heldOut, judged, before) };
}

interface Judged {
  readonly example: Example;
  readonly decision: Decision;
}

const decideAll = (model: Model | null, examples: readonly Example[]): Judged[] =>
  examples.map((example) => ({ example, decision: decide(model, example.features, example.signature, example.ruled) }));

function evaluate(heldOut: readonly Example[], judged: readonly Judged[], before: Model | null): Evaluation {
  const rules = rightsOf(decideAll(null, heldOut));
  const candidate = rightsOf(judged);
  const fresh = before ? judged.filter(({ example }) => example.atMs > before.throughMs) : [];
  const last = rightsOf(
    decideAll(
      before,
      fresh.map(({ example }) => example),
    ),
  );
  const changes = judged.flatMap(({ example: { stood }, decision: { classCode, title } }) => [
    ...(classCode.by === 'learnt' ? [classCode.value === stood.classCode] : []),
    ...(title.by === 'learnt' ? [title.value === stood.title] : []),
  ]);
  const changedRight = changes.filter((isRight) => isRight).length;
  const freshRights = sum(rightsOf(fresh));
  const numbers = {
    heldOut: heldOut.length,
    rules,
    before: fresh.length ? { ...last, of: fresh.length, candidate: freshRights } : null,
    candidate,
    changed: changes.length,
    changedRight,
  };
  return { ...numbers, verdict: verdictOf() };

  function verdictOf(): Evaluation['verdict'] {
    if (sum(candidate) < sum(rules) || (fresh.length > 0 && freshRights < sum(last))) return 'worse';
    if (candidate.sure - candidate.sureRight > rules.sure - rules.sureRight) return 'worse';
    if (sum(candidate) === sum(rules)) return 'no-gain';
    return changedRight >= CHANGED_RIGHT_SHARE * changes.length ? 'better' : 'unsure';
  }
}

const sum = ({ classes, titles }: Rights): number => classes + titles;

function rightsOf(judged: readonly Judged[]): Rights {
  let [classes, titles, sure, sureRight] = [0, 0, 0, 0];
  for (const { example, decision } of judged) {
    const pairs = [
      [decision.classCode, example.stood.classCode],
      [decision.title, example.stood.title],
    ] as const;
    for (const [said, stood] of pairs)
      if (said.confidence01 > SURE_01) {
        sure++;
        if (said.value === stood) sureRight++;
      }
    if (decision.classCode.value === example.stood.classCode) classes++;
    if (decision.title.value === example.stood.title) titles++;
  }
  return { classes, titles, sure, sureRight };
}

/** What of an example one value is about. */
interface Aspect {
  readonly ruled: (ruled: Ruled) => { readonly value: string | null; readonly confidence01: number };
  readonly stood: (example: Example) => string;
  readonly floor: LabelFloor;
}

const CLASSES: Aspect = {
  ruled: ({ classCode, class01 }) => ({ value: classCode, confidence01: class01 }),
  stood: ({ stood }) => stood.classCode,
  floor: CLASS_FLOOR,
};
const TITLES: Aspect = {
  ruled: ({ title, title01 }) => ({ value: title, confidence01: title01 }),
  stood: ({ stood }) => stood.title,
  floor: TITLE_FLOOR,
};

function learn(examples: readonly Example[]): Model {
  const one = (aspect: Aspect): Learnt => {
    const things = examples.map((e): Sorted => ({ features: e.features, dossier: e.dossier, label: aspect.stood(e) }));
    return { sorter: trainSorter(things, aspect.floor), calibration: [], trust: trustOf(examples, aspect) };
  };
  return { classes: one(CLASSES), titles: one(TITLES), examples: examples.length, throughMs: examples.at(-1)?.atMs ?? 0 };
}

/** How the rules fared by signature, kept where they were corrected. */
function trustOf(examples: readonly Example[], { ruled, stood }: Aspect): Trust {
  const fared = new Map<number, { count: number; right: number; dossiers: Set<number> }>();
  for (const example of examples) {
    const { value } = ruled(example.ruled);
    if (value === null) continue;
    const seen = fared.get(example.signature) ?? { count: 0, right: 0, dossiers: new Set() };
    seen.count++;
    seen.dossiers.add(example.dossier);
    if (value === stood(example)) seen.right++;
    fared.set(example.signature, seen);
  }
  return new Map(
    [...fared]
      .filter(([, { count, right, dossiers }]) => count >= TRUST_MIN && dossiers.size > 1 && right < CORRECTED_BELOW * count)
      .map(([signature, { count, right }]) => [signature, [count, right] as const]),
  );
}

/** Examples that a model had not seen. */
interface Trial {
  readonly model: Model;
  readonly examples: readonly Example[];
}

/** A model with the chances that its like showed on what they had not seen. */
function withChances(model: Model, trials: readonly Trial[]): Model {
  const chances = (own: Learnt, aspect: Aspect, of: (model: Model) => Learnt): Learnt => ({
    ...own,
    calibration: calibrate(trials.flatMap((trial) => triedOn(of(trial.model), aspect, trial.examples))),
  });
  return {
    ...model,
    classes: chances(model.classes, CLASSES, (m) => m.classes),
    titles: chances(model.titles, TITLES, (m) => m.titles),
  };
}

/** Guesses on examples where the rules leave room: chances found on what the rules know anyway would be those of easier pages. */
function triedOn({ sorter, trust }: Learnt, { ruled, stood }: Aspect, examples: readonly Example[]): Tried[] {
  return examples.flatMap((example) => {
    const { value, confidence01 } = ruled(example.ruled);
    if (value !== null && trusted01(trust, example.signature, confidence01) > SURE_01) return [];
    const best = guess(sorter, example.features);
    return best ? [{ strength: best.strength, isRight: best.value === stood(example) }] : [];
  });
}
