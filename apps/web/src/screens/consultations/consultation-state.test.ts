import { describe, expect, it } from 'vitest';
import type { Consultation } from '../../api/rights.ts';
import { shelfOf, stateOf } from './consultation-state.ts';

const NOW = 1_000_000;
const reader = (presentUntilMs: number, stated = presentUntilMs > 0) => ({
  accountId: 'a',
  name: '某人',
  partyMember: true,
  presentUntilMs,
  stated,
});
const consultation = (over: Partial<Consultation>): Consultation => ({
  id: 'c',
  state: 'approved',
  target: { kind: 'dossier', id: 'd', code: 'P1' },
  rights: ['view'],
  purposes: ['talent'],
  audiences: [],
  fromMs: NOW - 10,
  untilMs: NOW + 10,
  endedAtMs: null,
  askedBy: 'm',
  askedByName: '某人',
  askedAtMs: NOW - 20,
  decidedBy: 'n',
  decidedByName: '另一人',
  decidedAtMs: NOW - 10,
  isOwn: false,
  mayDecide: false,
  mayRead: false,
  readers: [reader(0), reader(0)],
  ...over,
});

describe('where a consultation stands', () => {
  it('follows its readers: nobody, some, all of them there', () => {
    expect(stateOf(consultation({}), NOW)).toBe('waiting');
    expect(stateOf(consultation({ readers: [reader(NOW + 1), reader(0)] }), NOW)).toBe('partly');
    expect(stateOf(consultation({ readers: [reader(NOW + 1), reader(NOW + 1)] }), NOW)).toBe('open');
  });
  it('counts nobody whose four hours are over, or who has not stated', () => {
    expect(stateOf(consultation({ readers: [reader(NOW), reader(NOW + 1, false)] }), NOW)).toBe('waiting');
  });
  it('is not begun or expired by its own times, whoever is there', () => {
    const readers = [reader(NOW + 1), reader(NOW + 1)];
    expect(stateOf(consultation({ readers, state: 'open', fromMs: NOW + 1 }), NOW)).toBe('future');
    expect(stateOf(consultation({ readers, state: 'open', untilMs: NOW }), NOW)).toBe('expired');
    expect(stateOf(consultation({ state: 'requested', untilMs: NOW }), NOW)).toBe('expired');
  });
  it('waits, was refused, withdrawn or ended as the archive says, and stands on the shelf of it', () => {
    const readers = [reader(NOW + 1), reader(NOW + 1)];
    const shelf = (state: Consultation['state']) => shelfOf(stateOf(consultation({ readers, state }), NOW));
    expect(stateOf(consultation({ readers, state: 'requested' }), NOW)).toBe('requested');
    expect((['requested', 'approved', 'open', 'refused', 'withdrawn', 'ended', 'expired'] as const).map(shelf)).toEqual([
      'requested',
      'live',
      'live',
      'past',
      'past',
      'past',
      'past',
    ]);
  });
});
