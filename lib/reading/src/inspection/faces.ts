import type { Reading } from '../reading.ts';
import { digestDistance01 } from '../same-sheet.ts';
import { mirroredDigest, turnedDigest } from './faint-digest.ts';

/** Chance alone gives 0.5, seldom less than 0.4. */
const MAX_FACE_DISTANCE_01 = 0.3;

/**
 * True when what shows faintly through a blank face is the mirror image of the other: they are the back and the front of one sheet. How the blank
 * face was turned is not known, so it is compared both ways up.
 */
export function isBackOf(blank: Reading, front: Reading): boolean {
  const faint = blank.measures?.faintDigest;
  if (!faint || !front.pageDigest || !front.lines.length) return false;
  const mirrored = mirroredDigest(front.pageDigest);
  return Math.min(digestDistance01(faint, mirrored), digestDistance01(faint, turnedDigest(mirrored))) <= MAX_FACE_DISTANCE_01;
}
