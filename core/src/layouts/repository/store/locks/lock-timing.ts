/** restic's times, milliseconds. Both programs rely on them in each other. */
export const REFRESH_MS = 300_000;
/** So long after its time a lock is nobody's any more. */
export const STALE_MS = 1_800_000;
/** So long after it was last proved its holder does nothing without proving it: early enough before others call it stale. */
export const EXPIRY_MS = STALE_MS - (REFRESH_MS * 3) / 2;
/** Between writing a lock and looking again, so that of two who write at once each sees the other's. */
export const SETTLE_MS = 200;
/** Before a lock that cannot be read is looked at again: it may be in the middle of being written or removed. */
export const UNREADABLE_WAITS_MS = [5_000, 10_000, 20_000] as const;
/** Between two tries to get a lock that somebody else has. */
export const FIRST_RETRY_MS = 5_000;
export const LAST_RETRY_MS = 60_000;
