/** One character read from a line. */
export interface ReadChar {
  readonly char: string;
  readonly confidence01: number;
  /** Where its peak lies along the line, 0 at the left edge of the crop, 1 at its right edge. */
  readonly at01: number;
  /** The next best characters at the same place, best first; empty when the first is certain. */
  readonly others: readonly { readonly char: string; readonly confidence01: number }[];
}

/** Below this a character's other candidates are kept. */
const CERTAIN_01 = 0.999;
const MIN_CANDIDATE_01 = 0.0005;
const MAX_CANDIDATES = 6;

/**
 * Greedy decoding of a recogniser's output: the best class of each step, repeats joined, blanks (class 0) dropped.
 * @param scores `steps` × `classes` probabilities
 * @param alphabet character of each class; class 0 is the blank
 * @param used share of the steps that lie on the line itself and not on its padding, 0 to 1
 */
export function decodeCtc(scores: Float32Array, steps: number, classes: number, alphabet: readonly string[], used: number): ReadChar[] {
  const out: ReadChar[] = [];
  let last = 0;
  let peakStep = -1;
  let peak = 0;
  const flush = (to: number) => {
    if (last !== 0 && peakStep >= 0) out.push(charAt(scores, peakStep, classes, alphabet, last, peak, (peakStep + to) / 2, steps, used));
  };
  let runEnd = 0;
  for (let s = 0; s < steps; s++) {
    const base = s * classes;
    let best = 0;
    let value = scores[base]!;
    // Probabilities of one step sum to 1: what has more than half is the best, and the rest need no look.
    for (let c = 1; c < classes && value <= 0.5; c++) {
      const v = scores[base + c]!;
      if (v > value) {
        value = v;
        best = c;
      }
    }
    if (best !== last) {
      flush(runEnd);
      last = best;
      peakStep = s;
      peak = value;
    } else if (value > peak) {
      peakStep = s;
      peak = value;
    }
    runEnd = s;
  }
  flush(runEnd);
  return out;
}

function charAt(
  scores: Float32Array,
  step: number,
  classes: number,
  alphabet: readonly string[],
  best: number,
  value: number,
  middle: number,
  steps: number,
  used: number,
): ReadChar {
  const at01 = Math.min(1, (middle + 0.5) / steps / used);
  const char = alphabet[best]!;
  if (value >= CERTAIN_01) return { char, confidence01: value, at01, others: [] };
  const others: { char: string; confidence01: number }[] = [];
  const base = step * classes;
  for (let c = 1; c < classes; c++) {
    const v = scores[base + c]!;
    if (c === best || v < MIN_CANDIDATE_01) continue;
    others.push({ char: alphabet[c]!, confidence01: v });
  }
  others.sort((a, b) => b.confidence01 - a.confidence01);
  return { char, confidence01: value, at01, others: others.slice(0, MAX_CANDIDATES - 1) };
}
