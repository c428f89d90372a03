export { SENSITIVE_KINDS } from '@lantai/search';
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
