import type { KeepRule } from '../../../../values/keep-rule.ts';

export type { KeepRule };

const DAY_MS = 86_400_000;

/** What holds when a user says nothing. Any rule given replaces all of these. */
export const defaultKeepRules: readonly KeepRule[] = [
  { kind: 'age', ms: 30 * DAY_MS },
  { kind: 'free-percent', percent: 10 },
];
