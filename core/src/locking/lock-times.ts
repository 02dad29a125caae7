/** When a lock object is refreshed and when it is nobody's any more, milliseconds. */
export interface LockTimes {
  readonly refreshMs: number;
  /** Since it was last proved, by the holder's clocks: then the holder changes nothing any more. */
  readonly fenceMs: number;
  /** Since it was last written: then another may take it. Far above `fenceMs`, so that a call that was late has ended by then. */
  readonly staleMs: number;
}

export const defaultLockTimes: LockTimes = { refreshMs: 60_000, fenceMs: 300_000, staleMs: 1_200_000 };
