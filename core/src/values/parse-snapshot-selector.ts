import type { Clock } from '../environment/clock.ts';
import { usageError } from './usage-error.ts';

/** Which version of a location is meant. */
export type SnapshotSelector =
  /** The newest, or so many before it. */
  | { readonly kind: 'latest'; readonly back: number }
  /** The newest that was taken no later. */
  | { readonly kind: 'time'; readonly notAfter: Date }
  /** The one whose id begins so. */
  | { readonly kind: 'id'; readonly prefix: string };

/**
 * Reads a SNAPSHOT: `latest`, `latest~2`, `2026-11-23`, `2026-11-23T10:00[:30][Z|+01:00]`, `today`, `yesterday`, or an id or its
 * beginning. A time means the whole day, minute or second that it names, in this machine's time zone unless it has one. Throws
 * `usage` for what is no time and no id.
 */
export function parseSnapshotSelector(written: string, clock: Pick<Clock, 'now'>): SnapshotSelector {
  const latest = /^latest(?:~(\d{1,9}))?$/.exec(written);
  if (latest !== null) return { kind: 'latest', back: Number(latest[1] ?? 0) };
  if (written === 'today' || written === 'yesterday') {
    const now = clock.now();
    return { kind: 'time', notAfter: endOfDay(now.getFullYear(), now.getMonth(), now.getDate() - (written === 'today' ? 0 : 1)) };
  }
  // Ids may begin like a time (2026-11-23T100000.000Z), but hold no colon and go on after the day.
  if (/^\d{4}-\d{2}-\d{2}($|[T ].*:)/.test(written)) return { kind: 'time', notAfter: parseTime(written) };
  if (!/^[0-9A-Za-z][0-9A-Za-z._-]*$/.test(written)) {
    throw usageError('version', written, 'an id from `holdfast snapshots`, latest, latest~1, or a time such as 2026-11-23T10:00');
  }
  return { kind: 'id', prefix: written };
}

/** The last moment of the day, minute or second that is written. */
function parseTime(written: string): Date {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(written);
  if (match === null) throw notATime(written);
  const [year = 0, month = 0, day = 0, hour, minute = 0, second] = match
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part)));
  const start = new Date(year, month - 1, day);
  const exists = start.getFullYear() === year && start.getMonth() === month - 1 && start.getDate() === day;
  if (!exists || (hour ?? 0) > 23 || minute > 59 || (second ?? 0) > 59) throw notATime(written);
  if (hour === undefined) return endOfDay(year, month - 1, day);
  const moment = new Date(`${written.slice(0, 10)}T${written.slice(11, 16)}:${match[6] ?? '59'}.999${match[7] ?? ''}`);
  if (Number.isNaN(moment.getTime())) throw notATime(written);
  return moment;
}

function endOfDay(year: number, month: number, day: number): Date {
  return new Date(year, month, day, 23, 59, 59, 999);
}

function notATime(written: string): Error {
  return usageError('time', written, 'a day (2026-11-23) or a day with a time (2026-11-23T10:00)');
}
