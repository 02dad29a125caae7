import { HoldfastError } from '../errors/holdfast-error.ts';
import { type Timetable, weekdayNames } from './timetable.ts';
import { parseRate } from './parse-size.ts';

/**
 * A bandwidth limit as a user writes it: a rate, or periods with a rate each, the first that applies counts.
 *
 *     2MiB/s
 *     08:00-18:00=2MiB/s, else off
 *     mon-fri 08:00-18:00=2MiB/s, fri 22:00-06:00=off, sat+sun=20MiB/s, else 10MiB/s
 *
 * Rates are as `parseRate` reads them, or `off` for no limit, which also holds where no period applies and no `else` is given. A period that ends no later than it begins goes on into the next day. Times are
 * those of the system's clock on the wall. Throws `usage`.
 */
export function parseBandwidth(text: string): Timetable {
  const parts = text.split(',').map((part) => part.trim().toLowerCase());
  const last = parts.at(-1) ?? '';
  const otherwise = /^(?:else\s+)?([^=\s]+)$/.exec(last)?.[1];
  if (parts.length > 1 && otherwise === last)
    throw wrong(text, `"${last}" has no period; write "else ${last}" for the rest of the time`);
  const periods = otherwise === undefined ? parts : parts.slice(0, -1);
  return {
    periods: periods.map((part) => parsePeriod(part, text)),
    otherwise: otherwise === undefined ? undefined : parseLimit(otherwise),
  };
}

function parsePeriod(part: string, text: string): Timetable['periods'][number] {
  const [when = '', rate, ...more] = part.split('=').map((each) => each.trim());
  const match = /^(?:([a-z+-]+)\s*)?(?:(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2}))?$/.exec(when);
  if (rate === undefined || more.length > 0 || when === '' || match === null)
    throw wrong(text, `"${part}" is not a period with a rate, such as "08:00-18:00=2MiB/s"`);
  const [, days, beginHour = '0', beginMinute = '0', endHour = '24', endMinute = '0'] = match;
  const period = {
    weekdays: days === undefined ? everyDay : parseDays(days, text),
    beginMinute: parseTime(beginHour, beginMinute, text),
    endMinute: parseTime(endHour, endMinute, text),
    bytesPerSecond: parseLimit(rate),
  };
  if (period.beginMinute === period.endMinute)
    throw wrong(text, `"${when}" begins and ends at the same time; leave the times out for the whole day`);
  return period;
}

const everyDay: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 6]);

/** `mon`, `mon-fri`, `sat+sun`, `fri-mon`. */
function parseDays(text: string, whole: string): ReadonlySet<number> {
  const days = new Set<number>();
  for (const range of text.split('+')) {
    const [first, last = first, ...more] = range.split('-').map((name) => weekdayNames.indexOf(name));
    if (first === undefined || last === undefined || first < 0 || last < 0 || more.length > 0) {
      throw wrong(whole, `"${range}" is not a weekday or a range of them, such as "mon-fri"`);
    }
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === last) break;
    }
  }
  return days;
}

function parseTime(hour: string, minute: string, text: string): number {
  const minuteOfDay = Number(hour) * 60 + Number(minute);
  if (Number(minute) > 59 || minuteOfDay > 24 * 60) throw wrong(text, `"${hour}:${minute}" is no time of day`);
  return minuteOfDay;
}

/** `off` is no limit. */
function parseLimit(rate: string): number | undefined {
  return rate === 'off' ? undefined : Number(parseRate(rate));
}

function wrong(text: string, why: string): HoldfastError {
  return new HoldfastError('usage', `The bandwidth limit "${text}" cannot be understood: ${why}.`);
}
