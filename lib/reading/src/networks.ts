import type { Lexicon } from './lexicon.ts';
import type { DetectorInput } from './tensors.ts';

/** What a run of the recogniser gave: probabilities of `steps` × `classes`. */
export interface LineScores {
  readonly scores: Float32Array;
  readonly steps: number;
  readonly classes: number;
}

/** The three networks a page is read with, and the words that help where they are unsure. The reading package knows their inputs and outputs, an adapter runs them. */
export interface Networks {
  /** Character of each class of the recogniser; class 0 is the blank and is ''. */
  readonly alphabet: readonly string[];
  readonly lexicon: Lexicon;
  /**
   * Room for an input, the same from page to page and still holding what was last in it: fresh memory costs more than filling it.
   * What the networks give back is theirs as well. So one page is read at a time, and an output is looked at before the next call.
   */
  room(use: 'page' | 'line', length: number): Float32Array;
  /** Probability of text for each pixel of the input. */
  detect(input: DetectorInput): Promise<Float32Array>;
  /** @param line 3 × 48 × `widthPx` values */
  recognise(line: Float32Array, widthPx: number): Promise<LineScores>;
  /**
   * Which lines stand upside down.
   * @param lines 3 × 48 × 192 values each, one after another
   * @returns for each line the probability that it is upside down
   */
  classifyTurned(lines: Float32Array, count: number): Promise<Float32Array>;
}

/** Width of the turned-line classifier's input, in pixels. */
export const CLASSIFIER_WIDTH_PX = 192;
