import { describe, expect, it } from 'vitest';
import type { Consultation } from '../../api/rights.ts';
import { isLive, stateOf } from './consultation-state.ts';

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
  target: { kind: 'dossier', id: 'd', code: 'P1' },
  rights: ['view'],
  purposes: ['talent'],
  audiences: [],
  fromMs: NOW - 10,
  untilMs: NOW + 10,
  endedAtMs: null,
  madeBy: 'm',
  madeByName: '某人',
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
  it('is not begun, expired or ended by its own times, whoever is there', () => {
    const readers = [reader(NOW + 1), reader(NOW + 1)];
    expect(stateOf(consultation({ readers, fromMs: NOW + 1 }), NOW)).toBe('future');
    expect(stateOf(consultation({ readers, untilMs: NOW }), NOW)).toBe('over');
    expect(stateOf(consultation({ readers, endedAtMs: NOW - 1 }), NOW)).toBe('ended');
    expect(['ended', 'over', 'future', 'open'].map((state) => isLive(state as 'open'))).toEqual([false, false, true, true]);
  });
});
