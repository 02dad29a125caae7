import type { CalendarSpan } from '../../../../values/parse-calendar-span.ts';
import { parseTime } from '../../format/go-text/parse-time.ts';
import type { KeepPeriod } from './keep-policy.ts';

const WEEK_MS = 7 * 86_400_000;

/** What tells the hour, day … of a time from every other, by the clock of where the snapshot was made. Weeks are those of ISO 8601. */
export function periodOf(time: string, period: KeepPeriod): string {
  if (period === 'weekly') {
    // 1970 began on a Thursday, so that day 4 was a Monday.
    const week = Math.floor((wallMs(time) + 3 * 86_400_000) / WEEK_MS);
    return String(week);
  }
  return time.slice(0, { hourly: 13, daily: 10, monthly: 7, yearly: 4 }[period]);
}

/** Nanoseconds since 1970 of the moment that lies `span` before `time`, by the calendar of where that was made. */
export function nsBefore(time: string, { years, months, days, hours }: CalendarSpan): bigint {
  const from = wallMs(time);
  const wall = new Date(from);
  wall.setUTCFullYear(wall.getUTCFullYear() - years, wall.getUTCMonth() - months, wall.getUTCDate() - days);
  return parseTime(time) - BigInt(from - wall.getTime() + hours * 3_600_000) * 1_000_000n;
}

/** What the clock showed, as if it were that of UTC; whole seconds. */
function wallMs(time: string): number {
  return Date.parse(`${time.slice(0, 19)}Z`);
}
