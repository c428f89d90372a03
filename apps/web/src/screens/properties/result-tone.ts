import type { PropertyCheckSummary, PropertyItem, PropertyResult } from '../../api/properties.ts';
import type { Tone } from '../../parts/chip.tsx';

/** The colour of a result; its word stands beside it. */
export const TONE_OF: Readonly<Record<PropertyResult, Tone>> = {
  pass: 'jade',
  warn: 'amber',
  fail: 'cinnabar',
  manual: 'blue',
  skipped: 'plain',
};

export const TONE_OF_VERDICT: Readonly<Record<NonNullable<PropertyCheckSummary['verdict']>, Tone>> = {
  passed: 'jade',
  failed: 'cinnabar',
  open: 'blue',
};

/** Whether a person may say something of it: the program did not. */
export const isAsked = (item: PropertyItem): boolean => item.machine === 'manual' || item.machine === 'skipped';

/** Whether it wants a look: it failed or warns, or waits for a person and the check hangs on it. */
export const isToSettle = (item: PropertyItem): boolean =>
  item.result === 'fail' || item.result === 'warn' || (isAsked(item) && item.blocking && item.answer === null);
