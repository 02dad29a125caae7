import { HoldfastError } from '@holdfast/core';

/** A moment as ISO 8601 has it, in this machine's time zone unless it says which: `2026-11-23`, `2026-11-23T10:00`, `2026-11-23 10:00:30`. */
export function parseMoment(written: string): Date {
  const text = /^\d{4}-\d\d-\d\d$/.test(written) ? `${written}T00:00` : written.replace(' ', 'T');
  const moment = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) || Number.isNaN(moment.getTime()))
    throw new HoldfastError('usage', `"${written}" is no time.`, {
      hint: 'Write it as 2026-11-23T10:00 or 2026-11-23T10:00:30Z.',
    });
  return moment;
}
