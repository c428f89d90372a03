export { SENSITIVE_KINDS } from '@lantai/search';
export { addLeaving, checkLeave, countLeaving, type Leave, type LeavingCounts, NOTHING_LEAVES, needsLeave } from './leaving.ts';
export {
  findShown,
  type Holder,
  hideSensitive,
  type MaskedThing,
  NOTHING_SHOWN,
  REVEAL_MS,
  type Reveal,
  revealSensitive,
  type ShownNow,
} from './reveals.ts';
