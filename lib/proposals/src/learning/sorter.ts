/** One thing to be sorted: its features, and the label a person gave it. */
export interface Sorted {
  readonly features: readonly number[];
  readonly dossier: number;
  readonly label: string;
}

/** Sorts things by their features into labels: multinomial logistic regression, its weights sparse. */
export interface Sorter {
  /** The first stands for none of the others. */
  readonly labels: readonly string[];
  /** By feature: pairs of the number of a label and its weight, one after the other. */
  readonly weights: ReadonlyMap<number, readonly number[]>;
}

/** The likeliest label of a thing. */
export interface Guess {
  readonly value: string;
  /** Its share in the model's own eyes, 0 to 1: an order of how strong guesses are, no chance of being right. */
  readonly strength: number;
}

/** Whatever is none of the labels learned: a thing must win against it as well. Always the first label. */
const NONE = '';
const FEATURES_MAX = 40_000;
const LABELS_MAX = 400;
const ROUNDS = 6;
/** How far one thing moves the weights, in the first round; a little less in each. */
const RATE = 4;
/** A thing known so well is not looked at again, and a label this unlikely for it is not moved. */
const KNOWN_01 = 0.95;
const UNLIKELY_01 = 0.01;
/** Weights are kept to the hundredth; what is less says nothing. */
const WEIGHT_LEAST = 0.05;

/** How often a label must stand, and in how many dossiers, to be learned at all. */
export interface LabelFloor {
  readonly examples: number;
  readonly dossiers: number;
}

/** What is likeliest for a thing with these features; null when that is none of the labels, or nothing was learned of any feature. */
export function guess({ labels, weights }: Sorter, features: readonly number[]): Guess | null {
  const by = 1 / Math.sqrt(Math.max(1, features.length));
  const scores = new Float64Array(labels.length);
  for (const feature of features) {
    const pairs = weights.get(feature);
    if (pairs) for (let i = 0; i < pairs.length; i += 2) scores[pairs[i]!]! += pairs[i + 1]! * by;
  }
  const shares = toShares(scores);
  let best = 0;
  for (let i = 1; i < shares.length; i++) if (shares[i]! > shares[best]!) best = i;
  return best === 0 ? null : { value: labels[best]!, strength: shares[best]! };
}

/** Scores as shares of one, in place. */
function toShares(scores: Float64Array): Float64Array {
  let most = 0;
  for (const score of scores) if (score > most) most = score;
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    scores[i] = Math.exp(scores[i]! - most);
    sum += scores[i]!;
  }
  for (let i = 0; i < scores.length; i++) scores[i]! /= sum;
  return scores;
}

/**
 * Learns to sort by the features that several dossiers share, the things in their order, at most six times each. Deterministic.
 * A label that stands too seldom counts as none.
 */
export function trainSorter(things: readonly Sorted[], floor: LabelFloor): Sorter {
  const labels = [NONE, ...frequentLabels(things, floor)];
  const labelOf = new Map(labels.map((value, at) => [value, at]));
  const shared = sharedFeatures(things);
  const places = new Map(shared.map((feature, at) => [feature, at]));
  const rows = things.map(
    ({ features, label }): Row => ({
      places: Int32Array.from(features.flatMap((feature) => places.get(feature) ?? [])),
      by: 1 / Math.sqrt(Math.max(1, features.length)),
      label: labelOf.get(label) ?? 0,
    }),
  );
  const table = descend(rows, shared.length, labels.length);
  const weights = new Map<number, readonly number[]>();
  for (const [place, feature] of shared.entries()) {
    const pairs: number[] = [];
    for (let label = 0; label < labels.length; label++) {
      const weight = table[place * labels.length + label]!;
      if (Math.abs(weight) >= WEIGHT_LEAST) pairs.push(label, Math.round(weight * 100) / 100);
    }
    if (pairs.length) weights.set(feature, pairs);
  }
  return { labels, weights };
}

function frequentLabels(things: readonly Sorted[], floor: LabelFloor): string[] {
  const of = new Map<string, { count: number; dossiers: Set<number> }>();
  for (const { label, dossier } of things) {
    const seen = of.get(label) ?? { count: 0, dossiers: new Set() };
    seen.count++;
    seen.dossiers.add(dossier);
    of.set(label, seen);
  }
  return [...of]
    .filter(([, seen]) => seen.count >= floor.examples && seen.dossiers.size >= floor.dossiers)
    .sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1))
    .slice(0, LABELS_MAX)
    .map(([value]) => value);
}

/**
 * The features that several dossiers share, the commonest first.
 * INVARIANT: a feature of one dossier alone may be somebody's name, and says nothing of a form: no weight is kept of it.
 */
function sharedFeatures(things: readonly Sorted[]): number[] {
  const dossiers = new Map<number, { first: number; several: boolean; count: number }>();
  for (const { features, dossier } of things)
    for (const feature of features) {
      const seen = dossiers.get(feature);
      if (!seen) dossiers.set(feature, { first: dossier, several: false, count: 1 });
      else {
        seen.several ||= seen.first !== dossier;
        seen.count++;
      }
    }
  const kept = [...dossiers].filter(([, seen]) => seen.several).sort(([a, x], [b, y]) => y.count - x.count || a - b);
  return kept.slice(0, FEATURES_MAX).map(([feature]) => feature);
}

interface Row {
  readonly places: Int32Array;
  readonly by: number;
  readonly label: number;
}

/** Stochastic gradient descent, the things in their order. Returns the weights, a row of labels for each feature. */
function descend(rows: readonly Row[], featureCount: number, labelCount: number): Float32Array {
  const table = new Float32Array(featureCount * labelCount);
  const scores = new Float64Array(labelCount);
  let left = rows;
  for (let round = 0; round < ROUNDS && left.length; round++) {
    const rate = RATE / (1 + 0.3 * round);
    left = left.filter((row) => {
      addUp(scores, table, row);
      const shares = toShares(scores);
      if (shares[row.label]! >= KNOWN_01) return false;
      for (let label = 0; label < labelCount; label++) {
        const pull = (label === row.label ? 1 : 0) - shares[label]!;
        if (Math.abs(pull) <= UNLIKELY_01) continue;
        const by = rate * pull * row.by;
        for (const place of row.places) table[place * labelCount + label]! += by;
      }
      return true;
    });
  }
  return table;
}

/** Scores of a thing: what a training spends its time on. */
function addUp(scores: Float64Array, table: Float32Array, { places, by }: Row): void {
  const count = scores.length;
  scores.fill(0);
  for (let p = 0; p < places.length; p++) {
    const from = places[p]! * count;
    for (let i = 0; i < count; i++) scores[i]! += table[from + i]!;
  }
  for (let i = 0; i < count; i++) scores[i]! *= by;
}
