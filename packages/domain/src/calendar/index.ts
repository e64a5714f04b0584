export type { CalendarDate } from './calendar-date.ts';
