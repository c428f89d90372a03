import type { Consultation } from '../../api/rights.ts';
import type { Tone } from '../../parts/chip.tsx';

/** Where a consultation stands at a moment. */
export type ConsultationState = 'ended' | 'over' | 'future' | 'waiting' | 'partly' | 'open';

/** Readers who are signed in now. */
export const presentAt = (consultation: Consultation, nowMs: number): Consultation['readers'] =>
  consultation.readers.filter((reader) => reader.stated && reader.presentUntilMs > nowMs);

/** Where it stands: ended by somebody, over or not begun by its time, or how many of its readers are there. */
export function stateOf(consultation: Consultation, nowMs: number): ConsultationState {
  if (consultation.endedAtMs !== null) return 'ended';
  if (consultation.untilMs <= nowMs) return 'over';
  if (consultation.fromMs > nowMs) return 'future';
  const present = presentAt(consultation, nowMs).length;
  return present === 0 ? 'waiting' : present < consultation.readers.length ? 'partly' : 'open';
}

/** Whether it can still open anything. */
export const isLive = (state: ConsultationState): boolean => state !== 'ended' && state !== 'over';

export const TONE_OF: Readonly<Record<ConsultationState, Tone>> = {
  ended: 'plain',
  over: 'plain',
  future: 'blue',
  waiting: 'amber',
  partly: 'amber',
  open: 'jade',
};
