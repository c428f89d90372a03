const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;

/**
 * The end of the n-th working day after a moment: the first millisecond of the day behind it, on the archive's clock.
 * Saturdays and Sundays do not count. Public holidays are not known here, so a day that falls on one makes the limit shorter, never longer.
 */
export function endOfWorkingDay(fromMs: number, workingDays: number, utcOffsetMinutes: number): number {
  let day = Math.floor((fromMs + utcOffsetMinutes * MINUTE_MS) / DAY_MS);
  // 1 January 1970 was a Thursday: day 0 is the fourth of its week.
  for (let left = workingDays; left > 0; ) {
    day++;
    if ((((day + 3) % 7) + 7) % 7 < 5) left--;
  }
  return (day + 1) * DAY_MS - utcOffsetMinutes * MINUTE_MS;
}
