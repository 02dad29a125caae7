import type { Clock } from '../environment/clock.ts';

/** A moment by both clocks, milliseconds. The monotonic one of Linux stands still while the machine sleeps, the other may be set. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

export function momentOf(clock: Clock): Moment {
  return { monotonic: clock.monotonicMs(), wall: clock.now().getTime() };
}

/** Milliseconds since a moment, by the clock that says more. */
export function elapsedMs(since: Moment, clock: Clock): number {
  const now = momentOf(clock);
  return Math.max(now.monotonic - since.monotonic, now.wall - since.wall);
}
