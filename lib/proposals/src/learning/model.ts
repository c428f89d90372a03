import { ArchiveError } from '@lantai/values';
import type { Calibration } from './calibrate.ts';
import type { Sorter } from './sorter.ts';

/** How the rules fared where they judged alike: how often, and how often what they said stood. */
export type Trust = ReadonlyMap<number, readonly [count: number, right: number]>;

/** What was learned for one value of a material: its class, or the kind of its title. */
export interface Learnt {
  readonly sorter: Sorter;
  readonly calibration: Calibration;
  /** Of those signatures alone in which the rules were corrected. */
  readonly trust: Trust;
}

/** All that was learned of settled proposals; holds keyed hashes, codes and kinds of titles that several dossiers share. */
export interface Model {
  readonly classes: Learnt;
  readonly titles: Learnt;
  /** How many examples it was trained on. */
  readonly examples: number;
  /** When the last of them was settled. */
  readonly throughMs: number;
}

const FORMAT = 1;

type StoredLearnt = {
  labels: string[];
  features: number[];
  weights: number[][];
  calibration: [number, number][];
  trust: [number, number, number][];
};

/** The model as text, the same for the same model; normative: docs/spec/learning.md, section 5. */
export function encodeModel({ classes, titles, examples, throughMs }: Model): string {
  return JSON.stringify({ format: FORMAT, examples, throughMs, classes: store(classes), titles: store(titles) });
}

/** Undoes {@link encodeModel}. @throws ArchiveError `learning/corrupt` (corruption) */
export function decodeModel(text: string): Model {
  const raw: unknown = parse(text);
  if (!isRecord(raw) || raw.format !== FORMAT) throw new ArchiveError('learning/corrupt', 'corruption');
  const { classes, titles, examples, throughMs } = raw as {
    classes: StoredLearnt;
    titles: StoredLearnt;
    examples: number;
    throughMs: number;
  };
  return { classes: restore(classes), titles: restore(titles), examples, throughMs };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ArchiveError('learning/corrupt', 'corruption', {}, cause);
  }
}

const store = ({ sorter, calibration, trust }: Learnt): StoredLearnt => ({
  labels: [...sorter.labels],
  features: [...sorter.weights.keys()],
  weights: [...sorter.weights.values()].map((pairs) => [...pairs]),
  calibration: calibration.map(([from, chance]) => [from, chance]),
  trust: [...trust].map(([signature, [count, right]]) => [signature, count, right]),
});

function restore(stored: StoredLearnt): Learnt {
  const { labels, features, weights, calibration, trust } = stored;
  if (features.length !== weights.length) throw new ArchiveError('learning/corrupt', 'corruption');
  return {
    sorter: {
      labels,
      weights: new Map(features.map((feature, at) => [feature, weights[at]!])),
    },
    calibration,
    trust: new Map(trust.map(([signature, count, right]) => [signature, [count, right] as const])),
  };
}
