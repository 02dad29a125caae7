/** How much the checks do. */
export interface ConformanceLimits {
  /** Keys of a long listing, and entries of a long scan. */
  readonly manyKeys: number;
  readonly manyEntries: number;
  /** Writes at once. */
  readonly concurrentWrites: number;
  /** Rounds of checks that look for races. */
  readonly rounds: number;
  /** Size of a large object, bytes. */
  readonly hugeBytes: number;
  /** Write a sparse object of more than 4 GiB. Leave out where a hole takes space. */
  readonly beyond4Gib: boolean;
  /** Random sequences, and operations of each. */
  readonly sequences: number;
  readonly sequenceLength: number;
  /** Time for one check, milliseconds. */
  readonly timeoutMs: number;
}

/** For a plugin's tests. */
export const defaultLimits: ConformanceLimits = {
  manyKeys: 2500,
  manyEntries: 1200,
  concurrentWrites: 128,
  rounds: 40,
  hugeBytes: 48 << 20,
  beyond4Gib: true,
  sequences: 12,
  sequenceLength: 60,
  timeoutMs: 60_000,
};

/** For a user's storage, which may be far away and cost money for each call. */
export const gentleLimits: ConformanceLimits = {
  ...defaultLimits,
  manyKeys: 1200,
  manyEntries: 1100,
  rounds: 8,
  hugeBytes: 12 << 20,
  beyond4Gib: false,
  sequences: 2,
  sequenceLength: 30,
  timeoutMs: 300_000,
};
