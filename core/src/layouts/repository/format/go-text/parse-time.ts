import { damaged } from '../damaged.ts';
import { daysInMonth, daysOfDate } from './civil-date.ts';

/** What Go writes for a time that was never set. */
export const ZERO_TIME = '0001-01-01T00:00:00Z';

const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,64})?(?:Z|[+-]\d\d:\d\d)$/;

/** Nanoseconds since 1970 of a time as RFC 3339 and Go's time.UnmarshalJSON have it. Throws `state-damaged`. */
export function parseTime(text: string): bigint {
  const seconds = parseSeconds(text);
  if (seconds === undefined) throw damaged(`"${text.slice(0, 80)}" is no time.`);
  return BigInt(seconds) * 1_000_000_000n + BigInt(parseFraction(text));
}

/** Whether `parseTime` takes it. */
export function isTime(text: string): boolean {
  return parseSeconds(text) !== undefined;
}

/** Seconds since 1970, without the fraction. */
function parseSeconds(text: string): number | undefined {
  if (!pattern.test(text)) return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const offset = parseOffset(text);
  if (hour > 23 || minute > 59 || second > 59 || offset === undefined) return undefined;
  return daysOfDate(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
}

function parseOffset(text: string): number | undefined {
  if (text.endsWith('Z')) return 0;
  const start = text.length - 6;
  const hours = digits(text, start + 1, 2);
  const minutes = digits(text, start + 4, 2);
  if (hours > 23 || minutes > 59) return undefined;
  return (text[start] === '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

/** Nanoseconds; what is finer is cut off. */
function parseFraction(text: string): number {
  const end = text.endsWith('Z') ? text.length - 1 : text.length - 6;
  return end <= 20 ? 0 : Number(text.slice(20, Math.min(end, 29)).padEnd(9, '0'));
}

function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index++) value = value * 10 + text.charCodeAt(index) - 48;
  return value;
}
