import { usageError } from './usage-error.ts';

/** A span of time by the calendar: a month has as many days as it has. */
export interface CalendarSpan {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly hours: number;
}

const units = { y: 'years', m: 'months', d: 'days', h: 'hours' } as const;

/** A span as restic has it: `1y2m3d4h`, each unit at most once; `m` is months. Throws `usage`, also for one of no time. */
export function parseCalendarSpan(written: string): CalendarSpan {
  const parts = [...written.matchAll(/(\d{1,6})([ymdh])/g)];
  const span = { years: 0, months: 0, days: 0, hours: 0 };
  for (const [, digits, unit] of parts) span[units[unit as keyof typeof units]] += Number(digits);
  const isWhole =
    parts.map(([part]) => part).join('') === written && new Set(parts.map(([, , unit]) => unit)).size === parts.length;
  if (isWhole && Object.values(span).some((count) => count > 0)) return span;
  throw usageError('span of time', written, 'numbers with y, m (months), d or h, for example 1y6m or 14d');
}

/** As it is written: `1y2m3d4h`. */
export function formatCalendarSpan({ years, months, days, hours }: CalendarSpan): string {
  const parts = [`${String(years)}y`, `${String(months)}m`, `${String(days)}d`, `${String(hours)}h`];
  return parts.filter((part) => !part.startsWith('0')).join('');
}
