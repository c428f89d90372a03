import { dayNumber, type HolidayCalendar } from './load-calendar.ts';

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;

const dayText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
/** 1 January 1970 was a Thursday: day 0 is the fourth of its week. */
const isWeekend = (day: number): boolean => (((day + 3) % 7) + 7) % 7 >= 5;

/** Whether a day, by its number, is worked; `null`: the calendar does not know the year, and the weekend alone decides. */
function isWorked(day: number, calendar: HolidayCalendar): { readonly worked: boolean; readonly unknownYear: number | null } {
  const text = dayText(day);
  const year = Number(text.slice(0, 4));
  const known = calendar.years.find((y) => y.year === year);
  if (known?.off.includes(text)) return { worked: false, unknownYear: null };
  if (known?.work.includes(text)) return { worked: true, unknownYear: null };
  return { worked: !isWeekend(day), unknownYear: known ? null : year };
}

/** Whether a day (`2026-11-22`) is worked by a calendar; of a year it does not know, whether it is no weekend. */
export const isWorkingDay = (day: string, calendar: HolidayCalendar): boolean => isWorked(dayNumber(day), calendar).worked;

/** A limit in working days, with what it could not take into account. */
export interface WorkingDayLimit {
  /** The first millisecond of the day behind the last one. */
  readonly endMs: number;
  /** Years of which the calendar says nothing: weekends alone were counted there, so the limit may be shorter than by law, never longer than it says. */
  readonly yearsWithoutCalendar: readonly number[];
}

/**
 * The end of the n-th working day after a moment, on the archive's clock. The day of the moment itself does not count.
 * @param workingDays a whole number ≥ 0
 */
export function endOfWorkingDay(fromMs: number, workingDays: number, utcOffsetMinutes: number, calendar: HolidayCalendar): WorkingDayLimit {
  let day = Math.floor((fromMs + utcOffsetMinutes * MINUTE_MS) / DAY_MS);
  const unknown = new Set<number>();
  for (let left = workingDays; left > 0; ) {
    day++;
    const { worked, unknownYear } = isWorked(day, calendar);
    if (worked) left--;
    if (unknownYear !== null) unknown.add(unknownYear);
  }
  return { endMs: (day + 1) * DAY_MS - utcOffsetMinutes * MINUTE_MS, yearsWithoutCalendar: [...unknown] };
}
