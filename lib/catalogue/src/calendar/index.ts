export { type CalendarYear, type HolidayCalendar, loadCalendar } from './load-calendar.ts';
export { endOfWorkingDay, isWorkingDay, type WorkingDayLimit } from './working-days.ts';
