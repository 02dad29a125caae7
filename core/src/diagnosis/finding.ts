/** What one check came to. */
export interface Finding {
  /** Stable name, `group.name`. */
  readonly check: string;
  /** `warn`: works, but less well than it could. `fail`: something that a run needs does not work. */
  readonly status: 'ok' | 'warn' | 'fail';
  /** What was seen, for people. */
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, status: 'ok', message };
}

export function warn(check: string, message: string, advice: string): Finding {
  return { check, status: 'warn', message, advice };
}

export function fail(check: string, message: string, advice: string): Finding {
  return { check, status: 'fail', message, advice };
}
