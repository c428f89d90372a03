// How unusual somebody's use of the archive is, against the own habit and that of the role. Pure arithmetic; docs/spec/use-watch.md says why.

/** What an account did of late. */
export interface RecentUse {
  /** Different dossiers looked into within the last hour. */
  readonly dossiers: number;
  /** Prints, copies, downloads and exports within the last hour. */
  readonly copies: number;
  /** Looks of any kind within the last hour. */
  readonly looks: number;
  /** Hour of the day now, 0 to 23, by the archive's clock. */
  readonly hour: number;
  /** Purposes of the last hour. */
  readonly purposes: readonly string[];
  /** Different dossiers of leaders of the own unit, or one above it, looked into within the last hour. */
  readonly leaders: number;
  /** Days of the habit's span on which any such dossier was looked into. */
  readonly leaderDays: number;
}

/** What an account, or all of a role, did within the last weeks. */
export interface Habit {
  /** Days with any look. Of a role: of all its accounts together. */
  readonly activeDays: number;
  /** The busiest hour of nine days in ten: different dossiers, and copies. */
  readonly dossiersAnHour: number;
  readonly copiesAnHour: number;
  /** Looks by hour of the day; 24 numbers. */
  readonly looksByHour: readonly number[];
  readonly purposes: readonly string[];
}

export const REASONS = ['many-dossiers', 'many-copies', 'odd-hour', 'new-purpose', 'own-leaders'] as const;
export type Reason = (typeof REASONS)[number];
export const LEVELS = ['free', 'warned', 'slowed', 'stopped'] as const;
/** What comes of a score. */
export type Level = (typeof LEVELS)[number];

export interface Score {
  readonly points: number;
  readonly reasons: readonly Reason[];
  readonly level: Level;
}

/** Fewer days are no habit: nobody is slowed or stopped for beginning to work. */
const HABIT_DAYS = 5;
/** So many in an hour are nobody's leak, whatever the habit. */
const FLOOR_DOSSIERS = 20;
const FLOOR_COPIES = 5;
/** An hour of the day with less than this share of the own looks is an odd one, … */
const ODD_HOUR_SHARE_01 = 0.01;
/** … when the habit rests on so many looks, and so many were made in it. */
const ODD_HOUR_LOOKS = 200;
const ODD_HOUR_LOOKS_NOW = 3;
const POINTS = { oddHour: 25, newPurpose: 15, firstLeader: 25, nextLeader: 15, leadersMax: 85 } as const;
const LEVEL_FROM: readonly (readonly [from: number, level: Level])[] = [
  [100, 'stopped'],
  [70, 'slowed'],
  [40, 'warned'],
];

/** Points for doing `times` as much as usual: none up to twice, 40 at three times, 100 at eight. */
function pointsFor(times: number): number {
  return times <= 2 ? 0 : Math.round(Math.min(120, 40 + (60 * Math.log(times / 3)) / Math.log(8 / 3)));
}

/** Points for so many leaders of the own unit, unless looking into such dossiers is what the account does on many days. */
function pointsForLeaders({ leaders, leaderDays }: RecentUse): number {
  if (leaders === 0 || leaderDays >= HABIT_DAYS) return 0;
  return Math.min(POINTS.leadersMax, POINTS.firstLeader + (leaders - 1) * POINTS.nextLeader);
}

const times = (now: number, usual: number, floor: number) => now / Math.max(usual, floor);

/**
 * Scores what an account did in the last hour.
 * The own habit is the measure once there is one; until then the role's, and without that a floor. Whoever has no habit of the own is warned and never stopped.
 */
export function scoreUse(use: RecentUse, own: Habit, role: Habit): Score {
  const known = own.activeDays >= HABIT_DAYS;
  const usual = known ? own : role.activeDays >= HABIT_DAYS ? role : null;
  const parts: [Reason, number][] = [
    ['many-dossiers', pointsFor(times(use.dossiers, usual?.dossiersAnHour ?? 0, FLOOR_DOSSIERS))],
    ['many-copies', pointsFor(times(use.copies, usual?.copiesAnHour ?? 0, FLOOR_COPIES))],
  ];
  const looks = usual?.looksByHour.reduce((sum, n) => sum + n, 0) ?? 0;
  const isOdd = looks >= ODD_HOUR_LOOKS && (usual?.looksByHour[use.hour] ?? 0) < looks * ODD_HOUR_SHARE_01;
  if (isOdd && use.looks >= ODD_HOUR_LOOKS_NOW) parts.push(['odd-hour', POINTS.oddHour]);
  if (known && use.purposes.some((purpose) => !own.purposes.includes(purpose))) parts.push(['new-purpose', POINTS.newPurpose]);
  parts.push(['own-leaders', pointsForLeaders(use)]);
  const points = parts.reduce((sum, [, n]) => sum + n, 0);
  const level = LEVEL_FROM.find(([from]) => points >= from)?.[1] ?? 'free';
  const reasons = parts.filter(([, n]) => n > 0).map(([reason]) => reason);
  return { points, reasons, level: known || level === 'free' ? level : 'warned' };
}

/** Which of two levels weighs more. */
export const isAbove = (a: Level, b: Level): boolean => LEVELS.indexOf(a) > LEVELS.indexOf(b);
