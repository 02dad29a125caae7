/** A moment of a week on the wall clock. */
export interface WallTime {
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly minuteOfDay: number;
}

/** A part of the day on some days; where it ends no later than it begins, it goes on into the next day. */
interface Period {
  /** Weekdays on which it begins, 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** Minutes of the day, 0 to 1440. */
  readonly beginMinute: number;
  readonly endMinute: number;
  /** Bytes a second; undefined: no limit. */
  readonly bytesPerSecond: number | undefined;
}

/** What a bandwidth limit is when. */
export interface Timetable {
  /** The first that applies counts. */
  readonly periods: readonly Period[];
  /** Where none applies: bytes a second; undefined: no limit. */
  readonly otherwise: number | undefined;
}

/** Bytes a second that may move at this time; undefined: no limit. */
export function rateAt({ periods, otherwise }: Timetable, time: WallTime): number | undefined {
  const period = periods.find((each) => covers(each, time));
  return period === undefined ? otherwise : period.bytesPerSecond;
}

/**
 * The wall clock of the system, or of a time zone of the IANA database. When it is set back, the hour that comes twice counts twice
 * the same; of the hour that is left out nothing counts.
 */
export function wallTimeOf(date: Date, timeZone?: string): WallTime {
  if (timeZone === undefined) return { weekday: date.getDay(), minuteOfDay: date.getHours() * 60 + date.getMinutes() };
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = new Map(format.formatToParts(date).map(({ type, value }) => [type, value]));
  return {
    weekday: weekdayNames.indexOf((parts.get('weekday') ?? '').toLowerCase()),
    minuteOfDay: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}

/** As they are written in a timetable, by their number. */
export const weekdayNames: readonly string[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function covers({ weekdays, beginMinute, endMinute }: Period, { weekday, minuteOfDay }: WallTime): boolean {
  const startedToday = weekdays.has(weekday) && minuteOfDay >= beginMinute;
  if (beginMinute < endMinute) return startedToday && minuteOfDay < endMinute;
  const startedYesterday = weekdays.has((weekday + 6) % 7);
  return startedToday || (startedYesterday && minuteOfDay < endMinute);
}
