import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Habit, isAbove, type RecentUse, scoreUse } from './score.ts';

const office = Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 18 ? 100 : 0));
const NO_HABIT: Habit = { activeDays: 0, dossiersAnHour: 0, copiesAnHour: 0, looksByHour: Array(24).fill(0), purposes: [] };
const clerk: Habit = { activeDays: 20, dossiersAnHour: 30, copiesAnHour: 6, looksByHour: office, purposes: ['archive_work'] };
const use = (change: Partial<RecentUse>): RecentUse => ({
  dossiers: 10,
  copies: 0,
  looks: 40,
  hour: 10,
  purposes: ['archive_work'],
  leaders: 0,
  leaderDays: 0,
  ...change,
});

describe('the score of use', () => {
  it('says nothing of a usual day, nor of one twice as busy', () => {
    expect(scoreUse(use({}), clerk, NO_HABIT)).toEqual({ points: 0, reasons: [], level: 'free' });
    expect(scoreUse(use({ dossiers: 60, copies: 12 }), clerk, NO_HABIT).level).toBe('free');
  });
  it('warns, slows and stops as it grows beyond the own habit', () => {
    expect(scoreUse(use({ dossiers: 95 }), clerk, NO_HABIT)).toMatchObject({ level: 'warned', reasons: ['many-dossiers'] });
    expect(scoreUse(use({ dossiers: 160 }), clerk, NO_HABIT).level).toBe('slowed');
    expect(scoreUse(use({ dossiers: 245 }), clerk, NO_HABIT).level).toBe('stopped');
    expect(scoreUse(use({ copies: 60 }), clerk, NO_HABIT)).toMatchObject({ level: 'stopped', reasons: ['many-copies'] });
  });
  it('adds up what alone would be little: at night, for a purpose never had, four times as much', () => {
    const night = use({ hour: 3, purposes: ['audit'], dossiers: 100 });
    expect(scoreUse(night, clerk, NO_HABIT)).toMatchObject({ level: 'slowed', reasons: ['many-dossiers', 'odd-hour', 'new-purpose'] });
    expect(scoreUse(use({ hour: 3 }), clerk, NO_HABIT)).toMatchObject({ level: 'free', reasons: ['odd-hour'] });
  });
  it('weighs dossiers of the own unit’s leaders, and not for whoever handles them day by day', () => {
    const levels = [1, 2, 4, 9].map((leaders) => scoreUse(use({ leaders }), clerk, NO_HABIT));
    expect(levels.map(({ level }) => level)).toEqual(['free', 'warned', 'slowed', 'slowed']);
    expect(levels[0]).toMatchObject({ points: 25, reasons: ['own-leaders'] });
    // By night, for a purpose never had: one who has no business there is stopped.
    expect(scoreUse(use({ leaders: 6, hour: 3, purposes: ['audit'] }), clerk, NO_HABIT).level).toBe('stopped');
    expect(scoreUse(use({ leaders: 9, leaderDays: 5 }), clerk, NO_HABIT)).toEqual({ points: 0, reasons: [], level: 'free' });
    expect(scoreUse(use({ leaders: 9 }), NO_HABIT, clerk).level).toBe('warned');
  });
  it('measures who is new by the role, and never more than warns', () => {
    const many = use({ dossiers: 2000, copies: 500 });
    expect(scoreUse(many, NO_HABIT, clerk).level).toBe('warned');
    expect(scoreUse(many, NO_HABIT, NO_HABIT).level).toBe('warned');
    expect(scoreUse(use({ dossiers: 50 }), NO_HABIT, clerk).level).toBe('free');
  });
  it('never falls when more is done', () => {
    const n = fc.integer({ min: 0, max: 2000 });
    fc.assert(
      fc.property(n, n, n, fc.integer({ min: 0, max: 23 }), (dossiers, copies, more, hour) => {
        const less = scoreUse(use({ dossiers, copies, hour }), clerk, NO_HABIT);
        for (const then of [
          use({ dossiers: dossiers + more, copies, hour }),
          use({ dossiers, copies: copies + more, hour }),
          use({ dossiers, copies, hour, leaders: more }),
        ]) {
          const after = scoreUse(then, clerk, NO_HABIT);
          expect(after.points).toBeGreaterThanOrEqual(less.points);
          expect(isAbove(less.level, after.level)).toBe(false);
        }
      }),
    );
  });
});
