import { type CalendarSpan, formatCalendarSpan } from '../../../../values/parse-calendar-span.ts';
import type { SnapshotFile } from '../../format/documents/snapshot-file.ts';
import { parseTime } from '../../format/go-text/parse-time.ts';
import { hasTags } from './filter-snapshots.ts';
import { type KeepPeriod, keepPeriods, type KeepPolicy } from './keep-policy.ts';
import { nsBefore, periodOf } from './wall-clock.ts';

interface Datable {
  readonly file: Pick<SnapshotFile, 'time' | 'tags'>;
}

/** A snapshot, and why it is kept, in restic's words; no reason: it is to go. */
export interface JudgedSnapshot<Snapshot> {
  readonly snapshot: Snapshot;
  readonly reasons: readonly string[];
}

/** Keeps the newest of each period, as long as its turns last. */
interface Turn {
  readonly reason: string;
  readonly period: KeepPeriod | 'last';
  readonly after: bigint | undefined;
  left: number;
  previous: string | undefined;
}

/**
 * Judges one group of snapshots as restic's `forget` does; the answer has the newest first. Spans count back from the newest one that is not
 * in the future of `now`, nanoseconds since 1970.
 */
export function applyPolicy<Snapshot extends Datable>(
  snapshots: readonly Snapshot[],
  policy: KeepPolicy,
  now: bigint,
): JudgedSnapshot<Snapshot>[] {
  const dated = snapshots.map((snapshot) => ({ snapshot, ns: parseTime(snapshot.file.time) }));
  const sorted = dated.toSorted((a, b) => (a.ns === b.ns ? 0 : a.ns > b.ns ? -1 : 1));
  const latest = sorted.find(({ ns }) => ns < now)?.snapshot.file.time;
  const turns = turnsOf(policy, latest);
  const within = cutOff(latest, policy.within);
  return sorted.map(({ snapshot, ns }, index) => {
    const isOldest = index === sorted.length - 1;
    const reasons = policy.tags.filter((list) => hasTags(snapshot, list)).map((list) => `has tags [${list.join(', ')}]`);
    if (policy.within && within !== undefined && ns > within) reasons.push(`within ${formatCalendarSpan(policy.within)}`);
    for (const turn of turns) {
      const period = turn.period === 'last' ? String(index) : periodOf(snapshot.file.time, turn.period);
      const reason = takeTurn(turn, period, ns, isOldest);
      if (reason !== undefined) reasons.push(reason);
    }
    return { snapshot, reasons };
  });
}

function turnsOf({ last, counts, withinEach }: KeepPolicy, latest: string | undefined): Turn[] {
  const turns: Turn[] = [];
  if (last !== undefined)
    turns.push({ reason: 'last snapshot', period: 'last', after: undefined, left: last, previous: undefined });
  for (const period of keepPeriods) {
    const left = counts[period];
    if (left !== undefined) turns.push({ reason: `${period} snapshot`, period, after: undefined, left, previous: undefined });
  }
  for (const period of keepPeriods) {
    const span = withinEach[period];
    const after = cutOff(latest, span);
    if (span === undefined || after === undefined) continue;
    turns.push({ reason: `${period} within ${formatCalendarSpan(span)}`, period, after, left: Infinity, previous: undefined });
  }
  return turns;
}

/** Everything is younger than no time at all: where all snapshots are in the future, none is lost by that. */
function cutOff(latest: string | undefined, span: CalendarSpan | undefined): bigint | undefined {
  if (span === undefined) return undefined;
  return latest === undefined ? -(2n ** 63n) : nsBefore(latest, span);
}

/** The oldest one takes a turn that is left even if its period has one: there is none from before. */
function takeTurn(turn: Turn, period: string, ns: bigint, isOldest: boolean): string | undefined {
  const isSame = period === turn.previous;
  if (turn.left <= 0 || (turn.after !== undefined && ns <= turn.after) || (isSame && !isOldest)) return undefined;
  turn.previous = period;
  turn.left--;
  return isSame ? `oldest ${turn.reason}` : turn.reason;
}
