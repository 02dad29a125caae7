import type { CalendarSpan } from '../../../../values/parse-calendar-span.ts';

/** The spans of time of which a snapshot each is kept. */
export const keepPeriods = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;

export type KeepPeriod = (typeof keepPeriods)[number];

/** Which snapshots of a group to keep, as restic's `forget` has it. A snapshot stays if one of these keeps it. */
export interface KeepPolicy {
  /** So many of the newest. */
  readonly last?: number;
  /** The newest of each of the last so many hours, days … that have one. */
  readonly counts: Readonly<Partial<Record<KeepPeriod, number>>>;
  /** All that are younger than this, counted from the newest one. */
  readonly within?: CalendarSpan;
  /** Of those that are younger than this the newest of each hour, day … */
  readonly withinEach: Readonly<Partial<Record<KeepPeriod, CalendarSpan>>>;
  /** Those that have all tags of one of these lists; an empty tag stands for none at all. */
  readonly tags: readonly (readonly string[])[];
}

/** Whether it keeps nothing at all. */
export function isEmptyPolicy({ last, counts, within, withinEach, tags }: KeepPolicy): boolean {
  const isPlain = last === undefined && within === undefined && tags.length === 0;
  return isPlain && Object.keys(counts).length + Object.keys(withinEach).length === 0;
}
