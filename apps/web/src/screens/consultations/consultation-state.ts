import type { Consultation } from '../../api/rights.ts';
import type { Tone } from '../../parts/chip.tsx';

/** Where a consultation stands at a moment: as the archive keeps it, and what is approved by who is there. */
export type ConsultationState = 'requested' | 'refused' | 'withdrawn' | 'ended' | 'expired' | 'future' | 'waiting' | 'partly' | 'open';

/** Readers who are signed in now. */
export const presentAt = (consultation: Consultation, nowMs: number): Consultation['readers'] =>
  consultation.readers.filter((reader) => reader.stated && reader.presentUntilMs > nowMs);

/** Where it stands: asked for, settled by somebody, over or not begun by its time, or how many of its readers are there. */
export function stateOf(consultation: Consultation, nowMs: number): ConsultationState {
  const { state } = consultation;
  if (state !== 'requested' && state !== 'approved' && state !== 'open') return state;
  if (consultation.untilMs <= nowMs) return 'expired';
  if (state === 'requested') return 'requested';
  if (consultation.fromMs > nowMs) return 'future';
  const present = presentAt(consultation, nowMs).length;
  return present === 0 ? 'waiting' : present < consultation.readers.length ? 'partly' : 'open';
}

const OVER: readonly ConsultationState[] = ['refused', 'withdrawn', 'ended', 'expired'];

/** Whether it is approved and can still open something. */
export const isLive = (state: ConsultationState): boolean => state !== 'requested' && !OVER.includes(state);

/** The shelves of the list: what waits for a decision, what holds, what is settled. */
export type Shelf = 'requested' | 'live' | 'past';

/** On which of them it stands. */
export const shelfOf = (state: ConsultationState): Shelf => (state === 'requested' ? 'requested' : isLive(state) ? 'live' : 'past');

export const TONE_OF: Readonly<Record<ConsultationState, Tone>> = {
  requested: 'blue',
  refused: 'cinnabar',
  withdrawn: 'plain',
  ended: 'plain',
  expired: 'plain',
  future: 'blue',
  waiting: 'amber',
  partly: 'amber',
  open: 'jade',
};
